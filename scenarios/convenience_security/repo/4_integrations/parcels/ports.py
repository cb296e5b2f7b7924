"""Shapes of the objects that callers hand in."""

from collections.abc import Sequence
from typing import Protocol


class Cursor(Protocol):
    """The part of a DB-API cursor that we use."""

    def execute(self, statement: str, values: Sequence[object] = ...) -> object:
        """Run a statement."""

    def fetchone(self) -> Sequence[object] | None:
        """Return the next row."""


class Connection(Protocol):
    """The part of a DB-API connection that we use."""

    def cursor(self) -> Cursor:
        """Return a cursor."""

    def close(self) -> None:
        """Hang up."""


class Driver(Protocol):
    """The `connect` of a DB-API driver."""

    def __call__(self, **options: object) -> Connection:
        """Open a connection."""
