"""Analyses: everything that is asked of the rows beside the primary estimates, as one form.

In: `StepRow`s, what each study declared. Out: `Analyses`.
Refuses to do: silence. An analysis that has no result says why in `Analyses.absent`.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from driftlang.estimate.analysis_forms import Absence, Analyses
from driftlang.estimate.columns import Columns, columns_of
from driftlang.estimate.dose import dose_responses
from driftlang.estimate.forks import fork_contrasts
from driftlang.estimate.order_effects import order_effects
from driftlang.estimate.pairs import NOT_DECLARED, ArmPair
from driftlang.estimate.recovery import recoveries
from driftlang.estimate.rows import StepRow
from driftlang.estimate.sensitivity import sensitivities
from driftlang.estimate.slope import fit_slope
from driftlang.estimate.survival import survivals
from driftlang.estimate.survival_contrasts import survival_contrasts
from driftlang.estimate.transition import READ, SCHEDULED, fit_transition

LEVEL = 0.95


def analyse(
    rows: Sequence[StepRow],
    level: float = LEVEL,
    declared: Mapping[str, Sequence[ArmPair]] = NOT_DECLARED,
    *,
    with_regression: bool = True,
) -> Analyses:
    """All secondary analyses of `rows`.

    Args:
        rows: one a step, branches included.
        level: coverage of each interval by itself.
        declared: by study, the arms that its plan says to contrast, each with the arm it stands against.
        with_regression: whether to fit models too, which takes longer than all else.
    """
    if not rows:
        return Analyses(level, absent=(Absence("all analyses", "there is no scored step"),))
    columns = columns_of(rows)
    recodings, changes = sensitivities(columns, level, declared)
    found = Analyses(
        level,
        survivals=survivals(columns, level),
        survival_contrasts=survival_contrasts(columns, level, declared),
        recoveries=recoveries(columns, level),
        forks=fork_contrasts(columns, level, declared),
        recodings=recodings,
        sensitivities=changes,
    )
    if with_regression:
        found = _with_regression(found, columns)
    return _with_absences(found, with_regression=with_regression)


def _with_regression(found: Analyses, columns: Columns) -> Analyses:
    studies = list(dict.fromkeys((cell.study, cell.model) for cell in columns.cells))
    parts = [
        (columns.where(columns.of_cells(lambda cell, key=key: (cell.study, cell.model) == key)), *key)  # type: ignore[misc]  # bound at once
        for key in studies
    ]
    return evolve(
        found,
        slopes=tuple(fit_slope(part, study, model, found.level) for part, study, model in parts),
        transitions=tuple(
            fit_transition(part, study, model, found.level, exposure)
            for part, study, model in parts
            for exposure in ((SCHEDULED, READ) if part.read.any() else (SCHEDULED,))
        ),
        doses=dose_responses(columns, found.level),
        orders=order_effects(columns, found.level),
    )


def _with_absences(found: Analyses, *, with_regression: bool) -> Analyses:
    return evolve(found, absent=tuple(_absences(found, with_regression=with_regression)))


def _absences(found: Analyses, *, with_regression: bool) -> Iterator[Absence]:
    unpaired = "no arm has a baseline to stand against"
    if not found.survival_contrasts:
        yield Absence("time to the first break, arms compared", unpaired)
    if not found.sensitivities:
        yield Absence("sensitivity", unpaired)
    if not found.forks:
        yield Absence("forks", "no trial forked")
    if not with_regression:
        for name in ("slope", "persistence", "dose", "order and tasks"):
            yield Absence(name, "regressions were not asked for")
    elif not found.doses:
        yield Absence("dose", "no arm pushes either way")
