"""Notes: what a reader must know beside the rates, where not all went as planned.

In: what was gathered and estimated. Out: sentences, none where all did; and the contrasts that plans declare.
Refuses to do: changing a number.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from driftlang.estimate.contrasts import ArmPair
from driftlang.estimate.forms import CellEstimate, CellKey, Estimates
from driftlang.report.exposures import ExposureView
from driftlang.report.forms import Gathered
from driftlang.report.layout import ordered
from driftlang.report.wording import count, levels_of

#: Cells that a note names; the tables have them all.
_MOST_NAMED = 4
_CONTRAST = re.compile(r"\bcontrast (\S+) - ([^\s;]+)")


def declared_contrasts(gathered: Gathered) -> Mapping[str, tuple[ArmPair, ...]]:
    """By study, the arms that its plan declared to contrast, each with the arm it stands against."""
    found: dict[str, dict[ArmPair, None]] = {}
    for run in gathered.runs:
        for arm, baseline in _CONTRAST.findall(run.primary):
            found.setdefault(run.study, {})[arm, baseline] = None
    return {study: tuple(pairs) for study, pairs in found.items()}


def notes_on(gathered: Gathered, estimates: Estimates, exposures: Sequence[ExposureView]) -> tuple[str, ...]:
    """All notes, in a fixed order."""
    cells = ordered(estimates)
    return (
        *_simulated(cells),
        *_replayed(gathered),
        *scoring_notes(gathered),
        *_frozen(gathered),
        *_accepted(gathered),
        *_tied(gathered),
        *_errors(cells),
        *placement_notes(estimates),
        *_violated(exposures),
        *_missing_contrasts(gathered, estimates),
    )


def placement_notes(estimates: Estimates) -> tuple[str, ...]:
    """Cells in which not every scheduled injection was placed."""
    short = [cell for cell in ordered(estimates) if cell.placed < cell.scheduled]
    each = _few(f"{_named(cell.cell)}: {cell.placed} of {cell.scheduled}" for cell in short)
    return (f"Injections placed, where not all were: {each}.",) if short else ()


def _simulated(cells: Iterable[CellEstimate]) -> tuple[str, ...]:
    models = sorted({cell.cell.model for cell in cells if cell.cell.model.startswith("sim/")})
    if not models:
        return ()
    return (
        f"Simulated, by a known law: {', '.join(models)}. Their numbers test the instrument and speak of no model.",
    )


def _replayed(gathered: Gathered) -> tuple[str, ...]:
    """Runs in which no model was asked anything."""
    played = dict.fromkeys((run.folder, run.replayed) for run in gathered.runs if run.replayed)
    return tuple(f"The run {folder} is a replay: it has played the record {digest} again." for folder, digest in played)


def _frozen(gathered: Gathered) -> tuple[str, ...]:
    """Runs whose plan was frozen before they began, and what departs from that."""
    notes = []
    for run in gathered.runs:
        if run.frozen_at:
            departs = f"; departing from it: {'; '.join(run.departures)}" if run.departures else "; nothing departs"
            notes.append(f"The plan of {run.folder} was frozen at {run.frozen_at}{departs}.")
    return tuple(notes)


def scoring_notes(gathered: Gathered) -> tuple[str, ...]:
    """Runs that are scored by other rules than those of their plans."""
    scored = dict.fromkeys((run.folder, run.scored) for run in gathered.runs if run.scored)
    return tuple(f"The run {folder} is scored {how}." for folder, how in scored)


def _violated(exposures: Sequence[ExposureView]) -> tuple[str, ...]:
    views = [view for view in exposures if view.violations]
    each = _few(f"{_named(view.cell)}: {count(len(view.violations), 'step')}" for view in views)
    said = (
        "Steps in which the constraint or the user's words did not reach the model as planned; they stay in the rates"
    )
    return (f"{said}: {each}.",) if views else ()


def _accepted(gathered: Gathered) -> tuple[str, ...]:
    """What the author accepts, and of each finding what it says."""
    notes = {
        f"Accepted on purpose in {run.study}: {one.id}{f' at {one.path}' if one.path else ''}, "
        f"as \u201c{one.reason}\u201d{''.join(f'; {message}' for message in one.findings)}.": None
        for run in gathered.runs
        for one in run.accepted
    }
    return tuple(notes)


def _tied(gathered: Gathered) -> tuple[str, ...]:
    tied = sorted({run.study for run in gathered.runs if run.severity_tracks_step})
    warning = (
        f"Severity never falls from one step to the next in {', '.join(tied)}: what a rise over the steps owes to "
        "time, to strength and to the number of messages read cannot be told apart there."
    )
    return (warning,) if tied else ()


def _errors(cells: Iterable[CellEstimate]) -> tuple[str, ...]:
    failed = [cell for cell in cells if cell.in_error]
    each = _few(f"{_named(cell.cell)}: {cell.in_error} of {count(cell.runs, 'run')}" for cell in failed)
    return (f"Trials that ended in error, with all their steps in no rate: {each}.",) if failed else ()


def _missing_contrasts(gathered: Gathered, estimates: Estimates) -> tuple[str, ...]:
    made = {(contrast.cell, contrast.baseline.arm) for contrast in estimates.contrasts}
    notes = []
    for study, pairs in declared_contrasts(gathered).items():
        of_study = [cell.cell for cell in estimates.cells if cell.cell.study == study]
        for arm, baseline in pairs:
            cells = [cell for cell in of_study if cell.arm == arm]
            here = f"The contrast {arm} - {baseline} that the plan of {study} declares is not estimated"
            if not cells:
                notes.append(f"{here}: no trial of the arm {arm} has ended.")
            elif lacking := [_named(cell) for cell in cells if (cell, baseline) not in made]:
                notes.append(f"{here} for {'; '.join(lacking)}: no trial of the arm {baseline} has ended there.")
    return tuple(notes)


def _few(named: Iterable[str]) -> str:
    """The first of many, and how many more there are."""
    every = list(named)
    more = [f"and {count(len(every) - _MOST_NAMED, 'more cell')}"] if len(every) > _MOST_NAMED else []
    return "; ".join((*every[:_MOST_NAMED], *more))


def _named(cell: CellKey) -> str:
    levels = levels_of(cell)
    return ", ".join((cell.model, cell.scenario, cell.direction, cell.arm, *([levels] if levels else [])))
