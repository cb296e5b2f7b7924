"""Comparing runs: the rates of each cell beside each other, and trials that ended differently.

In: run folders. Out: `Comparison`.
Refuses to do: calling a difference an effect. Equal trials of two runs differ by chance alone where their model does.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

from driftlang.estimate.forms import CellEstimate, CellKey, ScoredTrial
from driftlang.estimate.rates import estimate
from driftlang.report.gather import gather


@frozen
class ComparedCell:
    """One cell in each run, in the order of the runs; nothing where a run does not have it, or nothing of it yet."""

    cell: CellKey
    runs: tuple[CellEstimate | None, ...]


@frozen
class DifferingTrial:
    """A trial that did not end alike in all runs that have it: its steps' outcomes in each, nothing where absent."""

    trial: str
    cell: CellKey
    run: int
    outcomes: tuple[tuple[str, ...] | None, ...]


@frozen
class Comparison:
    """Runs side by side.

    Attributes:
        folders: the runs.
        cells: every cell of any run.
        shared: how many trials all runs have scored.
        lacking: for each run, the trials that another one has scored and it has not.
        differing: trials that ended differently.
    """

    folders: tuple[Path, ...]
    cells: tuple[ComparedCell, ...]
    shared: int
    lacking: tuple[tuple[str, ...], ...]
    differing: tuple[DifferingTrial, ...]


def compare_runs(folders: Sequence[Path]) -> Comparison:
    """Read and score each run, and put them side by side.

    Raises:
        Failure: a folder is no run or is damaged.
    """
    trials = [{trial.trial: trial for trial in gather([folder], with_evidence=False).trials} for folder in folders]
    estimates = [{one.cell: one for one in estimate(tuple(run.values())).cells} for run in trials]
    cells = sorted({cell for run in estimates for cell in run})
    known = sorted({trial for run in trials for trial in run})
    return Comparison(
        folders=tuple(folders),
        cells=tuple(ComparedCell(cell, tuple(run.get(cell) for run in estimates)) for cell in cells),
        shared=sum(all(trial in run for run in trials) for trial in known),
        lacking=tuple(tuple(trial for trial in known if trial not in run) for run in trials),
        differing=tuple(found for trial in known for found in _differing(trial, trials)),
    )


def _differing(trial: str, runs: Sequence[Mapping[str, ScoredTrial]]) -> list[DifferingTrial]:
    outcomes = tuple(tuple(step.outcome.value for step in run[trial].steps) if trial in run else None for run in runs)
    if len({one for one in outcomes if one is not None}) < 2:
        return []
    first = next(run[trial] for run in runs if trial in run)
    return [DifferingTrial(trial, first.cell, first.run, outcomes)]
