"""What can befall OpenCode itself, and what a run is to make of it.

In: nothing; this module defines. Out: `SERVER_FAULTS`, in the order of the table. Each strikes while OpenCode waits for
the model's answer, and lets the model go on as if nothing were.
"""

import asyncio
import os
import resource
import signal
from pathlib import Path

from aiohttp import web
from fault_expectations import ENDS, Expected
from fault_provider import Deed, Fault, Strike
from provider_deeds import say_much
from small_plans import rows_of

from driftlang.run.reaping import marked

_MARKER = (
    "SELECT marker FROM attempts JOIN trials USING (trial) "
    "WHERE trials.position = ? AND attempts.status = 'running' ORDER BY attempt DESC"
)
#: Less than the server has taken already, so that it gets nothing more.
_NO_MEMORY = 256 * 2**20


def _server_of(strike: Strike) -> int:
    """Process id of the OpenCode server of the trial that is struck."""
    (marker, *_) = rows_of(strike.provider.run_folder, _MARKER, strike.plant.run - 1)[0]
    (server,) = (process for process in marked(marker) if _is_server(process))
    return server


def _is_server(process: int) -> bool:
    program, *arguments = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    return program.endswith(b"opencode") and b"serve" in arguments[:1]


def _signal(number: signal.Signals) -> Deed:
    async def deed(strike: Strike) -> web.StreamResponse:
        os.kill(await asyncio.to_thread(_server_of, strike), number)
        return await strike.play()

    return deed


async def _starve(strike: Strike) -> web.StreamResponse:
    """No more memory for the server, just when it has much to read."""
    server = await asyncio.to_thread(_server_of, strike)
    resource.prlimit(server, resource.RLIMIT_AS, (_NO_MEMORY, _NO_MEMORY))
    return await say_much(10)(strike)


SERVER_FAULTS: tuple[tuple[Fault, Expected], ...] = (
    (
        Fault("OpenCode killed", "SIGKILL in the middle of a turn", _signal(signal.SIGKILL)),
        Expected(ENDS, "the server ended"),
    ),
    (
        Fault("OpenCode hung", "SIGSTOP in the middle of a turn", _signal(signal.SIGSTOP)),
        Expected(ENDS, "questions for its health unanswered"),
    ),
    (
        Fault("OpenCode out of memory", "it gets no more, and 10 MB to read", _starve),
        Expected(ENDS, "step 2", varies="step 2 (redis): how OpenCode ended, or that its answer did"),
    ),
)
