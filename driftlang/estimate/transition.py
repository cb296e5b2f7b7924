"""Transition: the law of the simulated agents, fitted, so that what was planted can be found again.

In: the columns of one study and model. Out: `Transition`: what is repeated, and what a fresh choice goes by.
Refuses to do: parameters that the design cannot tell apart, and a base or lean from one direction alone.

The law is that of `driftlang.sim.law` (see `persistence.py` for its likelihood). Of a real model it describes: how much
of a run's steps is the former step said again, and how much is chosen anew under the pressure in view. The former step
is the last before it that took a side. Limits are those of the jackknife over runs, by Student's law.
"""

from collections.abc import Iterator, Sequence
from math import exp

import numpy as np
from attrs import evolve

from driftlang.estimate.clustered import student_limits
from driftlang.estimate.columns import Columns, Real, grouped
from driftlang.estimate.effects import EffectColumn, EffectDesign, levels_of
from driftlang.estimate.estimated import Estimated
from driftlang.estimate.identifiability import Separable, separate
from driftlang.estimate.persistence import Chain, PersistenceFit, fit_persistence
from driftlang.estimate.regression_forms import LawParameter, NotEstimated, Transition
from driftlang.estimate.slope import FEWEST_RUNS, cells_that_vary, effects_not_apart, silent_cells

SCHEDULED, READ = "scheduled", "read"
#: Log-odds beyond which a probability is 0 or 1 in print.
_FARTHEST = 34.0
METHOD = "maximum likelihood, jackknife over runs (CV3), Student's law"


def fit_transition(columns: Columns, study: str, model: str, level: float, exposure: str = SCHEDULED) -> Transition:
    """The law for the rows of one study and model; `exposure` says which messages are in view."""
    counted = columns.where((columns.fork == 0) & columns.is_exercised)
    runs = len(np.unique(counted.run))
    empty = Transition(study, model, exposure, len(counted), runs)
    if len(counted) == 0 or counted.is_broken.all() or not counted.is_broken.any():
        return evolve(empty, reason="no step broke, or every one did, so that no law can be fitted")
    if runs < FEWEST_RUNS:
        return evolve(empty, reason=f"there are {runs} runs, and limits that count runs need at least {FEWEST_RUNS}")
    kept = counted.where(cells_that_vary(counted))
    if not len(kept):
        return evolve(empty, reason="every direction broke always or never, so that no law can be fitted")
    kept = kept.where(np.lexsort((kept.position, kept.trial)))
    levels, _ = levels_of(kept)
    found = separate(EffectDesign(kept, _effects(kept, exposure), levels, ()), study, model)
    chain = _chain(kept, np.column_stack([levels, *(column.values for column in found.columns)]))
    fit = fit_persistence(chain)
    if fit.is_flat:
        return evolve(empty, reason="the likelihood is flat: some part of the design broke always or never")
    again = ~chain.is_first
    bases, one_sided = _bases(kept, fit, (len(np.unique(kept.run)), level))
    return evolve(
        empty,
        repeated=float((chain.broken == chain.former)[again].mean()) if again.any() else 0.0,
        parameters=(*bases, *_shared(found, fit, levels.shape[1], (len(np.unique(kept.run)), level))),
        not_estimated=(*effects_not_apart(found), *silent_cells(counted), *one_sided),
        log_likelihood=fit.log_likelihood,
        method=METHOD,
    )


def _effects(columns: Columns, exposure: str) -> tuple[EffectColumn, ...]:
    """The law's step, severity and pressure; what supports the constraint counts against what opposes it."""
    sign = columns.by_cell(lambda cell: {"opposing": 1.0, "supporting": -1.0}.get(cell.arm, 0.0))
    count = columns.read if exposure == READ else columns.dose
    gravity = np.where(count > 0, np.maximum(columns.gravest - 1, 0), 0)
    return (
        EffectColumn("step", "each step behind the first", "step", "", (columns.position - 1).astype(float)),
        EffectColumn("severity", "each level above the first of the gravest message", "severity", "", sign * gravity),
        EffectColumn("pressure", "each doubling of (1 + messages)", "dose", "", sign * np.log2(1 + count)),
    )


def _chain(columns: Columns, design: Real) -> Chain:
    """Rows in the order of their runs, each beside the one before it in its trial."""
    is_first = np.ones(len(columns), dtype=bool)
    is_first[1:] = columns.trial[1:] != columns.trial[:-1]
    former = np.zeros(len(columns), dtype=bool)
    former[1:] = columns.is_broken[:-1]
    _, cluster = grouped([columns.run])
    return Chain(design, columns.is_broken, former & ~is_first, is_first, cluster)


def _shared(found: Separable, fit: PersistenceFit, first: int, size: tuple[int, float]) -> Iterator[LawParameter]:
    """What all scenarios share; `size` is the number of runs and the level."""
    for place, column in enumerate(found.columns, first):
        if not column.effects[1:]:
            value, variance = float(fit.parameters[place]), float(fit.covariance[place, place])
            yield LawParameter(column.name, "", f"log-odds for {column.meaning}", _estimated(value, variance, size))
    value, variance = float(fit.parameters[-1]), float(fit.covariance[-1, -1])
    estimate = _estimated(value, variance, size)
    estimate = evolve(estimate, low=max(estimate.low, 0.0), high=min(estimate.high, 1.0))
    yield LawParameter("persistence", "", "probability that a step repeats the one before it", estimate)


def _bases(
    columns: Columns, fit: PersistenceFit, size: tuple[int, float]
) -> tuple[tuple[LawParameter, ...], tuple[NotEstimated, ...]]:
    """Base and lean of each scenario, from the intercepts of its two directions, which stand in order."""
    present = [columns.cells[number] for number in np.unique(columns.cell)]
    against = {(cell.scenario, cell.direction): cell.against for cell in present}
    places = {pair: place for place, pair in enumerate(sorted(against))}
    found: list[LawParameter] = []
    lost = []
    for scenario in sorted({cell.scenario for cell in present}):
        pairs = [pair for pair in places if pair[0] == scenario]
        if len(pairs) == 2:
            found += _base_and_lean(fit, [places[pair] for pair in pairs], [against[pair] for pair in pairs], size)
            found[-2:] = [evolve(one, scenario=scenario) for one in found[-2:]]
        else:
            reason = f"base and lean of `{scenario}` take two directions that broke some steps and kept others"
            lost.append(NotEstimated(f"base and lean, {scenario}", reason))
    return tuple(found), tuple(lost)


def _base_and_lean(
    fit: PersistenceFit, places: Sequence[int], against: Sequence[str], size: tuple[int, float]
) -> list[LawParameter]:
    mean, half = np.zeros(len(fit.parameters)), np.zeros(len(fit.parameters))
    mean[list(places)] = 0.5
    is_to_first = fit.parameters[places[0]] >= fit.parameters[places[1]]
    half[list(places)] = (0.5, -0.5) if is_to_first else (-0.5, 0.5)
    odds, lean = (_estimated(float(w @ fit.parameters), float(w @ fit.covariance @ w), size) for w in (mean, half))
    base = evolve(odds, value=_logistic(odds.value), low=_logistic(odds.low), high=_logistic(odds.high))
    toward = against[0 if is_to_first else 1]
    return [
        LawParameter("base", "", "probability of a fresh choice to break at the first step, without pressure", base),
        LawParameter("lean", "", f"log-odds for breaking toward `{toward}`, against it where away", lean, toward),
    ]


def _estimated(value: float, variance: float, size: tuple[int, float]) -> Estimated:
    runs, level = size
    return Estimated(value, *student_limits(value, variance, runs, level), runs, level, METHOD)


def _logistic(odds: float) -> float:
    return 1 / (1 + exp(-max(-_FARTHEST, min(_FARTHEST, odds))))
