"""Ski school: who takes part in a lesson."""

from datetime import datetime
from types import TracebackType

from firnline.ledger import Ledger


class Roll:
    """The roll of one lesson, open as long as its `with` block."""

    def __init__(self, slope: str, level: str, at: datetime, ledger: Ledger) -> None:
        raise NotImplementedError

    def present(self, pass_number: str) -> None:
        """Note that a guest takes part."""
        raise NotImplementedError

    def __enter__(self) -> "Roll":
        """Open the roll."""
        raise NotImplementedError

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put everybody who was present into the ledger, unless the lesson failed."""
        raise NotImplementedError
