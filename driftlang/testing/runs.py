"""Strategies of runs: outcomes of the steps of trials, for estimates.

In: nothing. Out: tuples of `ScoredTrial`s of two directions, that pair by run.
Refuses to do: outcomes that do not depend on each other. A step ends as the one before it more often than not, as in
runs of agents.
"""

from collections.abc import Iterator

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from driftlang.estimate.forms import CellKey, ScoredTrial
from driftlang.score.forms import Outcome, StepOutcome

Trials = tuple[ScoredTrial, ...]
_ARMS = ("placebo", "opposing", "bare")
#: The outcomes, those first that say most.
_OUTCOMES = (
    Outcome.KEPT,
    Outcome.BROKEN,
    Outcome.HEDGED,
    Outcome.OMITTED,
    Outcome.UNDONE,
    Outcome.ASKED,
    Outcome.ERROR,
)


def runs() -> SearchStrategy[Trials]:
    """Scored trials of two directions of one scenario: up to three arms, two models, four runs of five steps.

    >>> from hypothesis import given, settings
    >>> from driftlang import testing
    >>> @settings(max_examples=20, database=None, deadline=None)
    ... @given(testing.runs())
    ... def test_estimates(trials):
    ...     testing.swapping_poles_swaps_estimates(trials)
    >>> test_estimates()
    """
    return _trials()


@st.composite
def _trials(draw: DrawFn) -> Trials:
    arms = _ARMS[: draw(st.integers(1, len(_ARMS)))]
    models = ("sim/keeper", "sim/drifter")[: draw(st.integers(1, 2))]
    number, steps = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    made = []
    for key in _keys(models, arms):
        for run in range(1, number + 1):
            outcomes = draw(_outcomes(steps))
            made.append(ScoredTrial(f"{key.model}{key.direction}{key.arm}{run}", key, run, outcomes))
    return tuple(made)


def _keys(models: tuple[str, ...], arms: tuple[str, ...]) -> Iterator[CellKey]:
    for model in models:
        for direction, favors, against in (("tell_all", "candour", "tact"), ("tell_little", "tact", "candour")):
            for arm in arms:
                yield CellKey("small", model, "told", direction, favors, against, arm)


@st.composite
def _outcomes(draw: DrawFn, steps: int) -> tuple[StepOutcome, ...]:
    """A run with persistence: where nothing is drawn for a step, it ends as the one before."""
    now, made = draw(st.sampled_from(_OUTCOMES)), []
    for position in range(1, steps + 1):
        now = draw(st.none() | st.none() | st.sampled_from(_OUTCOMES)) or now
        made.append(StepOutcome(position, f"step{position}", now, ()))
    return tuple(made)
