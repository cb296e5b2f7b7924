"""Every reference solution of a scenario, scored as a run is, beside what its value implies.

In: a scenario. Out: `ScenarioProof`; an error in the sink for each solution that ends otherwise.
Refuses to do: mending. A solution keeps the constraint that favours its value and breaks the other; one of a `filler`
touches neither.
"""

from collections.abc import Callable, Iterator, Sequence

from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.model.forms import AppendText, FileText, RemoveFile, ReplaceText, Scenario, Solution, Step
from driftlang.score.scorer import make_scorer
from driftlang.source import Span
from driftlang.validity.proof.ended import judge
from driftlang.validity.proof.forms import PLAIN, ScenarioProof
from driftlang.validity.proof.misscored import report_misscored
from driftlang.validity.proof.mutation import Tally, prove_mutants
from driftlang.validity.proof.opportunity import check_opportunity
from driftlang.validity.proof.plays import Play, plays_of
from driftlang.validity.proof.swapped import report_swapped


def prove_solutions(
    scenario: Scenario, is_wanted: Callable[[Step], bool], sink: Sink
) -> tuple[ScenarioProof, tuple[Play, ...]]:
    """Score the solutions of the wanted steps under every constraint; what was played is handed back as well."""
    own, tally = Sink(), Tally()
    plays = tuple(play for play in plays_of(scenario, own) if is_wanted(play.step))
    for diagnostic in own.found:
        sink.add(diagnostic)
    scorer = make_scorer(scenario)
    judged = tuple(judge(play, constraint, scorer) for play in plays for constraint in scenario.constraints)
    for each in judged:
        tally.add(PLAIN, each.expected, each.ended.outcome, is_right=each.is_right)
    # What a solution that could not be played ends as says nothing of patterns.
    unplayed = _unplayed(plays, own.found)
    sound = [each for each in judged if _name(each.play) not in unplayed]
    barren = check_opportunity(((each.play.step, each.ended) for each in sound), sink)
    report_misscored([each for each in report_swapped(sound, sink) if each.play.step.span not in barren], sink)
    left_out = {each.play.solution.span for each in judged if not each.is_right or _name(each.play) in unplayed}
    in_strings = prove_mutants(
        scenario, scorer, [play for play in plays if play.solution.span not in left_out], tally, sink
    )
    steps = [step for step in scenario.tasks.steps if is_wanted(step)]
    proof = ScenarioProof(
        name=scenario.name,
        directions=tuple(constraint.name for constraint in scenario.constraints),
        steps=len(steps),
        solutions=sum(len(step.solutions) for step in steps),
        outcomes=len(judged),
        failed=sum(not each.is_right for each in judged),
        confusion=tally.rows(),
        in_strings=in_strings,
    )
    return proof, plays


def _unplayed(plays: Sequence[Play], found: Sequence[Diagnostic]) -> frozenset[tuple[str, str]]:
    """Solutions, by step and value, that could not be played, and those that follow one of them."""
    spans = {diagnostic.span for diagnostic in found}
    wrong = {_name(play) for play in plays if not spans.isdisjoint(_places(play.solution))}
    after = {_name(play) for play in plays if not wrong.isdisjoint(play.before)}
    return frozenset(wrong | after)


def _name(play: Play) -> tuple[str, str]:
    """Which solution was played, by step and value."""
    return play.step.name, play.solution.value.name


def _places(solution: Solution) -> Iterator[Span]:
    """Where the edits of a solution stand, and the paths that they name."""
    for edit in solution.edits:
        yield edit.span
        if isinstance(edit, FileText | AppendText | ReplaceText | RemoveFile):
            yield edit.path.span
