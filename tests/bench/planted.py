"""A planted law, found again: what simulated agents did through the real OpenCode, and what the estimates say of it.

Two studies of `planted.drift` are run (or gone on with) and analysed: one whose schedules tell step, severity and dose
apart, and one under a single schedule, of which the report has to say that it cannot. Fails where a planted parameter
is outside its interval.

    python -m tests.bench.planted [--runs FOLDER] [--output generated/planted.md]
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from driftlang.estimate.columns import columns_of
from driftlang.estimate.regression_forms import LawParameter
from driftlang.estimate.slope import fit_slope
from driftlang.estimate.transition import fit_transition
from driftlang.report.gather import gather

SOURCE = Path(__file__).with_name("planted.drift")
VARIED, UNVARIED = "planted", "planted_unvaried"
#: As `planted.drift` has them.
PLANTED: Mapping[str, float] = {
    "base": 0.06,
    "pressure": 0.5,
    "severity": 0.25,
    "step": 0.06,
    "lean": 0.7,
    "persistence": 0.3,
}
INTRODUCTION = """\
# A planted law, found again

Made by `python -m tests.bench.planted`: {trials} trials, {steps:,} steps through the real OpenCode, by simulated agents
that break their constraint by a known law (`driftlang/sim/law.py`).

Schedules varied (early and grave first, late and shuffled, throughout and rising), 95 % intervals that count runs:

| parameter | scenario | planted | estimate | interval | holds |
|---|---|---:|---:|---:|---|"""
LEVEL = 0.95


@frozen
class Found:
    """A parameter beside what was planted."""

    parameter: LawParameter
    planted: float

    @property
    def is_held(self) -> bool:
        """Whether its interval holds what was planted."""
        return self.parameter.estimate.low <= self.planted <= self.parameter.estimate.high


def main() -> None:
    """Run both studies, write the table, and fail where something planted was not found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, default=None, help="Where the runs are, or go (default: a new folder).")
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--output", type=Path, default=Path("generated/planted.md"))
    wishes = parser.parse_args()
    runs = wishes.runs or Path(tempfile.mkdtemp())
    for study in (VARIED, UNVARIED):
        command = [sys.executable, "-m", "driftlang", "run", str(SOURCE), "--study", study, "-o", str(runs)]
        subprocess.run([*command, "--jobs", wishes.jobs], check=True)
    found = tuple(parameters(runs / VARIED))
    wishes.output.write_text("\n".join([*table(runs, found), *sentences(runs)]), encoding="utf-8", newline="\n")
    missed = [one.parameter.name for one in found if not one.is_held]
    if missed or len(found) < len(PLANTED):
        sys.exit(f"not found again: {', '.join(missed) or 'some parameter has no estimate'}")


def parameters(run: Path) -> Iterator[Found]:
    """Every parameter of the law with its interval."""
    rows = gather([run], with_evidence=False).rows
    law = fit_transition(columns_of(rows), rows[0].cell.study, rows[0].cell.model, LEVEL)
    for parameter in law.parameters:
        yield Found(parameter, PLANTED[parameter.name])


def table(runs: Path, found: tuple[Found, ...]) -> Iterator[str]:
    """The first part of the page."""
    gathered = gather([runs / VARIED], with_evidence=False)
    yield INTRODUCTION.format(trials=len(gathered.trials), steps=len(gathered.rows))
    for one in found:
        estimate = one.parameter.estimate
        yield (
            f"| {one.parameter.name} | {one.parameter.scenario or 'all'} | {one.planted:.2f} | {estimate.value:.3f} | "
            f"{estimate.low:.3f} to {estimate.high:.3f} | {'yes' if one.is_held else '**no**'} |"
        )
    yield ""


def sentences(runs: Path) -> Iterator[str]:
    """What is said of the study under one schedule."""
    rows = gather([runs / UNVARIED], with_evidence=False).rows
    slope = fit_slope(columns_of(rows), rows[0].cell.study, rows[0].cell.model, LEVEL)
    yield "One schedule, severity and dose rising with the step: the report says"
    yield ""
    yield from (f"- {sentence}" for sentence in slope.identifiability.sentences)
    yield from (f"- `{one.name}` is not estimated: {one.reason}" for one in slope.not_estimated)
    yield ""


if __name__ == "__main__":
    main()
