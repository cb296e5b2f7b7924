"""How often nominal 95 % intervals hold the truth, and how often tests at 5 % reject what is true.

Studies are played in memory, thousands a setting, and estimated by the functions that the report uses, beside other
well-known intervals. Fails where an offered method covers less than 93 %, has no width, or rejects more than 5.5 %.

    python -m tests.bench.coverage [--studies 2000] [--output generated/coverage.md]
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from attrs import field, frozen

from driftlang.estimate.bounded import lower_limits, upper_limits
from driftlang.estimate.mover import mover, zero_sum_p_values
from driftlang.estimate.offers import BOUNDED_MEAN, INVERTED, MOVER, SIGN_FLIPS
from driftlang.estimate.sign_flips import sign_flip_p_value
from tests.bench.coverage_peers import Limits, Numbers, betting, joint_limits, paired_t, percentile_bootstrap
from tests.bench.coverage_settings import ASYMMETRY, EFFECT, SETTINGS, Setting, draw

LEVEL = 0.95
RUNS = (3, 5, 10, 20, 30, 50, 100)
STUDIES = 2000
#: Times as many studies for the exact test, whose stated level its true one comes near.
MORE = 10
LEAST_COVERAGE, MOST_REJECTIONS = 0.93, 0.055
#: Limits are right to about this.
_EXACT = 1e-9
PEERS = ("joint", "betting", "t", "bootstrap")
INTRODUCTION = """\
# Coverage of the estimates

Made by `make coverage`: {studies:,} simulated studies in each row (ten times as many for sign flips under their own
null), 12 steps a run, nominal 95 % intervals, tests at 5 %. The Monte Carlo error of a coverage of .95 is {error:.3f}.

Offered at every number of runs, since they cover at least .93 in every row, always have a width, and reject at most
.055 of what is true (the lowest coverage of all rows is {lowest}):
"""
LEGEND = """\
Not offered, shown for the asymmetry alone: the paired t interval and the percentile bootstrap fail where a run breaks
all of its steps or none, and have no width where all runs agree; joint limits (Bonferroni) and betting (Waudby-Smith
and Ramdas 2024) cover and are wider. Every entry is coverage / mean width; a coverage below .93 is **bold**. Rates are
those of opposing and placebo, then of the mirrored direction. Rejections are given where the means balance: by
inversion, by sign flips (in parentheses where only the weak null is true, which they do not test), by the paired t.
"""


@frozen
class Interval:
    """The share of studies whose interval holds the truth, its mean width and the narrowest of all."""

    coverage: float
    width: float
    narrowest: float


@frozen
class Row:
    """One setting at one number of runs. Rejections are shares of studies; a test whose null is false has none."""

    setting: Setting
    runs: int
    mean: Interval
    effect: Interval
    asymmetry: Interval
    peers: Mapping[str, Interval]
    rejections: Mapping[str, float] = field(factory=dict)

    @property
    def faults(self) -> list[str]:
        """What is wrong with the offered methods here."""
        place = f"{self.setting.name}, {self.runs} runs"
        offered = {"mean": self.mean, "effect": self.effect, "asymmetry": self.asymmetry}
        found = [f"{place}: the {name} covers {one.coverage:.3f}" for name, one in offered.items() if is_low(one)]
        found += [f"{place}: the {name} has no width" for name, one in offered.items() if one.narrowest <= 0]
        for test in ("inverted", "flips"):
            if self.rejections.get(test, 0.0) > MOST_REJECTIONS:
                found.append(f"{place}: {test} rejects {self.rejections[test]:.3f}")
        return found


def is_low(interval: Interval) -> bool:
    """Whether it covers less than is asked of an offered one."""
    return interval.coverage < LEAST_COVERAGE


def measure(setting: Setting, runs: int, studies: int) -> Row:
    """Play and estimate `studies` studies; the seed follows from the setting and the runs."""
    random = dice(f"{setting.name} {runs}")
    values = draw(setting, runs, studies, random)
    first = values[0]
    tail = (1 - LEVEL) / 2
    sums = np.tensordot(np.asarray(ASYMMETRY), values, axes=1)
    peers = {
        "joint": joint_limits(values, ASYMMETRY, LEVEL),
        "betting": betting(sums, 2.0, LEVEL, random),
        "t": paired_t(sums, LEVEL),
        "bootstrap": percentile_bootstrap(sums, LEVEL, random),
    }
    return Row(
        setting,
        runs,
        judged((lower_limits(first, tail), upper_limits(first, tail)), setting.cells[0].rate),
        judged(mover(values[:2], EFFECT, tail), setting.effect),
        judged(mover(values, ASYMMETRY, tail), setting.asymmetry),
        {name: judged(limits, setting.asymmetry) for name, limits in peers.items()},
        rejections(setting, values, sums, peers["t"]),
    )


def dice(name: str) -> np.random.Generator:
    """Random numbers that follow from a name."""
    return np.random.default_rng(int.from_bytes(sha256(name.encode()).digest()[:8], "big"))


def judged(limits: Limits, truth: float) -> Interval:
    """How limits do against the truth."""
    low, high = limits
    holds = (low <= truth + _EXACT) & (truth - _EXACT <= high)
    return Interval(float(holds.mean()), float((high - low).mean()), float((high - low).min()))


def rejections(setting: Setting, values: Numbers, sums: Numbers, t_limits: Limits) -> dict[str, float]:
    """How often each test rejects at 5 %, where its null is true; sign flips also where only the weak null is."""
    if setting.asymmetry:
        return {}
    low, high = t_limits
    if setting.is_exchangeable:
        more = draw(setting, sums.shape[1], MORE * len(sums), dice(f"{setting.name} {sums.shape[1]} flips"))
        sums = np.tensordot(np.asarray(ASYMMETRY), more, axes=1)
    flips = np.array([sign_flip_p_value(row) for row in sums])
    return {
        "inverted": float((zero_sum_p_values(values, ASYMMETRY) <= 1 - LEVEL).mean()),
        "flips" if setting.is_exchangeable else "flips, weak null": float((flips <= 1 - LEVEL).mean()),
        "t": float(((low > _EXACT) | (high < -_EXACT)).mean()),
    }


def table(rows: Sequence[Row], studies: int) -> str:
    """The page: what is offered, and a table for each number of runs."""
    error = np.sqrt(LEVEL * (1 - LEVEL) / studies)
    lowest = min(min(row.mean.coverage, row.effect.coverage, row.asymmetry.coverage) for row in rows)
    lines = [
        *INTRODUCTION.format(studies=studies, error=error, lowest=shown(lowest)).splitlines(),
        "",
        f"- mean over runs: {BOUNDED_MEAN}",
        f"- pressure effect and asymmetry: {MOVER}",
        f"- test of the weak null, that the means balance: {INVERTED}",
        f"- test of the sharp null, that no run would have ended otherwise: {SIGN_FLIPS}",
        "",
        *LEGEND.splitlines(),
        "",
    ]
    for runs in dict.fromkeys(row.runs for row in rows):
        lines += [f"## {runs} runs", "", *head(), *(line(row) for row in rows if row.runs == runs), ""]
    return "\n".join(lines)


def head() -> list[str]:
    """The first two lines of a table."""
    names = ("setting", "rates", "mean", "effect", "asymmetry", "joint", "betting", "paired t", "bootstrap", "rejected")
    return [f"| {' | '.join(names)} |", f"|---|---|{'---:|' * (len(names) - 2)}"]


def line(row: Row) -> str:
    """One row of a table."""
    one, two, three, four = (f"{cell.rate:g}".removeprefix("0") or "0" for cell in row.setting.cells)
    intervals = (row.mean, row.effect, row.asymmetry, *(row.peers[name] for name in PEERS))
    entries = (row.setting.name, f"{one} {two}; {three} {four}", *map(entry, intervals), rejected(row.rejections))
    return f"| {' | '.join(entries)} |"


def entry(interval: Interval) -> str:
    """Coverage and mean width."""
    coverage = f"**{shown(interval.coverage)}**" if is_low(interval) else shown(interval.coverage)
    return f"{coverage} / {interval.width:.2f}"


def rejected(found: Mapping[str, float]) -> str:
    """Rejections by each test."""
    if not found:
        return ""
    flips = shown(found["flips"]) if "flips" in found else f"({shown(found['flips, weak null'])})"
    return f"{shown(found['inverted'])}, {flips}, {shown(found['t'])}"


def shown(share: float) -> str:
    """A share to three places, without the leading zero."""
    return f"{share:.3f}".removeprefix("0")


def main() -> None:
    """Make the table, write it, and say what is wrong with what is offered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=STUDIES)
    parser.add_argument("--output", type=Path, default=Path("generated/coverage.md"))
    wishes = parser.parse_args()
    rows = []
    for runs in RUNS:
        for setting in SETTINGS:
            row = measure(setting, runs, wishes.studies)
            rows.append(row)
            print(line(row), *row.faults, flush=True)
    wishes.output.write_text(table(rows, wishes.studies), encoding="utf-8")
    faults = [fault for row in rows for fault in row.faults]
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
