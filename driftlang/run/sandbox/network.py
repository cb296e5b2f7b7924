"""The runner's way to a port inside a sandbox.

In: a `Door`. Out: an HTTP transport whose connections are sockets of the sandbox's own network.
Refuses to do: connecting to any address but the one that it is asked for there.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress

import httpcore
import httpx

from driftlang.run.sandbox.porter import Door
from driftlang.run.server import AttemptError

#: How long a connection may take to be closed, in seconds.
_SECONDS = 1.0


class DoorTransport(httpx.AsyncHTTPTransport):
    """HTTP over sockets that a door makes."""

    def __init__(self, door: Door) -> None:
        super().__init__(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False)
        # httpx has no parameter for this; the pool and its network backend are httpcore's public interface.
        self._pool = httpcore.AsyncConnectionPool(network_backend=_DoorBackend(door))


class _DoorBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, door: Door) -> None:
        self._door = door

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface is httpcore's
        local_address: str | None = None,  # noqa: ARG002 - the interface is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - the interface is httpcore's
    ) -> httpcore.AsyncNetworkStream:
        try:
            made = await self._door.make_socket()
        except AttemptError as trouble:
            raise httpcore.ConnectError(trouble.reason) from trouble
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            async with asyncio.timeout(timeout):
                await asyncio.get_running_loop().sock_connect(made, (host, port))
                reader, writer = await asyncio.open_connection(sock=made)
        except BaseException as trouble:
            made.close()
            if isinstance(trouble, TimeoutError):
                raise httpcore.ConnectTimeout(str(trouble)) from trouble
            if isinstance(trouble, OSError):
                raise httpcore.ConnectError(str(trouble)) from trouble
            raise
        return _Stream(reader, writer)


class _Stream(httpcore.AsyncNetworkStream):
    """asyncio's streams as httpcore wants them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        try:
            async with asyncio.timeout(timeout):
                return await self._reader.read(max_bytes)
        except TimeoutError as trouble:
            raise httpcore.ReadTimeout(str(trouble)) from trouble
        except OSError as trouble:
            raise httpcore.ReadError(str(trouble)) from trouble

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        try:
            async with asyncio.timeout(timeout):
                self._writer.write(buffer)
                await self._writer.drain()
        except TimeoutError as trouble:
            raise httpcore.WriteTimeout(str(trouble)) from trouble
        except OSError as trouble:
            raise httpcore.WriteError(str(trouble)) from trouble

    async def aclose(self) -> None:
        self._writer.close()
        # Until then the descriptor is open, and a loop that ends first would leave it so.
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_SECONDS):
                await self._writer.wait_closed()

    def get_extra_info(self, info: str) -> object:
        """What httpcore asks to see whether an idle connection was closed by the other side."""
        if info == "is_readable":
            return self._reader.at_eof()
        return self._writer.get_extra_info(info)
