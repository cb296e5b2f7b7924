"""Calls, who makes them, and what they are answered with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stallpay.errors import NotGrantedError


@dataclass(frozen=True)
class Caller:
    """Somebody who may do what `grants` says, with the purse that is theirs."""

    name: str
    purse: str
    grants: frozenset[str] = frozenset()

    def needs(self, grant: str) -> None:
        """Raise `NotGrantedError` unless the caller has the grant."""
        if grant not in self.grants:
            raise NotGrantedError(f"{self.name} lacks {grant}")


@dataclass(frozen=True)
class Call:
    """A request that has come in.

    `slip` is the slip that came along with it, `admitted_as` the caller that the
    front door found for that slip.
    """

    slip: str
    admitted_as: Caller
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What goes back, with a status as in HTTP."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
