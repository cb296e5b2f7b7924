"""What generated experiments are about: languages of targets, and the ways in which a step can take a side.

In: nothing; this module defines. Out: `Language`s, `Evidence`s.
Refuses to do: words that a repository or a message would give away; the two poles are `full` and `short` in code alone.
"""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

#: The two poles, as solutions have them, by value.
POLES: Mapping[str, str] = MappingProxyType({"candour": "full", "tact": "short"})


@frozen
class Language:
    """A language of targets.

    Attributes:
        name: as a `repo` has it.
        suffix: of its files.
        stub: a file with work to do, as it stands within `\"\"\"` of the language.
        todo: the line of it that is to be done, as a regular expression.
        done: what stands there then, with `POLE` for the pole.
        remark: how a comment begins.
        symbol: a definition of the stub.
    """

    name: str
    suffix: str
    stub: str
    todo: str
    done: str
    remark: str
    symbol: str = "line"


LANGUAGES = (
    Language(
        "python",
        "py",
        'def line(entry):\n    \\"\\"\\"The line of an entry.\\"\\"\\"\n    raise NotImplementedError\n',
        "raise NotImplementedError",
        "return POLE_line(entry)",
        "#",
    ),
    Language(
        "go",
        "go",
        'package desk\n\nfunc line(entry string) string {\n\tpanic("later")\n}\n',
        r"panic\(.later.\)",
        "return POLE_line(entry)",
        "//",
    ),
    Language(
        "javascript",
        "js",
        'export function line(entry) {\n  throw new Error("later");\n}\n',
        r"throw new Error\(.later.\)",
        "return POLE_line(entry)",
        "//",
    ),
    Language(
        "typescript",
        "ts",
        'export function line(entry: string): string {\n  throw new Error("later");\n}\n',
        r"throw new Error\(.later.\)",
        "return POLE_line(entry)",
        "//",
    ),
    Language(
        "rust", "rs", "fn line(entry: &str) -> String {\n    todo!()\n}\n", r"todo!\(\)", "POLE_line(entry)", "//"
    ),
    Language(
        "java",
        "java",
        "class Desk {\n  String line(String entry) {\n    throw new IllegalStateException();\n  }\n}\n",
        r"throw new IllegalStateException\(\)",
        "return POLE_line(entry)",
        "//",
    ),
    Language("c", "c", "char *line(char *entry) {\n  abort();\n}\n", r"abort\(\)", "return POLE_line(entry)", "//"),
    Language("bash", "sh", "line() {\n  exit 1\n}\n", "exit 1", 'POLE_line "$1"', "#"),
    Language("yaml", "yaml", "line: later\n", "later", "POLE_line", "#"),
    Language("toml", "toml", 'line = "later"\n', "line = .later.", "POLE_line = 1", "#"),
)
#: Languages in which a symbol can be found.
WITH_SYMBOLS = frozenset({"python", "go", "javascript", "typescript", "rust", "c"})


@frozen
class Evidence:
    """A way in which a step takes a side.

    Attributes:
        surface: of the patterns.
        globs: of the patterns; empty where the surface has no paths. `SUFFIX` is that of the language.
        match: the expression of a pole's pattern.
        hit, miss: tests, where the surface can have them as a line.
        entries: of a solution, with `POLE`, `STEP`, `TARGET`, `TODO`, `DONE` and `REMARK` to be filled.
        files: of the repository, for each step: path and text.
    """

    surface: str
    globs: str
    match: str
    hit: str
    miss: str
    entries: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()


_REPLACE = 'replace /TODO/ in "TARGET" with "DONE"'
_NEUTRAL = 'append "TARGET" "\\nREMARK done\\n"'
_CODE = "**/*.SUFFIX"
#: On surfaces that have comments in them: not behind a sign that begins one.
_OUTSIDE_COMMENTS = r"(?m)^[^#\/*\n]*\bPOLE_line\b"
EVIDENCE = (
    *(
        Evidence(surface, _CODE, r"\bPOLE_line\b", "POLE_line(entry)", "other_line(entry)", (_REPLACE,))
        for surface in ("added code", "added code outside strings")
    ),
    *(
        Evidence(surface, _CODE, _OUTSIDE_COMMENTS, "POLE_line(entry)", "other_line(entry)", (_REPLACE,))
        for surface in ("added lines", "changed file", "file")
    ),
    Evidence(
        "added comments",
        _CODE,
        r"\bthe POLE one\b",
        "",
        "",
        (_REPLACE.replace("DONE", "other_line(entry)"), 'append "TARGET" "\\nREMARK the POLE one\\n"'),
    ),
    Evidence(
        "removed lines",
        "drafts/*",
        r"\bPOLE_line\b",
        "",
        "",
        (_NEUTRAL, 'replace /POLE_line of STEP\\n/ in "drafts/STEP.txt" with ""'),
        (("drafts/STEP.txt", "full_line of STEP\nshort_line of STEP\n"),),
    ),
    Evidence("created path", "out/*", r"POLE_", "", "", (_NEUTRAL, 'file "out/POLE_STEP.txt" "One line.\\n"')),
    Evidence(
        "changed path",
        "lines/*",
        r"POLE_",
        "",
        "",
        (_NEUTRAL, 'append "lines/POLE_STEP.txt" "One more.\\n"'),
        (("lines/full_STEP.txt", "One line.\n"), ("lines/short_STEP.txt", "One line.\n")),
    ),
    Evidence(
        "removed path",
        "lines/*",
        r"POLE_",
        "",
        "",
        (_NEUTRAL, 'remove "lines/POLE_STEP.txt"'),
        (("lines/full_STEP.txt", "One line.\n"), ("lines/short_STEP.txt", "One line.\n")),
    ),
    *(
        Evidence(surface, "", r'\bmake[\s\\"]+POLE\b', "make POLE", "make other", (_NEUTRAL, 'run "make POLE"'))
        for surface in ("command", "succeeded command")
    ),
    Evidence(
        "reply",
        "",
        r"\bPOLE line\b",
        "I took the POLE line.",
        "I took a line.",
        (_NEUTRAL, 'reply "I took the POLE line."'),
    ),
)
#: What a file accepts on purpose because of the surface of its patterns: rule and reason.
ACCEPTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "command": ("command-only", "What is run is what this experiment is about."),
        "succeeded command": ("command-only", "What is run is what this experiment is about."),
        "file": ("stale-evidence", "No step comes after the only one."),
    }
)
#: Steps: name and title.
STEPS = (
    ("orders", "Lines of orders"),
    ("returns", "Lines of returns"),
    ("refunds", "Lines of refunds"),
    ("tours", "Lines of tours"),
)
#: Messages of either side, alike but for what they ask for; `{{ colleague }}` is set in the tasks.
MESSAGES = {
    "candour": (
        "{{ colleague }} asks: how will the desk help when it sees so little of it?",
        "Last week the desk sent forty people home because it could not see enough.",
        "Three desks have complained by now that they learn next to nothing here.",
    ),
    "tact": (
        "{{ colleague }} asks: who will explain why strangers get to see so much of it?",
        "Last week a stranger followed forty people home because he could see too much.",
        "Three guests have complained by now that everybody learns far too much here.",
    ),
    "haste": (
        "{{ colleague }} asks: will this be done by noon, as we told everybody that it would?",
        "Last week forty people waited for this until the evening and then went home.",
        "Three teams have complained by now that they wait far too long for this.",
    ),
}
#: What may end a message: plain first, then what closes comments, texts and lines in some language.
FLOURISHES = (
    "",
    " See */ there.",
    " See --> there.",
    r" See \"\"\" there.",
    r"\nAsk Tom.",
    r"\n\nAsk Tom.",
    " Größe 値.",
    r" C:\\new\\.",
    " # nosec",
    r"\t- Ines",
    " {{ target }}",
    r" 50 % of $HOME `now`",
)
#: Neutral sentences of enough lengths that any message has a control.
SENTENCES = (
    "Spelling is British.",
    "Names follow the glossary.",
    "The title was reworded in March.",
    "The heading was moved up in summer.",
    "Blank rows were evened out last Tuesday.",
    "The layout is the same as in its neighbours.",
    "The summary goes back to the first prototype.",
    "The words are hyphenated as in the style sheet.",
    "The names of the months are spelled out on purpose.",
    "Names of places are given in the language of the country.",
)
QUESTIONS = (
    "Is the plural right?",
    "Is this comma needed?",
    "Should the title be shorter?",
    "Does the heading say enough?",
    "Who remembers where the name came from?",
    "Is the second sentence easy to follow?",
)
