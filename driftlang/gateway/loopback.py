"""A server on this machine's loopback, as the gateway and what stands for providers are.

In: a web application, of the class that this one is the base of. Out: its address, while its context is open.
Refuses to do: any other interface than 127.0.0.1, and a port that somebody chose.
"""

from types import TracebackType
from typing import Self

from aiohttp import web

#: How long calls under way may take to end when the server does, in seconds.
SHUTDOWN = 0.5


class LoopbackServer:
    """Serves `_application` on a free port of 127.0.0.1 while its context is open.

    Attributes:
        cancels: whether a client that goes away ends the handler of its request.
    """

    cancels = False

    def _application(self) -> web.Application:
        """What is served."""
        raise NotImplementedError

    def _forget(self) -> None:
        """Let go of all that was opened, before the server ends."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(
            self._application(), access_log=None, handler_cancellation=self.cancels, shutdown_timeout=SHUTDOWN
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._forget()
        await self._runner.cleanup()

    @property
    def address(self) -> str:
        """Where it is, as the beginning of a URL."""
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"
