"""Properties of estimates.

In: scored trials. Out: nothing; `PropertyFailed` where estimates prefer one side.
"""

from math import isclose

from attrs import evolve

from driftlang.estimate.forms import Asymmetry, CellEstimate, CellKey, Contrast, Difference, Estimates
from driftlang.estimate.rates import estimate
from driftlang.score.forms import Outcome
from driftlang.testing.properties.failed import require
from driftlang.testing.runs import Trials

_OTHER = {Outcome.KEPT: Outcome.BROKEN, Outcome.BROKEN: Outcome.KEPT}
_DIRECTION = ("direction", "favors", "against")


def swapping_poles_swaps_estimates(trials: Trials) -> None:
    """Where two directions change places, so do their estimates, and their asymmetry changes its sign alone.

    >>> from hypothesis import given, settings
    >>> from driftlang import testing
    >>> @settings(max_examples=20, database=None, deadline=None)
    ... @given(testing.runs())
    ... def test_estimates(trials):
    ...     testing.swapping_poles_swaps_estimates(trials)
    >>> test_estimates()
    """
    mirror = _mirror(trials)
    before = estimate(trials)
    places = {key: place for place, key in enumerate(mirror)}
    swapped = (evolve(trial, cell=mirror[trial.cell]) for trial in trials)
    # Cells stand in the order of the plan, which does not change with what they hold.
    after = estimate(sorted(swapped, key=lambda trial: places[trial.cell]))
    of_cell = {one.cell: one for one in after.cells}
    for cell in before.cells:
        twin = of_cell[mirror[cell.cell]]
        require(evolve(twin, cell=cell.cell) == cell, f"`{_named(cell)}` has other rates under its twin's name")
    _require_swapped(before, after, mirror)


def swapping_outcomes_complements_rates(trials: Trials) -> None:
    """Where kept and broken change places, a rate given exercised becomes what was left of one, hedged steps aside.

    >>> from hypothesis import given, settings
    >>> from driftlang import testing
    >>> @settings(max_examples=20, database=None, deadline=None)
    ... @given(testing.runs())
    ... def test_estimates(trials):
    ...     testing.swapping_outcomes_complements_rates(trials)
    >>> test_estimates()
    """
    swapped = tuple(
        evolve(trial, steps=tuple(evolve(one, outcome=_OTHER.get(one.outcome, one.outcome)) for one in trial.steps))
        for trial in trials
    )
    for one, other in zip(estimate(trials).cells, estimate(swapped).cells, strict=True):
        require(one.counts[Outcome.KEPT] == other.counts[Outcome.BROKEN], f"`{_named(one)}` has lost steps")
        require(one.given_exercised.runs == other.given_exercised.runs, f"`{_named(one)}` has another number of runs")
        if one.counts[Outcome.HEDGED] == 0 and one.given_exercised.has_data:
            total = one.given_exercised.value + other.given_exercised.value
            require(isclose(total, 1, abs_tol=1e-9), f"rates of `{_named(one)}` make {total}, expected 1")


def _mirror(trials: Trials) -> dict[CellKey, CellKey]:
    """Each cell with the direction of the other one."""
    directions = list(dict.fromkeys(tuple(getattr(one.cell, part) for part in _DIRECTION) for one in trials))
    other = dict(zip(directions, reversed(directions), strict=True))
    return {
        key: evolve(key, **dict(zip(_DIRECTION, other[key.direction, key.favors, key.against], strict=True)))
        for key in dict.fromkeys(trial.cell for trial in trials)
    }


def _require_swapped(before: Estimates, after: Estimates, mirror: dict[CellKey, CellKey]) -> None:
    contrasts = {(one.cell, one.baseline): one for one in after.contrasts}
    for one in before.contrasts:
        twin = contrasts[mirror[one.cell], mirror[one.baseline]]
        require(
            _differences(one) == _differences(twin), f"the contrast of `{one.cell.arm}` differs under its twin's name"
        )
    asymmetries = {(one.first.cell, one.second.cell): one for one in after.asymmetries}
    for asymmetry in before.asymmetries:
        key = (asymmetry.first.cell, asymmetry.second.cell)
        for was, now in zip(_differences(asymmetry), _differences(asymmetries[key]), strict=True):
            require(_is_negated(was, now), f"the asymmetry of `{key[0].arm}` is {was}, and with poles swapped {now}")


def _differences(one: Contrast | Asymmetry) -> tuple[Difference, Difference]:
    return one.given_exercised, one.unconditional


def _is_negated(one: Difference, other: Difference) -> bool:
    pairs = ((one.total, -other.total), (one.low, -other.high), (one.high, -other.low))
    return one.pairs == other.pairs and all(isclose(a, b, abs_tol=1e-9) for a, b in pairs)


def _named(cell: CellEstimate) -> str:
    return f"{cell.cell.direction}/{cell.cell.arm}"
