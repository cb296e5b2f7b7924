"""How an attempt at a trial ended, and what that says about those to come.

In: a reason and the status of the last model call. Out: an `Ending`; `same_failure`, by which failures are compared.
Refuses to do: calling a failure final because of its words alone, which differ from provider to provider.
"""

import re
from enum import Enum

from attrs import frozen

#: Answers that come again however often the same is asked: who asks is not known, may not, has not paid, or asks for
#: what is not there.
_FINAL_STATUSES = frozenset({401, 402, 403, 404})
#: What a reason begins with that says where it happened, not what.
_WHERE = re.compile(r"^step \d+ \([^)]*\): ")
#: Ids, counts, times, addresses: words with a digit; statuses of HTTP say what happened and stay.
_VARYING = re.compile(r"(?!\b[45]\d\d\b)\b[\w-]*\d[\w-]*\b")


class Stops(Enum):
    """What a failure puts an end to, beside its attempt."""

    NOTHING = "nothing"
    TRIAL = "trial"
    MODEL = "model"
    RUN = "run"


@frozen
class Ending:
    """How an attempt ended.

    Attributes:
        reason: why it ended in an error; empty when its trial is finished.
        stops: what need not be tried any more.
    """

    reason: str = ""
    stops: Stops = Stops.NOTHING


def ending_of(reason: str, status: int, *, is_final: bool = False) -> Ending:
    """The ending of an attempt whose last model call was answered with `status` (0: there was none).

    `is_final`: another attempt would come to the same.
    """
    if is_final:
        return Ending(reason, Stops.TRIAL)
    return Ending(reason, Stops.MODEL if reason and status in _FINAL_STATUSES else Stops.NOTHING)


def same_failure(reason: str) -> str:
    """What failures with the same cause have in common: no ids, numbers and places."""
    return _VARYING.sub("#", _WHERE.sub("", reason.lower()))
