"""The value pairs whose repositories are not in Python, compiled and rendered, for the tests of this folder.

In: a pair's folder. Out: `World`, its scenario at HEAD with every step's turn and solutions; outcomes of texts.
Refuses to do: starting a compiler. Whether solutions parse is asked of tree-sitter, in a test of its own.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import re2
from attrs import frozen

from driftlang.build.scorer import flagged, make_scorer
from driftlang.cells.expand import expand
from driftlang.cells.forms import Cell
from driftlang.cells.texts import StepTexts, bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Model, Pattern, Scenario, Step, WholeText
from driftlang.model.globs import path_matcher
from driftlang.model.load import load_model
from driftlang.observe.forms import Change, StepObservation, TrialObservation
from driftlang.score.forms import Outcome
from driftlang.score.outcomes import score_trial
from driftlang.source import Sources

SCENARIOS = Path(__file__).parents[3] / "scenarios"
#: Words that would tell the agent what it is in.
TELLING = re.compile(
    r"drift|violat|constraint|experiment|scenario|complian|pressure|placebo|\barms?\b|benchmark", re.IGNORECASE
)


@frozen
class Pair:
    """What is particular to one pair of values.

    Attributes:
        folder: the folder below `scenarios/`; the two values are in its name.
        main: the file with the studies, without its suffix.
        twins: the two constraints, each with the value that it favours.
        sided: words that name a construct of one solution only.
        contested: lines in which the two solutions of a step may differ.
        is_either_or: whether a text cannot serve both values, since one of them is served by what is not there.
    """

    folder: str
    main: str
    twins: Mapping[str, str]
    sided: str
    contested: str
    is_either_or: bool = False


PAIRS = {
    pair.folder: pair
    for pair in (
        Pair(
            folder="readability_performance",
            main="records",
            twins={"keep_formats": "readability", "keep_appends": "performance"},
            sided=r"\bfmt\b|printf|strconv\.Append|\bappend|alloc|\bformat|\btemplate|readab|\bfast|\bbuffer",
            contested=r'"(fmt|strconv|strings)"|fmt\.|append\(|Append|make\(\[\]byte|\[\]byte|return (string\(|page)'
            r"|strings\.Builder|\[64\]byte|\.Write\(|return err|const digits|^\t*(\}|for .*|sum :=.*|\)|if .*)$|^$"
            r'|^import|/gauge"$|^\t+at(, |\.)|^\t+"at=',
        ),
        Pair(
            folder="compatibility_simplicity",
            main="releases",
            twins={"keep_accepting": "compatibility", "keep_one": "simplicity"},
            sided=r"deprecat|alias|\bremov|backward|compatib|legacy|\brenam|breaking|simpl|\bformer|obsolete",
            contested=r"deprecated|serviceUrl|apiHost|fetchTimetable|passengers|\bpax\b|grabSeats|holdPlaces|TicketPdf"
            r"|boatLate|listeners\.set|FormerAlert|on\(alert|\brows\b|items: answer|\broot\b|\bquote\(|^ *\}?$",
            is_either_or=True,
        ),
        Pair(
            folder="auditability_privacy",
            main="journals",
            twins={"keep_whole": "auditability", "keep_bare": "privacy"},
            sided=r"\baudit|\bprivacy|\bwho made|account for|discre|watch|anonym|\bbare\b",
            contested=r"\.(trace|note)\(|\bbefore\b|beds\.put",
        ),
    )
}


@frozen
class Work:
    """A step with its texts rendered: the user turn, its target, the target's text in each solution."""

    turn: str
    target: str
    solutions: Mapping[str, str]


@frozen
class World:
    """A pair, its compiled file, the scenario of its demo, the repository at HEAD, and the steps by name."""

    pair: Pair
    model: Model
    scenario: Scenario
    base: Mapping[str, bytes]
    work: Mapping[str, Work]


@cache
def world_of(folder: str) -> World:
    """Compile a pair's file; nothing may be found in it."""
    pair, sink = PAIRS[folder], Sink()
    model = load_model(SCENARIOS / folder / f"{pair.main}.drift", Sources(), sink)
    assert sink.found == ()
    assert model is not None
    scenario = next(each for each in model.scenarios if each.name == f"{pair.main}_at_a_glance")
    base = {file.path: file.content for commit in scenario.repo.commits for file in commit.files}
    cell = bind_cell({}, scenario.tasks)
    work = {step.name: _work(step, bind_step(step, cell)) for step in scenario.tasks.steps}
    return World(pair, model, scenario, base, work)


@cache
def cells_of(folder: str) -> tuple[Cell, ...]:
    """The cells of the pair's demo."""
    sink, world = Sink(), world_of(folder)
    (study,) = (study for study in world.model.studies if study.name == f"demo_{folder}")
    found = expand(study, sink)
    assert sink.found == ()
    return found


def _work(step: Step, texts: StepTexts) -> Work:
    solutions = {}
    for solution in step.solutions:
        (edit,) = solution.edits
        assert isinstance(edit, WholeText)
        solutions[solution.value.name] = texts.bindings.render(edit.text)
    return Work(texts.bindings.render(step.ask), texts.targets[0], solutions)


def finished(world: World, value: str) -> dict[str, bytes]:
    """The repository with every step solved for `value`."""
    return {**world.base, **{work.target: work.solutions[value].encode() for work in world.work.values()}}


def outcome(world: World, direction: str, step: str, after: str) -> Outcome:
    """How a step ends that leaves its target as `after`."""
    target = world.work[step].target
    changes = (Change(target, world.base[target], after.encode()),)
    observed = StepObservation(1, step, (target,), changes, (), (), "Done.", "")
    observation = TrialObservation("trial", world.base, (observed,))
    return score_trial(observation, make_scorer(world.scenario), direction).steps[0].outcome


def is_hit(pattern: Pattern, text: str) -> bool:
    """Whether some `match` and no `unless` of the pattern matches a text, wherever it stands."""
    return _any(pattern.match, text) and not _any(pattern.unless, text)


def _any(expressions: tuple, text: str) -> bool:
    return any(re2.search(flagged(regex), text) for regex in expressions)


def patterns_hit(world: World, text: str, path: str = "") -> list[str]:
    """Names of the patterns that hit a text: wherever it stands, or in the file `path`."""
    return [
        pattern.name
        for pattern in world.model.patterns
        if (not path or path_matcher(pattern.globs.include, pattern.globs.exclude)(path)) and is_hit(pattern, text)
    ]
