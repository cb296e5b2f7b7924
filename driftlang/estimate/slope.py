"""Slope: what arm, step, severity, dose and direction do to the odds of breaking, by logistic regression.

In: the columns of one study and model. Out: `Slope`, whose limits count runs.
Refuses to do: an estimate of an effect that the design cannot tell from another, or that runs off to infinity because
some part of the design broke always or never: each is named with its reason.

The model is log-odds(broken, given that the step was exercised) = an intercept for each scenario and direction, and
for each further level, + the effects of `effects.py`. Limits are those of the jackknife over runs (see
`clustered.py`), since steps of one run hang together, and since run i has the same seed in every cell.
"""

import numpy as np
from attrs import evolve

from driftlang.estimate.clustered import (
    LogisticFit,
    fit_logistic,
    fit_penalised,
    information_by_cluster,
    jackknife,
    student_limits,
    student_p_value,
    sums_by_cluster,
)
from driftlang.estimate.columns import Columns, Real, Truth, Whole, grouped
from driftlang.estimate.effects import design_of
from driftlang.estimate.estimated import Estimated
from driftlang.estimate.forms import CellKey
from driftlang.estimate.identifiability import Separable, separate
from driftlang.estimate.regression_forms import Effect, Identifiability, NotEstimated, Slope

#: Fewer runs than this leave limits that do not cover.
FEWEST_RUNS = 5
METHOD = "logistic regression, jackknife over runs (CV3), Student's law"


def fit_slope(columns: Columns, study: str, model: str, level: float) -> Slope:
    """The regression for the rows of one study and model."""
    counted = columns.where((columns.fork == 0) & columns.is_exercised)
    if not len(counted):
        reason = "no step was exercised, so there is nothing to explain"
        return Slope(study, model, Identifiability(study, model, reason=reason), reason=reason)
    found = separate(design_of(counted), study, model)
    runs = len(np.unique(counted.run))
    told = effects_not_apart(found)
    slope = Slope(study, model, found.found, len(counted), int(counted.is_broken.sum()), runs, not_estimated=told)
    reason = _hindrance(slope, found)
    return evolve(slope, reason=reason) if reason else _fitted(slope, counted, level)


def _hindrance(slope: Slope, found: Separable) -> str:
    if slope.broken in {0, slope.steps}:
        return f"{'no' if slope.broken == 0 else 'every'} exercised step was broken, so that no effect can be seen"
    if slope.runs < FEWEST_RUNS:
        return f"there are {slope.runs} runs, and limits that count runs need at least {FEWEST_RUNS}"
    return "" if found.columns else "nothing varies in this design, so that no effect can be seen"


def _fitted(slope: Slope, counted: Columns, level: float) -> Slope:
    varied = cells_that_vary(counted)
    kept = counted.where(varied)
    design = design_of(kept)
    usable = separate(design, slope.study, slope.model)
    matrix = np.column_stack([design.levels, *(column.values for column in usable.columns)])
    first = design.levels.shape[1]
    fit = fit_logistic(matrix, kept.is_broken)
    apart = fit.separated[first:]
    is_penalised = fit.is_separated
    if is_penalised:
        fit = fit_penalised(matrix, kept.is_broken)
    covariance = _covariance(fit, matrix, kept.run)
    clusters = len(np.unique(kept.run))
    effects, lost = [], []
    for place, column in enumerate(usable.columns):
        value, variance = float(fit.coefficients[first + place]), float(covariance[first + place, first + place])
        if apart[place]:
            lost.append(NotEstimated(column.name, _separation(column.name)))
            continue
        low, high = student_limits(value, variance, clusters, level)
        estimate = Estimated(value, low, high, clusters, level, METHOD)
        effects.append(Effect(column.name, column.meaning, estimate, student_p_value(value, variance, clusters)))
    named = {one.name for one in slope.not_estimated}
    more = tuple(one for one in effects_not_apart(usable) if one.name not in named)
    return evolve(
        slope,
        effects=tuple(effects),
        not_estimated=(*slope.not_estimated, *more, *lost, *silent_cells(counted)),
        penalised=is_penalised,
        method=f"{METHOD}, Firth's penalty" if is_penalised else METHOD,
    )


def _covariance(fit: LogisticFit, matrix: Real, run: Whole) -> Real:
    _, cluster = grouped([run])
    return jackknife(sums_by_cluster(fit.scores, cluster), information_by_cluster(matrix, fit.weights, cluster))


def cells_that_vary(columns: Columns) -> Truth:
    """Rows of scenarios and directions in which some steps broke and some did not: others say nothing of effects."""
    keys = {pair: number for number, pair in enumerate(dict.fromkeys(_pair(cell) for cell in columns.cells))}
    group = columns.by_cell(lambda cell: keys[_pair(cell)]).astype(np.int64)
    broken = np.bincount(group, weights=columns.is_broken)
    return np.asarray(((broken > 0) & (broken < np.bincount(group)))[group])


def silent_cells(columns: Columns) -> tuple[NotEstimated, ...]:
    """What is said of scenarios and directions that broke nothing, or everything."""
    varied = cells_that_vary(columns)
    found = {}
    for number in np.unique(columns.cell[~varied]):
        scenario, direction = _pair(columns.cells[number])
        how = "broke every exercised step" if columns.is_broken[columns.cell == number].all() else "broke nothing"
        reason = f"`{direction}` of `{scenario}` {how} in any arm, so that no effect can be seen"
        found[scenario, direction] = NotEstimated(f"all effects in {scenario}, {direction}", reason)
    return tuple(found.values())


def _pair(cell: CellKey) -> tuple[str, str]:
    return cell.scenario, cell.direction


def effects_not_apart(found: Separable) -> tuple[NotEstimated, ...]:
    """Effects without an estimate of their own, because of the design."""
    merged = [
        NotEstimated(name, f"{group.sentence}; what they do together stands as one effect")
        for group in found.found.confounded
        for name in group.effects
    ]
    idle = [NotEstimated(effect.name, "it does not vary in this design") for effect in found.idle]
    return (*merged, *idle)


def _separation(name: str) -> str:
    return (
        f"separation: the steps that `{name}` sets apart broke always or never, so that any large value fits as well; "
        "compare the rates instead"
    )
