"""Published rates laid beside those of a run.

In: an analysed table of published counts, a run's estimates, renames. Out: `Against`.
Refuses to do: a test of one against the other. Published runs and these are of other days, prompts and repositories;
intervals stand side by side, and a reader sees whether they meet.

A published cell and one of a run belong together where the favoured value, the opposed value, the model and the arm are
the same. Of a model's name what is behind the last slash counts, letters in any case and points as hyphens. The
published arm without pressure stands beside `bare`, or beside `placebo` where a run has no bare arm.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.forms import CellEstimate, CellKey, Estimates
from driftlang.estimate.published import (
    UNPRESSED,
    PublishedAnalysis,
    PublishedCell,
    PublishedEstimate,
    analyse_published,
)
from driftlang.report.published_file import read_published
from driftlang.report.wording import limits_of, percent, value_of

#: Our arms that the published one without pressure may stand beside, the better one first.
_UNPRESSED_ARMS = ("bare", "placebo")
#: Whose rates are laid beside those of patterns.
_SCORER = "pattern"


@frozen
class Laid:
    """A cell of ours beside a published one."""

    ours: CellEstimate
    theirs: PublishedEstimate


@frozen
class Against:
    """A published table beside a run.

    Attributes:
        file, digest: the table's name and sha256.
        rows: in the order of our cells.
        alone: cells of ours without a counterpart.
        theirs_alone: published cells without one.
    """

    file: str
    digest: str
    rows: tuple[Laid, ...]
    alone: tuple[CellKey, ...]
    theirs_alone: tuple[PublishedCell, ...]


def lay_against(path: Path, estimates: Estimates, renames: Mapping[str, str]) -> Against:
    """Lay the table in a file beside estimates.

    Args:
        path: a CSV file of published counts.
        estimates: of a run.
        renames: published names of our values and models, by ours.

    Raises:
        Failure: the file is damaged, or none of its cells is one of ours.
    """
    analysis = analyse_published(read_published(path))
    rows, used = [], set()
    alone = []
    for ours in estimates.cells:
        theirs = _counterpart(ours.cell, estimates, analysis, renames)
        if theirs is None:
            alone.append(ours.cell)
        else:
            rows.append(Laid(ours, theirs))
            used.add(theirs.cell)
    if not rows:
        raise _strangers(path, estimates, analysis, renames)
    left = tuple(one.cell for one in _of_patterns(analysis) if one.cell not in used)
    return Against(path.name, sha256(path.read_bytes()).hexdigest(), tuple(rows), tuple(alone), left)


def lines_of(against: Against) -> tuple[str, ...]:
    """The comparison for a terminal, a line a cell."""
    found = [f"Against {against.file} (mean over steps; theirs as if each run broke all steps or none):"]
    for one in against.rows:
        cell = one.ours.cell
        where = f"{cell.model}, {cell.scenario}, {cell.direction} ({cell.favors} -> {cell.against}), {cell.arm}"
        ours = f"{value_of(one.ours.unconditional)} {limits_of(one.ours.unconditional)}"
        theirs = f"{percent(one.theirs.cell.mean)} {limits_of(one.theirs.cautious)}"
        found.append(f"  {where}: {ours} here, {theirs} there")
    if against.alone:
        found.append(f"  without a counterpart: {len(against.alone)} cells here, {len(against.theirs_alone)} there")
    return tuple(found)


def told(against: Against) -> Mapping[str, object]:
    """The comparison as JSON has it."""
    return {
        "file": against.file,
        "digest": against.digest,
        "cells": [
            {
                "model": one.ours.cell.model,
                "scenario": one.ours.cell.scenario,
                "direction": one.ours.cell.direction,
                "arm": one.ours.cell.arm,
                "levels": dict(one.ours.cell.levels),
                "here": _mean(one.ours.unconditional.low, one.ours.unconditional.high, _value(one.ours)),
                "there": {
                    "model": one.theirs.cell.model,
                    "arm": one.theirs.cell.arm,
                    "cautious": _mean(one.theirs.cautious.low, one.theirs.cautious.high, one.theirs.cell.mean),
                    "hopeful": _mean(one.theirs.hopeful.low, one.theirs.hopeful.high, one.theirs.cell.mean),
                },
            }
            for one in against.rows
        ],
        "without_counterpart": len(against.alone),
        "published_without_counterpart": len(against.theirs_alone),
    }


def _value(ours: CellEstimate) -> float | None:
    return ours.unconditional.value if ours.unconditional.has_data else None


def _mean(low: float, high: float, value: float | None) -> Mapping[str, float | None]:
    return {"mean": value, "low": low, "high": high}


def _of_patterns(analysis: PublishedAnalysis) -> Sequence[PublishedEstimate]:
    found = [one for one in analysis.estimates if one.cell.scorer == _SCORER]
    return found or analysis.estimates


def _counterpart(
    cell: CellKey, estimates: Estimates, analysis: PublishedAnalysis, renames: Mapping[str, str]
) -> PublishedEstimate | None:
    arm = cell.arm
    if arm in _UNPRESSED_ARMS:
        siblings = {one.cell.arm for one in estimates.cells if _place(one.cell) == _place(cell)}
        arm = UNPRESSED if arm == next(name for name in _UNPRESSED_ARMS if name in siblings) else arm
    wanted = (_name(cell.favors, renames), _name(cell.against, renames), _model(cell.model, renames), arm)
    for one in _of_patterns(analysis):
        theirs = one.cell
        if (theirs.favors.lower(), theirs.against.lower(), _model(theirs.model, {}), theirs.arm) == wanted:
            return one
    return None


def _place(cell: CellKey) -> tuple[object, ...]:
    return cell.study, cell.model, cell.scenario, cell.direction, cell.levels


def _name(name: str, renames: Mapping[str, str]) -> str:
    return renames.get(name, name).lower()


def _model(model: str, renames: Mapping[str, str]) -> str:
    """What is behind the last slash, without options."""
    bare = model.partition(" (")[0]
    return renames.get(bare, bare).rpartition("/")[2].lower().replace(".", "-")


def _strangers(path: Path, estimates: Estimates, analysis: PublishedAnalysis, renames: Mapping[str, str]) -> Failure:
    """No cell has a counterpart: which names are there on either side, and which are near."""
    ours = sorted({name for cell in estimates.cells for name in (cell.cell.favors, cell.cell.model.partition(" (")[0])})
    theirs = sorted({name for one in analysis.estimates for name in (one.cell.favors, one.cell.model)})
    strange = [name for name in ours if _name(name, renames) not in theirs]
    near = next(
        ((name, found[0]) for name in strange if (found := get_close_matches(_name(name, renames), theirs, n=1))),
        (strange[0] if strange else "OURS", next(name for name in theirs if name not in ours)),
    )
    return Failure(
        f"no cell of `{path}` is one of this run: it has {', '.join(theirs)}; the run has {', '.join(ours)}",
        help=f"say which names belong together, such as `--map {near[0]}={near[1]}`",
        status=ExitStatus.MISUSE,
    )
