"""Sockets in the network of a sandbox, made from outside of it.

In: the network namespace of a sandbox. Out: TCP sockets that belong to it, for the runner to listen with or connect.
Refuses to do: running anything inside the sandbox. No byte is copied on its way, and inside nothing can be seen but a
port that is open.
"""

import asyncio
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from driftlang.run.server import AttemptError

_PROGRAM = Path(__file__).with_name("porter_process.py")
#: How long a socket may take, in seconds; it takes less than a thousandth.
_SECONDS = 10.0
_CLOSED = "the sandbox's network cannot be entered"


class Door:
    """Makes sockets in one sandbox, until it is closed; made by `Porter.open`."""

    def __init__(self, asking: socket.socket) -> None:
        self._asking = asking
        self._turn = asyncio.Lock()

    async def make_socket(self) -> socket.socket:
        """A TCP socket of the sandbox's network, neither bound nor connected.

        Raises:
            AttemptError: none can be had.
        """
        async with self._turn:
            try:
                self._asking.send(b"s")
                async with asyncio.timeout(_SECONDS):
                    await self._answered()
                # One that was asked for by somebody who has gone is as good.
                message, given, _, _ = socket.recv_fds(self._asking, 256, 1)
            except OSError as trouble:
                raise AttemptError(f"{_CLOSED}: {trouble.strerror or 'its porter does not answer'}") from trouble
        if not given:
            raise AttemptError(f"{_CLOSED}: {message.decode('utf-8', 'replace') or 'its porter has gone'}")
        made = socket.socket(fileno=given[0])
        made.setblocking(False)
        return made

    async def _answered(self) -> None:
        loop = asyncio.get_running_loop()
        arrived: asyncio.Future[None] = loop.create_future()

        def note() -> None:
            if not arrived.done():
                arrived.set_result(None)

        loop.add_reader(self._asking, note)
        try:
            await arrived
        finally:
            loop.remove_reader(self._asking)

    async def listen(self, port: int) -> socket.socket:
        """A socket that listens on `port` of the sandbox's own loopback."""
        made = await self.make_socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
        made.listen(128)
        return made

    def close(self) -> None:
        """Let the porter's process for this sandbox end."""
        self._asking.close()


class Porter:
    """The process behind the doors of a run, alive while the context is open; one that was killed is started again."""

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._end)

    async def open(self, network: int, processes: int, most: int) -> Door:
        """A door into a network namespace; the namespace of processes may hold `most` tasks from then on.

        Both are given as descriptors that may be closed afterwards.

        Raises:
            AttemptError: there is no porter, and none can be started.
        """
        try:
            try:
                return self._announce(network, processes, most)
            except OSError:
                await asyncio.to_thread(self._end)
                await asyncio.to_thread(self._start)
                return self._announce(network, processes, most)
        except OSError as trouble:
            raise AttemptError(f"{_CLOSED}: {trouble.strerror or 'its porter has gone'}") from trouble

    def _announce(self, network: int, processes: int, most: int) -> Door:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                socket.send_fds(self._channel, [str(most).encode()], [network, theirs.fileno(), processes])
            except OSError:
                ours.close()
                raise
        ours.setblocking(False)
        return Door(ours)

    def _start(self) -> None:
        self._channel, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with end:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_PROGRAM), str(end.fileno())],
                pass_fds=(end.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={},
                start_new_session=True,  # an interrupt of the terminal is the runner's to handle
            )

    def _end(self) -> None:
        self._channel.close()  # which ends the process
        self._process.wait()
