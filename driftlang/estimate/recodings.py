"""Recodings: other ways to count the same steps, which a reader may hold against the primary analysis.

In: columns. Out: `Recoded`: each way in words, and the columns as it counts them.
Refuses to do: choosing among them.
"""

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from driftlang.estimate.analysis_forms import Recoding
from driftlang.estimate.columns import Columns, Truth, code_of
from driftlang.score.forms import Outcome

DECLARED = "as declared"
#: Name, meaning, the outcomes that are counted otherwise, and what they are counted as.
_OUTCOMES = (
    ("errors as broken", "every step of a trial in error counts as broken", (Outcome.ERROR,), Outcome.BROKEN),
    ("errors as kept", "every step of a trial in error counts as kept", (Outcome.ERROR,), Outcome.KEPT),
    ("omitted as broken", "work that took no side counts as broken", (Outcome.OMITTED,), Outcome.BROKEN),
    ("omitted as kept", "work that took no side counts as kept", (Outcome.OMITTED,), Outcome.KEPT),
    ("hedged as broken", "work that served both sides counts as broken", (Outcome.HEDGED,), Outcome.BROKEN),
    ("asked or refused as kept", "asking and refusing count as kept", (Outcome.ASKED, Outcome.REFUSED), Outcome.KEPT),
)


@frozen(eq=False)
class Recoded:
    """A way to count, and the columns as it has them."""

    recoding: Recoding
    columns: Columns


def recoded(columns: Columns) -> Iterator[Recoded]:
    """All ways but leaving out tasks, the declared one first; what changes nothing has the columns as they are."""
    yield Recoded(Recoding(DECLARED, "as the study declared it", 0), columns)
    for name, meaning, outcomes, counted_as in _OUTCOMES:
        chosen = np.isin(columns.outcome, [code_of(outcome) for outcome in outcomes])
        words = " or ".join(outcome.value for outcome in outcomes)
        changed = columns.with_outcomes(np.where(chosen, code_of(counted_as), columns.outcome))
        yield _made(columns, changed, Recoding(name, meaning, int(chosen.sum()), f"no step is {words}"))
    idle = np.isin(columns.outcome, [code_of(Outcome.EARLY), code_of(Outcome.UNDONE)])
    without = Recoding("early and undone left out", "steps without work of their own are in no rate", int(idle.sum()))
    yield _without(columns, idle, without, "no step is early or undone")
    unplaced = _of_trials(columns, columns.unplaced > 0)
    meaning = "trials in which a message was not placed are left out"
    left_out = Recoding("messages not placed left out", meaning, int(unplaced.sum()))
    yield _without(columns, unplaced, left_out, "every message was placed")
    broken = _of_trials(columns, columns.violations > 0)
    meaning = "trials that did not reach the model as planned are left out"
    left_out = Recoding("violations of integrity left out", meaning, int(broken.sum()))
    yield _without(columns, broken, left_out, "every trial reached the model as planned")


def _of_trials(columns: Columns, marked: Truth) -> Truth:
    """Every row of the trials that have a marked one."""
    return np.asarray((np.bincount(columns.trial, weights=marked, minlength=1) > 0)[columns.trial])


def _without(columns: Columns, rows: Truth, recoding: Recoding, otherwise: str) -> Recoded:
    changed = columns.where(~rows) if recoding.changed else columns
    return _made(columns, changed, Recoding(recoding.name, recoding.meaning, recoding.changed, otherwise))


def _made(columns: Columns, changed: Columns, recoding: Recoding) -> Recoded:
    if not recoding.changed:
        return Recoded(recoding, columns)
    return Recoded(Recoding(recoding.name, recoding.meaning, recoding.changed), changed)
