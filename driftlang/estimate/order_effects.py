"""Order effects: whether breaking goes with the step's position, and which tasks are broken more than others.

In: columns. Out: `OrderEffects` of each study, model and scenario.
Refuses to do: telling tasks from positions where every run has the same order.

Linear probabilities: broken, given that the step was exercised, on cells, tasks and position together, so that each is
adjusted for the others; tasks against their own mean. Such a model has limits also where a task was never broken, which
a logistic one has not (Angrist and Pischke 2009, Mostly Harmless Econometrics, 3.4.2). Limits are those of the
jackknife over runs, which for least squares is exact (Bell and McCaffrey 2002, Survey Methodology 28).
"""

from collections.abc import Sequence

import numpy as np
from attrs import evolve

from driftlang.estimate.analysis_forms import OrderEffects, TaskEffect
from driftlang.estimate.clustered import (
    information_by_cluster,
    jackknife,
    student_limits,
    student_p_value,
    sums_by_cluster,
)
from driftlang.estimate.columns import Columns, Real, grouped
from driftlang.estimate.estimated import Estimated, Tested
from driftlang.estimate.multiplicity import holm
from driftlang.estimate.slope import FEWEST_RUNS

METHOD = "linear probabilities, jackknife over runs (CV3), Student's law"
_ALIKE = 1e-8


def order_effects(columns: Columns, level: float) -> tuple[OrderEffects, ...]:
    """The effects of every scenario, by study and model."""
    own = columns.where((columns.fork == 0) & columns.is_exercised)
    keys: dict[tuple[str, str, str], list[int]] = {}
    for number, cell in enumerate(columns.cells):
        keys.setdefault((cell.study, cell.model, cell.scenario), []).append(number)
    return tuple(_of_scenario(own.where(np.isin(own.cell, numbers)), key, level) for key, numbers in keys.items())


def _of_scenario(columns: Columns, key: tuple[str, str, str], level: float) -> OrderEffects:
    nothing = Estimated(0.0, -1.0, 1.0, 0, level, METHOD)
    untested = Tested("the position of a step makes no difference", METHOD, 1.0, 0)
    empty = OrderEffects(*key, nothing, untested)
    runs = len(np.unique(columns.run))
    if not columns.is_broken.any() or columns.is_broken.all():
        return evolve(empty, reason="no exercised step was broken, or every one, so that none differs from another")
    if runs < FEWEST_RUNS:
        return evolve(empty, reason=f"there are {runs} runs, and limits that count runs need at least {FEWEST_RUNS}")
    design = _design(columns)
    if np.linalg.matrix_rank(design, tol=_ALIKE * len(columns)) < design.shape[1]:
        return evolve(empty, reason="tasks and positions go together, so that neither can be told from the other")
    return _fitted(empty, columns, design, runs)


def _design(columns: Columns) -> Real:
    """Cells, then all tasks but the last against their mean, then the position."""
    cells, tasks = np.unique(columns.cell), np.unique(columns.step)
    last = columns.step == tasks[-1]
    by_task = [(columns.step == task) * 1.0 - last for task in tasks[:-1]]
    parts = [*((columns.cell == cell) * 1.0 for cell in cells), *by_task, columns.position - 1.0]
    return np.column_stack(parts)


def _fitted(empty: OrderEffects, columns: Columns, design: Real, runs: int) -> OrderEffects:
    level = empty.per_step.level
    broken = columns.is_broken.astype(float)
    coefficients = np.linalg.lstsq(design, broken, rcond=None)[0]
    _, cluster = grouped([columns.run])
    scores = sums_by_cluster(design * (broken - design @ coefficients)[:, None], cluster)
    covariance = jackknife(scores, information_by_cluster(design, np.ones(len(broken)), cluster))
    if not np.isfinite(covariance).all():
        return evolve(empty, reason="without some run, tasks and positions could not be told apart")
    per_step, test = _linear(coefficients, covariance, _unit(len(coefficients), -1), (runs, level))
    tasks = np.unique(columns.step)
    cells = len(coefficients) - len(tasks)
    found = []
    for place, task in enumerate(tasks):
        weights = np.zeros(len(coefficients))
        weights[cells : cells + len(tasks) - 1] = -1.0 if place == len(tasks) - 1 else 0.0
        if place < len(tasks) - 1:
            weights[cells + place] = 1.0
        effect, of_task = _linear(coefficients, covariance, weights, (runs, level))
        here = columns.step == task
        name = columns.steps[task]
        of_task = evolve(of_task, null=f"`{name}` is broken as often as the mean task")
        found.append(TaskEffect(name, int(here.sum()), int(columns.is_broken[here].sum()), effect, of_task))
    test = evolve(test, null=empty.per_step_test.null)
    return evolve(empty, per_step=per_step, per_step_test=test, tasks=_ranked(found))


def _unit(size: int, place: int) -> Real:
    weights = np.zeros(size)
    weights[place] = 1.0
    return weights


def _linear(coefficients: Real, covariance: Real, weights: Real, size: tuple[int, float]) -> tuple[Estimated, Tested]:
    runs, level = size
    value, variance = float(weights @ coefficients), float(weights @ covariance @ weights)
    p_value = student_p_value(value, variance, runs)
    estimate = Estimated(value, *student_limits(value, variance, runs, level), runs, level, METHOD)
    return estimate, Tested("", METHOD, p_value, runs, 1, p_value)


def _ranked(found: Sequence[TaskEffect]) -> tuple[TaskEffect, ...]:
    """The most broken first, each test corrected for all of them."""
    adjusted = holm([one.test.p_value for one in found])
    corrected = [
        evolve(one, test=evolve(one.test, family=len(found), adjusted=p_value))
        for one, p_value in zip(found, adjusted, strict=True)
    ]
    return tuple(sorted(corrected, key=lambda one: (-one.effect.value, one.task)))
