"""Line-based conversations over a socket, for partners that do not speak HTTP."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from parcels.config import Endpoint
from parcels.errors import PartnerError

LINE_END = "\r\n"
FRAME_END = "\0"


class Lines:
    """A connected socket that sends and receives one line at a time."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._reader = connection.makefile("r", encoding="utf-8", newline="\n")

    def send(self, line: str = "") -> None:
        """Send `line` and a line end."""
        self._connection.sendall((line + LINE_END).encode())

    def end_frame(self, body: str = "") -> None:
        """Send the body of a frame and the mark that ends it."""
        self._connection.sendall((body + FRAME_END).encode())

    def receive(self) -> str:
        """Return the next line without its end; raise when the partner hung up."""
        line = self._reader.readline()
        if not line:
            raise EOFError("the partner hung up")
        return line.rstrip(LINE_END)

    def close(self) -> None:
        """Hang up."""
        self._reader.close()
        self._connection.close()


@contextmanager
def open_lines(endpoint: Endpoint) -> Iterator[Lines]:
    """Connect to `endpoint` for one conversation; failures become `PartnerError`."""
    address = (endpoint.host, endpoint.port)
    try:
        lines = Lines(socket.create_connection(address, timeout=endpoint.timeout))
        try:
            yield lines
        finally:
            lines.close()
    except (OSError, EOFError) as error:
        raise PartnerError(endpoint.host, f"conversation failed ({error})") from error
