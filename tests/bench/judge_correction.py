"""How often rates corrected for a judge's errors hold the truth, beside the judge's own rates.

Studies of two cells are played in memory: what each step was, what a judge of known sensitivity and specificity says of
it, and people's labels of a stratified sample. Fails where a corrected interval covers less than 93 %, or where the
judge's own rate covers as well, so that nothing would be shown.

    python -m tests.bench.judge_correction [--studies 1000] [--output generated/judge_correction.md]
"""

import argparse
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from driftlang.estimate.agreement import Agreement, agree
from driftlang.estimate.corrected import CellSteps, Corrected, contrast, correct, refusal, uncorrected
from driftlang.estimate.rogan_gladen import rogan_gladen, rogan_gladen_contrast

LEVEL = 0.95
STEPS = 12
STUDIES = 1000
LEAST_COVERAGE = 0.93
RAW, CORRECTED, ROGAN_GLADEN = "as said", "corrected", "Rogan-Gladen"


@frozen
class Setting:
    """Two cells, a judge, and how many steps people label in all.

    Attributes:
        rates: of broken steps in the first and the second cell.
        sensitivity, specificity: of the judge, in each cell.
        own: how far runs differ: 0 for steps that break by themselves, 1 for runs that break all or none.
    """

    name: str
    rates: tuple[float, float]
    runs: int = 20
    labels: int = 200
    own: float = 0.0
    sensitivity: tuple[float, float] = (0.8, 0.8)
    specificity: tuple[float, float] = (0.9, 0.9)

    @property
    def is_differential(self) -> bool:
        """Whether the judge errs otherwise in one cell than in the other."""
        return self.sensitivity[0] != self.sensitivity[1] or self.specificity[0] != self.specificity[1]


SETTINGS = (
    Setting("independent steps", (0.3, 0.05)),
    Setting("runs of their own rates", (0.3, 0.05), own=0.3),
    Setting("runs that break all or none", (0.3, 0.1), own=1.0),
    Setting("more runs", (0.3, 0.05), runs=50, own=0.3),
    Setting("fewer labels", (0.6, 0.1), labels=100, own=0.3),
    Setting("no difference", (0.2, 0.2), own=0.3),
    Setting("rare", (0.05, 0.02), own=0.3),
    Setting("a judge that errs by arm", (0.3, 0.3), own=0.3, sensitivity=(0.9, 0.6), specificity=(0.95, 0.8)),
)


@frozen
class Row:
    """Coverage and mean width by method: of the cells' rates, and of their difference; and how often refused."""

    setting: Setting
    rates: dict[str, tuple[float, float]]
    differences: dict[str, tuple[float, float]]
    refused: float

    @property
    def faults(self) -> list[str]:
        """What is wrong with the offered correction here."""
        covered = {"rates": self.rates[CORRECTED][0], "difference": self.differences[CORRECTED][0]}
        return [f"{self.setting.name}: the {what} covers {share:.3f}" for what, share in covered.items()
                if share < LEAST_COVERAGE]  # fmt: skip


def measure(setting: Setting, studies: int) -> Row:
    """Play and correct `studies` studies; the seed follows from the setting's name."""
    random = np.random.default_rng(int.from_bytes(sha256(setting.name.encode()).digest()[:8], "big"))
    rates: dict[str, list[tuple[bool, float]]] = {RAW: [], CORRECTED: [], ROGAN_GLADEN: []}
    differences: dict[str, list[tuple[bool, float]]] = {RAW: [], CORRECTED: [], ROGAN_GLADEN: []}
    refused = 0
    for _ in range(studies):
        cells = play(setting, random)
        agreement = agreement_of(cells)
        if refusal(agreement):
            refused += 1
            continue
        found = {
            RAW: [uncorrected(cell, LEVEL) for cell in cells],
            CORRECTED: [correct(cell, LEVEL) for cell in cells],
            ROGAN_GLADEN: [rogan_gladen(cell, agreement.sensitivity, agreement.specificity, LEVEL) for cell in cells],
        }
        for method, of_cells in found.items():
            rates[method] += [held(one, rate) for one, rate in zip(of_cells, setting.rates, strict=True)]
        of_judge = (agreement.sensitivity, agreement.specificity, LEVEL)
        truth = setting.rates[0] - setting.rates[1]
        for method in (RAW, CORRECTED):
            one, other = found[method]
            differences[method].append(held(contrast(((one, 1), (other, -1)), LEVEL), truth))
        first, second = cells
        differences[ROGAN_GLADEN].append(held(rogan_gladen_contrast(((first, 1), (second, -1)), *of_judge), truth))
    return Row(setting, _summed(rates), _summed(differences), refused / studies)


def _summed(found: dict[str, list[tuple[bool, float]]]) -> dict[str, tuple[float, float]]:
    return {name: (float(np.mean([is_held for is_held, _ in one])), float(np.mean([width for _, width in one])))
            for name, one in found.items()}  # fmt: skip


def held(one: Corrected, truth: float) -> tuple[bool, float]:
    """Whether limits hold the truth, and their width."""
    return bool(one.low - 1e-12 <= truth <= one.high + 1e-12), one.high - one.low


def play(setting: Setting, random: np.random.Generator) -> list[CellSteps]:
    """Both cells of a study, with people's labels of a sample stratified by what the judge says."""
    cells = []
    for rate, sensitivity, specificity in zip(setting.rates, setting.sensitivity, setting.specificity, strict=True):
        truth = (random.random((setting.runs, STEPS)) < own_rates(rate, setting, random)[:, None]).ravel()
        says = np.where(truth, random.random(truth.size) < sensitivity, random.random(truth.size) >= specificity)
        labels = np.full(truth.size, np.nan)
        for chosen in sampled(says, setting.labels // 2, random):
            labels[chosen] = truth[chosen]
        run = np.repeat(np.arange(setting.runs), STEPS)
        cells.append(CellSteps(run, says.astype(float), labels, says.astype(np.int64)))
    return cells


def own_rates(rate: float, setting: Setting, random: np.random.Generator) -> NDArray[np.float64]:
    """Each run's rate, by a beta law with this mean and intra-run correlation."""
    if setting.own == 0 or rate in (0, 1):
        return np.full(setting.runs, rate)
    if setting.own == 1:
        return (random.random(setting.runs) < rate).astype(float)
    weight = 1 / setting.own - 1
    return random.beta(rate * weight, (1 - rate) * weight, setting.runs)


def sampled(says: NDArray[np.bool_], labels: int, random: np.random.Generator) -> list[NDArray[np.int64]]:
    """Places of the labelled steps, by what the judge says, in proportion to the root of how many there are."""
    strata = [np.flatnonzero(says == kind) for kind in (False, True)]
    roots = np.sqrt([len(stratum) for stratum in strata])
    wanted = np.maximum(2, np.floor(labels * roots / roots.sum())).astype(int)
    return [random.choice(stratum, min(number, len(stratum)), replace=False)
            for stratum, number in zip(strata, wanted, strict=True)]  # fmt: skip


def agreement_of(cells: Sequence[CellSteps]) -> Agreement:
    """How the judge stands to people, over all labels of a study."""
    said, truth, weights, runs = [], [], [], []
    for number, cell in enumerate(cells):
        for stratum in np.unique(cell.stratum):
            inside = cell.stratum == stratum
            seen = np.flatnonzero(inside & cell.is_labelled)
            said.append(cell.said[seen].astype(int))
            truth.append(cell.truth[seen].astype(int))
            weights.append(np.full(len(seen), inside.sum() / max(len(seen), 1)))
            runs.append(cell.run[seen] + number * 10_000)
    said_all, truth_all, weights_all, runs_all = (np.concatenate(one) for one in (said, truth, weights, runs))
    return agree("judge", "people", said=said_all, truth=truth_all, weights=weights_all, runs=runs_all, level=LEVEL)


INTRODUCTION = """\
# Rates corrected for a judge's errors

Made by `python -m tests.bench.judge_correction`: {studies:,} simulated studies in each row, two cells, 12 steps a run,
a judge whose sensitivity is .8 and whose specificity is .9 where nothing else is said, labels of people on a sample
stratified by what the judge says. Every entry is the coverage of nominal 95 % intervals / their mean width; below .93
it is **bold**. The Monte Carlo error of a coverage of .95 is {error:.3f}.

`as said` is the judge's rate as if it never erred. `corrected` is what `driftlang judge calibrate` offers: by
prediction-powered inference within strata, nothing assumed of the judge. `Rogan-Gladen` supposes one sensitivity and
specificity for all arms, and fails where a judge errs more in one of them.

| setting | rates | runs | labels | as said | corrected | Rogan-Gladen | difference as said | corrected | Rogan-Gladen |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""


def line(row: Row) -> str:
    """One row of the table."""
    entries = [entry(found[name]) for found in (row.rates, row.differences) for name in found]
    first, second = (f"{rate:g}".removeprefix("0") for rate in row.setting.rates)
    size = f"{row.setting.runs} | {row.setting.labels}"
    return f"| {row.setting.name} | {first}, {second} | {size} | {' | '.join(entries)} |"


def entry(found: tuple[float, float]) -> str:
    """Coverage and mean width."""
    coverage, width = found
    shown = f"{coverage:.3f}".removeprefix("0")
    return f"**{shown}** / {width:.2f}" if coverage < LEAST_COVERAGE else f"{shown} / {width:.2f}"


def main() -> None:
    """Make the table, write it, and say what is wrong with what is offered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=STUDIES)
    parser.add_argument("--output", type=Path, default=Path("generated/judge_correction.md"))
    wishes = parser.parse_args()
    rows = []
    for setting in SETTINGS:
        rows.append(measure(setting, wishes.studies))
        print(line(rows[-1]), *rows[-1].faults, flush=True)
    head = INTRODUCTION.format(studies=wishes.studies, error=np.sqrt(LEVEL * (1 - LEVEL) / wishes.studies))
    wishes.output.write_text(head + "".join(f"{line(row)}\n" for row in rows), encoding="utf-8", newline="\n")
    faults = [fault for row in rows for fault in row.faults]
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
