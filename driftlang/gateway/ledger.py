"""The ledger: what a run has spent, and whether it may spend more.

In: what each call may cost at most before it is made, and what it did cost. Out: leave to make it, or the reason why
not; the sum.
Refuses to do: letting the budget be passed. A call under way counts with all that it may cost, and one whose cost is
never stated goes on counting so; what a killed runner had under way counts in the next run.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from driftlang.diagnostics.failure import Failure

#: Name of the ledger's file in a run's folder.
LEDGER_FILE = "spending.jsonl"


class Ledger:
    """One run's money.

    Args:
        budget: dollars that may be spent in all; nothing for no bound.
        path: the file that every call is written to before it is made and after; nothing to keep none.

    Attributes:
        spent: dollars so far, of calls that have ended.
        exceeded: why nothing more may be spent; empty while it may.
    """

    def __init__(self, budget: Decimal | None = None, path: Path | None = None) -> None:
        self.budget = budget
        self.exceeded = ""
        self._path = path
        self._open: dict[str, Decimal] = {}
        self._changed = asyncio.Event()
        self._largest = Decimal(0)
        self.spent = Decimal(0)
        if path is not None:
            self.spent = sum(_read(path).values(), Decimal(0))

    async def admit(self, most: Decimal) -> str:
        """Leave to make a call that costs at most `most` dollars: its name, or empty when the budget is out.

        Waits while only the calls under way keep it from fitting, since most of them cost less than they may.
        """
        self._largest = max(self._largest, most)
        while not self.exceeded and not self._fits(most):
            if not self._may_fit(most):
                self._exceed(most)
                break
            await self._changed.wait()
        if self.exceeded:
            return ""
        call = uuid4().hex
        self._open[call] = most
        self._write({"call": call, "most": str(most)})
        return call

    def settle(self, call: str, dollars: Decimal | None) -> None:
        """A call has ended and has cost `dollars`; nothing where that is not known: then it counts as the most."""
        most = self._open.pop(call)
        cost = most if dollars is None else dollars
        self.spent += cost
        self._write({"call": call, "cost": str(cost)})
        self._wake()

    def refuse_turn(self) -> str:
        """Why no new turn should begin, or empty. A turn needs room for one call at least."""
        if not self.exceeded and self._largest and not self._may_fit(self._largest):
            self._exceed(self._largest)
        return self.exceeded

    def _may_fit(self, most: Decimal) -> bool:
        return self.budget is None or self.spent + most <= self.budget

    def _fits(self, most: Decimal) -> bool:
        return self.budget is None or self.spent + sum(self._open.values(), most) <= self.budget

    def _exceed(self, most: Decimal) -> None:
        self.exceeded = (
            f"the budget of {shown(self.budget)} is used up: ${self.spent:.4f} is spent, and the next model call may "
            f"cost up to ${most:.4f}"
        )
        self._wake()

    def _wake(self) -> None:
        """Let those that wait look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    def _write(self, entry: dict[str, str]) -> None:
        if self._path is None:
            return
        line = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                os.write(descriptor, line)
            finally:
                os.close(descriptor)
        except OSError as trouble:
            self.exceeded = self.exceeded or f"{self._path.name}: {(trouble.strerror or str(trouble)).lower()}"


def shown(dollars: Decimal | None) -> str:
    """An amount in cents, or to its last digit where cents do not say it."""
    if dollars is None:
        return "no bound"
    return f"${dollars:.2f}" if dollars == round(dollars, 2) else f"${dollars.normalize():f}"


def _read(path: Path) -> dict[str, Decimal]:
    """What every call has cost: as it was stated, or the most that it may, of one that never ended."""
    costs: dict[str, Decimal] = {}
    for entry in _entries(path):
        call = entry.get("call")
        amount = entry.get("cost", entry.get("most"))
        if isinstance(call, str) and isinstance(amount, str):
            costs[call] = Decimal(amount)
    return costs


def _entries(path: Path) -> Iterator[dict[str, object]]:
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as trouble:
        message = f"{path} cannot be read: {(trouble.strerror or str(trouble)).lower()}"
        raise Failure(message, help="make it readable, so that what was spent is known") from trouble
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:  # the last line of a runner that was killed amid it: its call was not made
            continue
        if isinstance(entry, dict):
            yield entry
