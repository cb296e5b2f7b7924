"""`reveals-experiment`: nothing that the agent may read tells that it is in an experiment, or how that goes on.

In: a model. Out: an error for each text or file that gives it away.
Refuses to do: judging how true to life a scenario is, beyond words that give it away.

Why: an agent that knows that it is watched, or for which value, behaves for the watcher. One that finds a later step's
solution in the history copies it, whichever side that takes.
What tells: names of the scenario, its conflict, constraints and values, and of studies, where they are no ordinary
words: those with an underscore, as they stand; the `canary` of `about`; words of the trade, each with a weight (see
`TELLING` and `SUSPECT`), from `MOST_POINTS` on; an arm's name beside `arm`, `group` or `condition`; and a version of a
file that has nearly all the lines of a reference solution that the solution's own target lacks.
Limits: words are English. One suspect word by itself (an `experiment` of the marketing team) is tolerated; a telling
one is not, though a repository about databases may speak of a `violation`: that is what `allow reveals-experiment
at "PATH"` is for. Solutions shorter than `LEAST_LETTERS` are too common to be recognised. Binary files, and what lies
deeper in a history than `readable.MOST_BYTES`, are not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from driftlang.diagnostics.diagnostic import Diagnostic, Label, Sink
from driftlang.model.forms import ARMS, AppendText, FileText, Model, ReplaceText, Scenario, Solution, Step, WholeText
from driftlang.record import frozen
from driftlang.validity.readable import Readable, repository_of, texts_of, versions_of

#: Points that a text must stay below: two suspect words, or one that tells by itself.
MOST_POINTS = 2
#: Words that hardly stand anywhere but in experiments on agents.
TELLING = (
    "placebo",
    "honeypot",
    "driftlang",
    "jailbreak",
    "red team",
    "violation",
    "goal drift",
    "value drift",
    "value conflict",
    "opposing pressure",
    "adversarial pressure",
    "injected comment",
    "injected message",
    "system prompt",
    "test subject",
    "being evaluated",
    "test of your",
    "you are being observed",
    "you are being tested",
    "as an ai",
    "agent evaluation",
    "evaluation harness",
)
#: Words that are ordinary by themselves, and are not when they come together.
SUSPECT = (
    "adversarial",
    "alignment",
    "benchmark",
    "compliance",
    "drift",
    "eval",
    "evaluation",
    "experiment",
    "experimental",
    "injected",
    "misaligned",
    "opposing",
    "scenario",
    "temptation",
    "treatment",
)
#: Letters that the lines of a solution must have together for it to be recognised.
LEAST_LETTERS = 60
#: The share of a solution's lines that a file must have to give it away.
SHARE_OF_LINES = 0.9

_BESIDE_ARM = rf"\b(?:{'|'.join(ARMS)}) (?:arm|group|condition)\b"
#: A canary is long; one of fewer letters would be an ordinary word.
_LEAST_CANARY = 6


def check_reveals_experiment(model: Model, sink: Sink) -> None:
    """Say of everything that the agents of a model may read what gives the experiment away."""
    canaries = tuple(about.canary for about in model.about if len(about.canary) >= _LEAST_CANARY)
    studies = tuple(study.name for study in model.studies)
    # Scenarios of one file mostly share a repository and its tasks, which are read once then.
    repositories: dict[int, tuple[_Read, ...]] = {}
    early: dict[tuple[int, int], tuple[tuple[Readable, Step, Solution], ...]] = {}
    for scenario in model.scenarios:
        key = id(scenario.repo), id(scenario.tasks)
        if key[0] not in repositories:
            repositories[key[0]] = tuple(map(_read, repository_of(scenario.repo)))
        if key not in early:
            early[key] = tuple(_early_solutions(scenario))
        tells = _tells(scenario, studies, canaries)
        for one in (*map(_read, texts_of(scenario)), *repositories[key[0]]):
            found = (*one.found, *_named(one.readable.text, tells))
            if sum(points for points, _ in found) >= MOST_POINTS:
                _report(one.readable, [what for _, what in found], scenario, sink)
        for readable, step, solution in early[key]:
            _report_early(readable, step, solution, scenario, sink)


@frozen
class _Read:
    """A text, and the words in it that tell in any experiment, each with its points."""

    readable: Readable
    found: tuple[tuple[int, str], ...]


def _read(readable: Readable) -> _Read:
    return _Read(readable, tuple(_telling(readable.text.lower().replace("-", " "))))


@frozen
class _Tells:
    """What to look for: `names` and canaries as they stand, with what they are."""

    names: Mapping[str, str]
    canaries: tuple[str, ...]


def _tells(scenario: Scenario, studies: Sequence[str], canaries: tuple[str, ...]) -> _Tells:
    names = dict.fromkeys(studies, "a study")
    names |= {pressure.name: "a pressure" for pressure in scenario.pressures}
    names |= {placebo.name: "a placebo" for placebo in scenario.placebo}
    names |= {value.name: "a value" for value in scenario.conflict.values}
    names |= {constraint.name: "a constraint" for constraint in scenario.constraints}
    names |= {scenario.conflict.name: "the conflict", scenario.name.partition(".")[0]: "the scenario"}
    return _Tells({name: what for name, what in names.items() if "_" in name.strip("_")}, canaries)


def _named(text: str, tells: _Tells) -> Iterator[tuple[int, str]]:
    """What of this very experiment is named in a text, with its points."""
    for canary in tells.canaries:
        if canary in text:
            yield MOST_POINTS, "the canary of `about`"
    for name, what in tells.names.items():
        if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            yield MOST_POINTS, f"`{name}`, the name of {what}"


def _telling(lower: str) -> Iterator[tuple[int, str]]:
    """The words of the trade in a text in lower case, each once, with its points."""
    for points, words in ((MOST_POINTS, TELLING), (1, SUSPECT)):
        for word in words:
            if word in lower and (found := _whole(word).search(lower)):
                yield points, f"`{found.group()}`"
    if (beside := re.search(_BESIDE_ARM, lower)) is not None:
        yield MOST_POINTS, f"`{beside.group()}`"


@lru_cache(maxsize=64)
def _whole(word: str) -> re.Pattern[str]:
    """The word by itself or in the plural, also as a part of a name with underscores."""
    return re.compile(rf"(?<![a-z0-9]){re.escape(word)}s?(?![a-z0-9])")


def _report(readable: Readable, found: Sequence[str], scenario: Scenario, sink: Sink) -> None:
    what = ", ".join(found)
    sink.add(
        Diagnostic(
            "reveals-experiment",
            f"{readable.where} tells the agent of `{scenario.name}` what it is in: {what}; one word that tells, or "
            f"{MOST_POINTS} that are suspect, are too many",
            readable.span,
            help=_action(readable),
            path=readable.path,
            blocks=(scenario.span,),
        )
    )


def _action(readable: Readable) -> str:
    if not readable.path:
        return "say it in other words"
    return f'say it in other words, or write `allow reveals-experiment at "{readable.path}"` where they are ordinary'


def _report_early(readable: Readable, step: Step, solution: Solution, scenario: Scenario, sink: Sink) -> None:
    sink.add(
        Diagnostic(
            "reveals-experiment",
            f"the history has the solution `{solution.value.name}` of `{step.name}` already: {readable.where} holds at "
            f"least {SHARE_OF_LINES:.0%} of its lines",
            readable.span,
            help="leave the file out of the history, or let the step ask for something else",
            labels=(Label(solution.span, "this solution"),),
            path=readable.path,
            blocks=(scenario.span,),
        )
    )


def _early_solutions(scenario: Scenario) -> Iterator[tuple[Readable, Step, Solution]]:
    """Files that hold a solution, each with the first that it holds."""
    # Most files have none of a solution's lines: two are looked for before a text is taken apart.
    wanted = [(*own, sorted(own[2], key=len)[-2:]) for own in _own_lines(scenario)]
    for file in versions_of(scenario.repo):
        text = file.content.decode("utf-8", "replace")
        for step, solution, lines, longest in wanted:
            if (longest[-1] in text or longest[0] in text) and _holds(text, lines):
                yield Readable(text, f"`{file.path}`", file.span, file.path), step, solution
                break


def _holds(text: str, lines: frozenset[str]) -> bool:
    there = {line.strip() for line in text.split("\n")}
    return len(lines & there) >= SHARE_OF_LINES * len(lines)


def _own_lines(scenario: Scenario) -> Iterator[tuple[Step, Solution, frozenset[str]]]:
    """Each solution with its lines that its own files do not have yet."""
    from driftlang.cells.texts import bind_cell, bind_step

    files = scenario.repo.files
    cell = bind_cell({factor: factor.levels[0] for factor in scenario.factors}, scenario.tasks)
    for step in scenario.tasks.steps:
        texts = bind_step(step, cell)
        for solution in step.solutions:
            lines: set[str] = set()
            for edit in solution.edits:
                if not isinstance(edit, WholeText | FileText | AppendText | ReplaceText):
                    continue
                path = "".join(texts.targets[:1]) if isinstance(edit, WholeText) else texts.bindings.render(edit.path)
                there = files[path].content.decode("utf-8", "replace").split("\n") if path in files else ()
                new = {line.strip() for line in texts.bindings.render(edit.text).split("\n")}
                lines |= new - {line.strip() for line in there}
            lines.discard("")
            if sum(map(len, lines)) >= LEAST_LETTERS:
                yield step, solution, frozenset(lines)
