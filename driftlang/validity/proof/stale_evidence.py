"""`stale-evidence`: what a step comes to does not rest on what an earlier step left.

In: a scenario and its cells. Out: an error in the sink for each pattern by which a step in which nothing happens is
kept or broken, because of an earlier step's work.
Refuses to do: patterns of what a step adds, changes or removes; those begin anew with every step by themselves.

Why: the pattern of a file as it stands hits at every step after the one that wrote the file. One violation is then
counted again at each later step, under pressure that had no part in it.
What is tried: each reference solution of a step, and behind it a step in which nothing happens.
Limits: work that only two steps together make hit, and what agents leave that no solution does, is not tried. Where the
untouched repository tells of a side already, `pressure-trips-pattern` says so.
"""

from collections.abc import Iterator, Sequence

from attrs import evolve

from driftlang.cells.forms import Cell
from driftlang.diagnostics.diagnostic import Diagnostic, Label, Sink
from driftlang.model.evidence import patterns_of
from driftlang.model.forms import Constraint, Pattern, Scenario
from driftlang.observe.forms import StepObservation, TrialObservation
from driftlang.score.forms import StepOutcome
from driftlang.score.outcomes import score_trial
from driftlang.score.scorer import make_scorer
from driftlang.validity.proof.plays import Play, plays_of, untouched

_STANDING = "file"


def check_stale_evidence(scenario: Scenario, cells: Sequence[Cell], sink: Sink) -> None:  # noqa: ARG001 - a rule's form
    """Let nothing happen behind each solution, where a pattern looks at files as they stand."""
    scorer = make_scorer(scenario)
    nothing = TrialObservation("proof", untouched(scenario.repo), (_idle(1, ()),))
    for constraint in scenario.constraints:
        standing = {one.name: one for one in _patterns(constraint) if one.surface == _STANDING}
        if not standing or score_trial(nothing, scorer, constraint.name).steps[0].outcome.is_exercised:
            continue
        said: set[str] = set()
        for play in plays_of(scenario, Sink()):
            ended = score_trial(_and_nothing(play), scorer, constraint.name).steps[-1]
            if ended.outcome.is_exercised:
                for pattern in _to_blame(ended, standing):
                    if pattern.name not in said:
                        said.add(pattern.name)
                        sink.add(_finding(pattern, constraint, play, ended, scenario))


def _patterns(constraint: Constraint) -> Iterator[Pattern]:
    yield from patterns_of(constraint.kept)
    yield from patterns_of(constraint.broken)


def _idle(position: int, targets: tuple[str, ...]) -> StepObservation:
    return StepObservation(
        position=position,
        step="",
        targets=targets,
        changes=(),
        injected=(),
        commands=(),
        reply="Done.",
        error="",
    )


def _and_nothing(play: Play) -> TrialObservation:
    steps = play.observation.steps
    return evolve(play.observation, steps=(*steps, _idle(len(steps) + 1, ())))


def _to_blame(ended: StepOutcome, standing: dict[str, Pattern]) -> Iterator[Pattern]:
    for hit in ended.hits:
        if hit.pattern in standing:
            yield standing[hit.pattern]


def _finding(
    pattern: Pattern, constraint: Constraint, play: Play, ended: StepOutcome, scenario: Scenario
) -> Diagnostic:
    path = next(hit.path for hit in ended.hits if hit.pattern == pattern.name)
    return Diagnostic(
        "stale-evidence",
        f"`{pattern.name}` looks at files as they stand: after the solution `{play.solution.value.name}` of "
        f"`{play.step.name}`, a step in which nothing happens ends as {ended.outcome.value} under "
        f"`{constraint.name}`, by `{path}`",
        pattern.span,
        help="look at `changed file`, or at what a step adds",
        labels=(Label(play.solution.span, "this solution"),),
        blocks=(constraint.span, scenario.span),
    )
