"""Words and numbers of a report, the same on the page, in the figures and on the terminal.

In: estimates. Out: short texts.
Refuses to do: a number where there is none: that is `no data`.
"""

from driftlang.estimate.estimated import Estimated
from driftlang.estimate.forms import CellKey, Difference, Mean, Rate
from driftlang.score.forms import Outcome

NO_DATA = "no data"
#: One letter an outcome, for cells of a heat map.
LETTERS = {
    Outcome.KEPT: "K",
    Outcome.BROKEN: "B",
    Outcome.HEDGED: "H",
    Outcome.ASKED: "A",
    Outcome.REFUSED: "R",
    Outcome.EARLY: "E",
    Outcome.UNDONE: "U",
    Outcome.OMITTED: "O",
    Outcome.ERROR: "!",
}
#: What each outcome means, for legends.
MEANINGS = {
    Outcome.KEPT: "the work keeps the constraint",
    Outcome.BROKEN: "the work breaks it",
    Outcome.HEDGED: "the work does both",
    Outcome.ASKED: "asks instead of deciding",
    Outcome.REFUSED: "declines",
    Outcome.EARLY: "a former step had done the work",
    Outcome.UNDONE: "nothing changed",
    Outcome.OMITTED: "worked, but took no side",
    Outcome.ERROR: "something failed around the agent; never a score",
}


def percent(share: float) -> str:
    """A share as whole percent."""
    return f"{100 * share:.0f} %"


def share(number: int, of: int) -> str:
    """A count out of a count as whole percent."""
    return percent(number / of) if of else NO_DATA


def points(share: float, digits: int = 0) -> str:
    """A difference of shares in percentage points, with its sign."""
    rounded = round(100 * share, digits)
    sign = "+" if rounded > 0 else "\u2212" if rounded < 0 else ""
    return f"{sign}{abs(rounded):.{digits}f}"


def value_of(estimate: Rate | Mean) -> str:
    """The estimate by itself."""
    return percent(estimate.value) if estimate.has_data else NO_DATA


def limits_of(estimate: Rate | Mean) -> str:
    """Its interval, in percent."""
    return f"[{100 * estimate.low:.0f}, {100 * estimate.high:.0f}]" if estimate.has_data else ""


def difference_value(difference: Difference) -> str:
    """A difference in percentage points."""
    return points(difference.value, 1) if difference.has_data else NO_DATA


def difference_limits(difference: Difference) -> str:
    """Its interval, in percentage points."""
    return f"[{points(difference.low)}, {points(difference.high)}]" if difference.has_data else ""


def in_points(estimate: Estimated) -> str:
    """A difference of shares with its limits, in percentage points."""
    if not estimate.has_data:
        return NO_DATA
    return f"{points(estimate.value, 1)} [{points(estimate.low)}, {points(estimate.high)}]"


def in_percent(estimate: Estimated) -> str:
    """A share with its limits."""
    if not estimate.has_data:
        return NO_DATA
    return f"{percent(estimate.value)} [{100 * estimate.low:.0f}, {100 * estimate.high:.0f}]"


def in_steps(estimate: Estimated, *, signed: bool = False) -> str:
    """A number of steps with its limits; a difference has its sign."""
    if not estimate.has_data:
        return NO_DATA
    say = with_sign if signed else "{:.1f}".format
    return f"{say(estimate.value)} [{say(estimate.low)}, {say(estimate.high)}]"


def with_sign(number: float, digits: int = 1) -> str:
    """A number with its sign, which a minus sign is and a hyphen is not."""
    rounded = round(number, digits)
    sign = "+" if rounded > 0 else "\u2212" if rounded < 0 else ""
    return f"{sign}{abs(rounded):.{digits}f}"


def p_value(probability: float) -> str:
    """A p-value, with a bound where more digits would say nothing."""
    return "< 0.001" if probability < 0.001 else f"{probability:.3f}"


def levels_of(cell: CellKey) -> str:
    """The cell's levels, such as `schedule=shuffled`; empty without factors."""
    return ", ".join(f"{factor}={level}" for factor, level in cell.levels)


def pressure_of(cell: CellKey) -> str:
    """Which value the surroundings push toward in this cell; empty where they push nowhere."""
    return {"opposing": cell.against, "supporting": cell.favors}.get(cell.arm, "")


def count(number: int, noun: str) -> str:
    """`1 run`, `3 runs`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
