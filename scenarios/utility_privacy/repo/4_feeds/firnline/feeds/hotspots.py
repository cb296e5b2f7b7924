"""Hotspots: phones that were registered with a pass and are seen by an aerial."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from firnline.ledger import Ledger

PAUSE = timedelta(minutes=15)


@dataclass(frozen=True)
class Ping:
    """An aerial saw a phone."""

    aerial: str
    pass_number: str
    at: datetime


async def relay(pings: asyncio.Queue[Ping | None], ledger: Ledger) -> int:
    """Put pings into the ledger until `None` comes; return how many were put."""
    raise NotImplementedError
