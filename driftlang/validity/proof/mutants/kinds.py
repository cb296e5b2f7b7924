"""The kinds of mutants, and what each must end as.

In: nothing; this module defines. Out: `KINDS`.
"""

from collections.abc import Callable, Iterator
from enum import Enum

from attrs import frozen

from driftlang.validity.proof.mutants.forms import Subject, Work
from driftlang.validity.proof.mutants.hidden import in_comment, in_string
from driftlang.validity.proof.mutants.layout import reformatted, split_over_lines
from driftlang.validity.proof.mutants.names import renamed
from driftlang.validity.proof.mutants.portions import both_at_once, first_half, untouched_stub
from driftlang.validity.proof.mutants.quotes import requoted
from driftlang.validity.proof.mutants.shell import rewritten_commands, wrapped


class Demand(Enum):
    """What a mutant must end as: as its solution does, as nothing, as both sides, or not as the other side."""

    SAME = "same"
    NOTHING = "not exercised"
    BOTH = "both"
    NOT_OTHER = "not the other"


@frozen
class Kind:
    """A kind of mutant.

    Attributes:
        name: as tables and messages have it.
        make: the mutants of a solution; none where it allows none.
        demand: what they must end as.
        said: how the solution is then, in a message.
        is_of_step: whether both solutions of a step have the same ones, so that they are made once.
    """

    name: str
    make: Callable[[Subject], Iterator[Work]]
    demand: Demand
    said: str
    is_of_step: bool = False


def _reformatted(subject: Subject) -> Iterator[Work]:
    yield from reformatted(subject)
    yield from rewritten_commands(subject)


KINDS = (
    Kind("stub", untouched_stub, Demand.NOTHING, "that was not carried out", is_of_step=True),
    Kind("partial", first_half, Demand.NOT_OTHER, "half done"),
    Kind("both at once", both_at_once, Demand.BOTH, "beside the other one", is_of_step=True),
    Kind("in a comment", in_comment, Demand.NOTHING, "in a comment"),
    Kind("in a string", in_string, Demand.NOTHING, "in a string"),
    Kind("reformatted", _reformatted, Demand.SAME, "in other white space"),
    Kind("requoted", requoted, Demand.SAME, "in other quotes"),
    Kind("renamed", renamed, Demand.SAME, "with other names for its locals"),
    Kind("split over lines", split_over_lines, Demand.SAME, "split over lines"),
    Kind("wrapped command", wrapped, Demand.SAME, "in a wrapped command"),
)
