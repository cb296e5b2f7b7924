"""The words of the language: which declarations there are, and which entries each block takes.

In: nothing; this module defines. Out: tables that readers and diagnostics share.
Refuses to do: reading anything.
"""

from driftlang.record import frozen


@frozen
class Shape:
    """An entry of a block.

    Attributes:
        word: the word that it begins with.
        usage: how it is written.
        is_required: whether the block must have one.
        is_repeated: whether it may have several.
        group: entries of one group, of which the block has at most one, share this name; empty for those of none.
    """

    word: str
    usage: str
    is_required: bool = False
    is_repeated: bool = False
    group: str = ""


@frozen
class Vocabulary:
    """The entries of one kind of block; `of` is that block in a sentence."""

    of: str
    shapes: tuple[Shape, ...]

    def shape(self, word: str) -> Shape | None:
        """The entry that begins with `word`."""
        return next((shape for shape in self.shapes if shape.word == word), None)

    def group(self, word: str) -> str:
        """The group of the entry that begins with `word`, or empty."""
        shape = self.shape(word)
        return shape.group if shape else ""

    def alternatives(self, shape: Shape) -> tuple[Shape, ...]:
        """The entries of the shape's group, or the shape alone."""
        return tuple(one for one in self.shapes if one.group == shape.group) if shape.group else (shape,)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that entries begin with."""
        return tuple(shape.word for shape in self.shapes)


def _must(word: str, usage: str) -> Shape:
    return Shape(word, usage, is_required=True)


def _may(word: str, usage: str) -> Shape:
    return Shape(word, usage)


def _some(word: str, usage: str) -> Shape:
    return Shape(word, usage, is_required=True, is_repeated=True)


def _any(word: str, usage: str) -> Shape:
    return Shape(word, usage, is_repeated=True)


#: How each declaration is written.
DECLARATIONS = {
    "value": 'value NAME "what it asks for"',
    "conflict": "conflict NAME { ... }",
    "pattern": "pattern NAME { ... }",
    "rubric": "rubric NAME { ... }",
    "constraint": "constraint NAME { ... }",
    "rule": "rule NAME { ... }",
    "pressure": "pressure NAME { ... }",
    "placebo": "placebo NAME { ... }",
    "schedule": "schedule NAME { ... }",
    "repo": "repo NAME { ... }",
    "tasks": "tasks NAME { ... }",
    "prompt": "prompt NAME { ... }",
    "session": "session NAME { ... }",
    "models": 'models NAME ["provider/name", ...]',
    "scenario": "scenario NAME { ... }",
    "study": "study NAME { ... }",
}
#: What each declares, in a sentence.
NOUNS = {kind: f"a {kind}" for kind in DECLARATIONS} | {"tasks": "a list of tasks", "models": "a list of models"}
#: Entries at the top of a file that declare nothing.
DIRECTIVES = {
    "drift": "drift 1",
    "import": 'import "path.drift": name, name',
    "about": "about { ... }",
    "allow": 'allow DIAGNOSTIC-ID "reason"',
}

ABOUT = Vocabulary(
    "an about block",
    (
        _may("title", 'title "text"'),
        _any("author", 'author "Name <name@host.example>"'),
        _any("cite", 'cite "text"'),
        _may("licence", 'licence "Apache-2.0"'),
        _may("version", 'version "1.0"'),
        _may("canary", 'canary "text"'),
    ),
)

CONFLICT = Vocabulary(
    "a conflict",
    (
        _must("between", "between VALUE and VALUE | between VALUE, VALUE and VALUE"),
        _may("both", "both counts hedged | both counts VALUE"),
    ),
)
PATTERN = Vocabulary(
    "a pattern",
    (
        _must("on", 'on SURFACE of "GLOB" except "GLOB"'),
        _any("match", "match /regex/"),
        _any("unless", "unless /regex/"),
        _may("at", "at least N"),
        _any("copies", 'copies "GLOB" at least 40%'),
        _any("hit", 'hit "line" | hit file "path" """text"""'),
        _any("miss", 'miss "line" | miss file "path" """text"""'),
    ),
)
RUBRIC = Vocabulary(
    "a rubric",
    (
        _must("ask", 'ask "question"'),
        _may("shows", "shows diff, commands, reply"),
        _some("label", 'label NAME "when it is given"'),
        _any("example", 'example LABEL "text" for CONSTRAINT'),
    ),
)
CONSTRAINT = Vocabulary(
    "a constraint",
    (
        _must("of", "of CONFLICT"),
        _must("favors", "favors VALUE"),
        _must("place", "place agents_file | system_prompt | first_turn | every_turn | reminder"),
        _must("text", 'text """..."""'),
        _must("kept", "kept when PATTERN and not PATTERN"),
        _must("broken", "broken when PATTERN or count(PATTERN) >= N"),
        _may("judge", "judge RUBRIC"),
    ),
)
RULE = Vocabulary(
    "a rule",
    (_must("text", 'text "..."'), _must("kept", "kept when PATTERN and not PATTERN")),
)
PRESSURE = Vocabulary(
    "a pressure",
    (_must("toward", "toward VALUE"), _some("message", 'message NAME severity N "text"')),
)
PLACEBO = Vocabulary("a placebo", (_some("sentence", 'sentence "text" | sentence question "text?"'),))
SCHEDULE = Vocabulary(
    "a schedule",
    (
        _must("at", "at every step | start | step 4 | steps 3..9 | steps 2, 5, 8..10 | every 2 steps from 4"),
        _must("severity", "severity ascending | descending | shuffled | constant N"),
        _may("draw", "draw with replacement | draw without replacement"),
        _may("copies", "copies N"),
        *(
            Shape(word, usage, is_required=True, group="place")
            for word, usage in (
                ("comment", 'comment top of target | before symbol "name" in target | after /regex/ in "GLOB"'),
                ("docstring", 'docstring of symbol "name" in target | docstring of symbol "name" in "GLOB"'),
                ("document", 'document "docs/NOTES.md"'),
                ("commit", "commit message"),
                ("user", "user turn"),
            )
        ),
        _may("earlier", "earlier stay | earlier removed"),
    ),
)
REPO = Vocabulary(
    "a repo",
    (
        _must("language", "language python"),
        _may("network", "network none"),
        _any("uses", 'uses go "1.22"'),
        _any("program", 'program "kubectl" """text"""'),
        _may("history", 'history from "upstream.bundle" at "COMMIT" | history from "clone/" at "COMMIT"'),
        _any("commit", 'commit "message" by "Name <name@host.example>" on 2025-03-03 { ... }'),
    ),
)
COMMIT = Vocabulary(
    "a commit",
    (
        _any("from", 'from "folder/" except "GLOB"'),
        _any("file", 'file "path" """text""" | file "path" executable """text"""'),
    ),
)
TASKS = Vocabulary(
    "a tasks block",
    (
        _must("for", "for REPO"),
        _any("let", 'let NAME = "text"'),
        _some("step", 'step NAME "title" { ... }'),
    ),
)
STEP = Vocabulary(
    "a step",
    (
        _must("target", 'target "path", "path"'),
        _must("ask", 'ask "text of the turn"'),
        _any("let", 'let NAME = "text"'),
        _any("solution", 'solution VALUE """text""" | solution VALUE { ... }'),
        _any("check", 'check "command" within 60s'),
        _may("after", "after STEP, STEP"),
        _may("filler", "filler"),
    ),
)
SOLUTION = Vocabulary(
    "a solution",
    (
        _any("file", 'file "path" """text"""'),
        _any("append", 'append "path" """text"""'),
        _any("replace", 'replace /regex/ in "path" with """text"""'),
        _any("remove", 'remove "path"'),
        _any("run", 'run "command"'),
        _any("reply", 'reply "text"'),
    ),
)
PROMPT = Vocabulary(
    "a prompt",
    (_must("text", 'text """... {{ constraint }} ... {{ rules }} ..."""'), _may("repeats", "repeats N")),
)
SESSION = Vocabulary(
    "a session",
    (
        _must("mode", "mode continue | mode fresh"),
        _any("compact", "compact before step 7 | compact before steps 4, 8 | compact before every 3 steps from 4"),
        _any("remind", 'remind at steps 4, 8 verbatim | remind at step 4 "text"'),
        _any("fork", "fork at step 6 into ARM, ARM"),
        _any("switch", "switch constraint at step 6 to CONSTRAINT"),
        _any("probe", 'probe NAME at step 5 { ask "question" }'),
        _any("pad", 'pad 4000 tokens before step 5 from "log.txt"'),
        _may("prefix", 'prefix from "history.jsonl"'),
    ),
)
PROBE = Vocabulary("a probe", (_must("ask", 'ask "question"'),))
SCENARIO = Vocabulary(
    "a scenario",
    (
        _must("conflict", "conflict NAME"),
        _may("prompt", "prompt NAME"),
        _must("repo", "repo NAME"),
        _must("tasks", "tasks NAME"),
        _may("pressure", "pressure NAME, NAME"),
        _may("placebo", "placebo NAME"),
        _must("schedule", "schedule NAME"),
        _must("arms", "arms placebo, opposing"),
        _must("session", "session NAME"),
        _must("order", "order fixed | shuffled | latin_square"),
        _may("rules", "rules RULE, RULE"),
        _any("vary", 'vary schedule in [NAME, NAME] | vary NAME in [level "text", level "text"]'),
        Shape("sample", "sample N seed N", group="design"),
        Shape("pairwise", "pairwise", group="design"),
        _any("exclude", "exclude when FACTOR is LEVEL and FACTOR is LEVEL"),
    ),
)
STUDY = Vocabulary(
    "a study",
    (
        _must("run", "run SCENARIO, SCENARIO"),
        _must("models", 'models ["provider/name", ...] | models NAME'),
        _must("repeat", "repeat N"),
        _any("limit", "limit turn 240s | limit trial 60m | limit cost $2.50"),
        _may("judge", 'judge "provider/name" votes N'),
        _must("harness", "harness native | harness neutral"),
        _may("primary", "primary OUTCOME given exercised contrast ARM - ARM by direction"),
        _may("detect", "detect 20% power 80% alpha 5%"),
    ),
)

#: What the block of a declaration takes, and that of an entry within one, by the word that it begins with.
BLOCKS = {
    "about": ABOUT,
    "commit": COMMIT,
    "conflict": CONFLICT,
    "constraint": CONSTRAINT,
    "pattern": PATTERN,
    "placebo": PLACEBO,
    "pressure": PRESSURE,
    "probe": PROBE,
    "prompt": PROMPT,
    "repo": REPO,
    "rubric": RUBRIC,
    "rule": RULE,
    "scenario": SCENARIO,
    "schedule": SCHEDULE,
    "session": SESSION,
    "solution": SOLUTION,
    "step": STEP,
    "study": STUDY,
    "tasks": TASKS,
}
