"""A server's end is noticed at once, whatever it leaves running, and takes everything with it."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from driftlang.run.configuration import ServerSetup, Subject
from driftlang.run.install import VERSION
from driftlang.run.reaping import marked, new_marker
from driftlang.run.server import Server, ServerLimits, serve

#: Answers as OpenCode does to a question for its health; a child in its own session holds its output open.
PROGRAM = f"""#!{sys.executable}
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        said = b'{{"healthy":true,"version":"{VERSION}"}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Handler)
subprocess.Popen(["sleep", "600"], start_new_session=True)
print(f"listening on http://127.0.0.1:{{server.server_port}}", flush=True)
server.serve_forever()
"""
#: Long enough that a test which has to wait for one of them fails by its own bound.
LIMITS = ServerLimits(health_every=300.0, stop=60.0)
BOUND = 30.0


@pytest.fixture
def setup(tmp_path: Path) -> ServerSetup:
    root = tmp_path / "root"
    root.mkdir()
    ripgrep = tmp_path / "rg"
    ripgrep.write_text("")
    return ServerSetup(root, Subject("p", "m", "http://127.0.0.1:9", False), ripgrep, True, new_marker())


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "server"
    path.write_text(PROGRAM)
    path.chmod(0o755)
    return path


async def _started_and(program: Path, setup: ServerSetup, *, is_killed: bool) -> str:
    """Start it, kill it or not, stop it; the reason that was told for its end."""
    why = ""
    async with asyncio.timeout(BOUND), serve(program, setup, LIMITS) as server:
        assert isinstance(server, Server)
        if is_killed:
            os.kill(server.process, signal.SIGKILL)
            why = await server.why_ended(BOUND)
    return why


def test_the_death_of_a_server_is_noticed_while_a_child_holds_its_output(program: Path, setup: ServerSetup):
    assert asyncio.run(_started_and(program, setup, is_killed=True)) == "the server ended by SIGKILL"
    assert marked(setup.marker) == ()


def test_an_orderly_stop_does_not_wait_for_children_and_leaves_none(program: Path, setup: ServerSetup):
    begun = time.monotonic()
    asyncio.run(_started_and(program, setup, is_killed=False))
    assert time.monotonic() - begun < BOUND
    assert marked(setup.marker) == ()


def test_what_a_server_says_before_it_fails_is_its_reason(tmp_path: Path, setup: ServerSetup):
    program = tmp_path / "failing"
    program.write_text("#!/bin/sh\necho no such option\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(Exception, match="ended with exit status 3: no such option"):
        asyncio.run(_started_and(program, setup, is_killed=False))
