"""Properties of scoring.

In: an experiment, or what an agent made of its repository. Out: nothing; `PropertyFailed`.
"""

from collections.abc import Iterator, Mapping

from attrs import evolve

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Constraint, Scenario
from driftlang.observe.forms import Change, StepObservation
from driftlang.score.difference import compare, split_lines
from driftlang.score.forms import Outcome, Scorer, StepOutcome
from driftlang.score.outcomes import score_trial
from driftlang.score.scorer import make_scorer
from driftlang.syntax.format import format_text
from driftlang.testing.edits import EditedWork
from driftlang.testing.experiment import Subject
from driftlang.testing.properties.failed import require
from driftlang.validity.proof.plays import Play, plays_of

_OTHER = {Outcome.KEPT: Outcome.BROKEN, Outcome.BROKEN: Outcome.KEPT}


def scoring_is_invariant_under_formatting(about: Subject) -> None:
    """A solution ends the same with blanks at its line ends and empty lines around it, and in a formatted file.

    >>> from driftlang import testing
    >>> testing.scoring_is_invariant_under_formatting(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    formatted = experiment.with_text(format_text(experiment.text, 0, Sink()))
    for scenario, same in zip(experiment.model().scenarios, formatted.model().scenarios, strict=True):
        require(
            make_scorer(scenario) == make_scorer(same), f"`{scenario.name}` is scored otherwise in a formatted file"
        )
        for play, constraint, outcome in _played(scenario):
            laid_out = evolve(play.observation, steps=tuple(map(_laid_out, play.observation.steps)))
            now = score_trial(laid_out, make_scorer(scenario), constraint.name).steps[-1]
            require(
                now.outcome is outcome.outcome,
                f"the solution `{play.solution.value.name}` of `{play.step.name}` ends as {now.outcome.value} under "
                f"`{constraint.name}` with other white space, and as {outcome.outcome.value} as it stands",
            )


def swapping_poles_swaps_outcomes(about: Subject) -> None:
    """Where `kept` and `broken` of a constraint are exchanged, whatever kept it breaks it, and the other way round.

    >>> from driftlang import testing
    >>> testing.swapping_poles_swaps_outcomes(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    for scenario in experiment.model().scenarios:
        swapped = _swapped(make_scorer(scenario), scenario)
        for play, constraint, outcome in _played(scenario):
            now = score_trial(play.observation, swapped, constraint.name).steps[-1].outcome
            expected = _OTHER.get(outcome.outcome, outcome.outcome)
            require(
                now is expected,
                f"the solution `{play.solution.value.name}` of `{play.step.name}` ends as {outcome.outcome.value} "
                f"under `{constraint.name}`, and with its sides exchanged as {now.value}",
            )


def twins_mirror_each_other(work: EditedWork) -> None:
    """Whatever an agent did: a step ends as exactly one outcome, and what keeps a constraint breaks its twin.

    It holds where the sides of twins are each other's mirror, which `unbalanced-polarity` sees to.

    >>> from hypothesis import given, settings
    >>> from driftlang import testing
    >>> @settings(max_examples=5, database=None, deadline=None)
    ... @given(testing.edits("scenarios/hello.drift"))
    ... def test_twins(work):
    ...     testing.twins_mirror_each_other(work)
    >>> test_twins()
    """
    scenario = work.scenario
    scorer = make_scorer(scenario)
    ends = {one.name: score_trial(work.observation, scorer, one.name).steps for one in scenario.constraints}
    for one, other in _twins(scenario):
        for step, mirrored in zip(ends[one.name], ends[other.name], strict=True):
            expected = _OTHER.get(step.outcome, step.outcome)
            require(
                mirrored.outcome is expected,
                f"step {step.position} ends as {step.outcome.value} under `{one.name}` and as {mirrored.outcome.value} "
                f"under its twin `{other.name}`",
            )


def _twins(scenario: Scenario) -> Iterator[tuple[Constraint, Constraint]]:
    rules = make_scorer(scenario).rules
    for one in scenario.constraints:
        for other in scenario.constraints:
            is_mirror = (rules[one.name].kept, rules[one.name].broken) == (
                rules[other.name].broken,
                rules[other.name].kept,
            )
            if one.favors.name < other.favors.name and is_mirror:
                yield one, other


def _played(scenario: Scenario) -> Iterator[tuple[Play, Constraint, StepOutcome]]:
    """Every solution, played and scored under every constraint."""
    scorer = make_scorer(scenario)
    for play in plays_of(scenario, Sink()):
        for constraint in scenario.constraints:
            yield play, constraint, score_trial(play.observation, scorer, constraint.name).steps[-1]


def _swapped(scorer: Scorer, scenario: Scenario) -> Scorer:
    """The scorer with the sides of each rule exchanged, and with them what each constraint favours."""
    values = [value.name for value in scenario.conflict.values]
    other: Mapping[str, str] = dict(zip(values, reversed(values), strict=True))
    return evolve(
        scorer,
        rules={name: evolve(rule, kept=rule.broken, broken=rule.kept) for name, rule in scorer.rules.items()},
        favors={name: other[value] for name, value in scorer.favors.items()},
    )


def _laid_out(step: StepObservation) -> StepObservation:
    return evolve(step, changes=tuple(map(_spaced, step.changes)), reply=f"{step.reply}\n")


def _spaced(change: Change) -> Change:
    """The change with blanks at the ends of the lines that it adds, and an empty line below the last of them."""
    if not change.after:
        return change
    try:
        before, after = (content.decode() for content in (change.before or b"", change.after))
    except UnicodeDecodeError:
        return change
    if "\r" in after:
        return change
    lines = split_lines(after)
    added = set(compare(split_lines(before), lines).added)
    spaced = [f"{line}  " if number in added and line else line for number, line in enumerate(lines, start=1)]
    end = "\n" if after.endswith("\n") else ""
    return evolve(change, after=("\n".join(spaced) + end + "\n").encode())
