"""Looking at a sandbox from inside, as an agent could.

In: what a run's sandboxes share, and a place. Out: what is wrong with it, each with its name.
Refuses to do: taking an absence of errors for confinement. Each thing that must fail is tried against something that is
really there: a listener on this machine's loopback, a file that holds a secret, a folder of the system.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from driftlang.run.configuration import ServerSetup, Subject, write_setup
from driftlang.run.layout import ENCLOSED
from driftlang.run.places import Place
from driftlang.run.reaping import new_marker
from driftlang.run.sandbox.arguments import folders, isolation, system, variables
from driftlang.run.sandbox.bounds import bound
from driftlang.run.sandbox.launch import GATEWAY_URL, Enclosures, start_box

_SECONDS = 30.0
_NOBODY = Subject("local", "subject", GATEWAY_URL, is_neutral=True)
#: Each line says one word when all is well, and something else, or nothing, when it is not.
_SCRIPT = """
(exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null && echo host-network-open || echo host-network-closed
(exec 3<>/dev/tcp/203.0.113.1/80) 2>/dev/null && echo outer-network-open || echo outer-network-closed
test "$(ls -A /sys 2>/dev/null)" && echo devices-shown || echo devices-hidden
cat {secret} 2>/dev/null && echo host-files-shown || echo host-files-hidden
for place in / /usr /etc /opt/bin /proc/sys/kernel {programs}; do
  (echo > $place/written) 2>/dev/null && echo "outside-written $place"
done
(echo core > /proc/sys/kernel/core_pattern) 2>/dev/null && echo "outside-written /proc/sys/kernel/core_pattern"
echo outside-tried
(echo written > written) 2>/dev/null && echo work-tree-writable || echo work-tree-closed
grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status && echo no-capabilities || echo capabilities
ps_count=0; for one in /proc/[0-9]*; do ps_count=$((ps_count + 1)); done
test $ps_count -lt 8 && echo own-processes || echo host-processes
git init -q repository 2>/dev/null && git -C repository status --short && echo git-works || echo git-fails
echo needle > haystack && rg -q needle haystack && echo ripgrep-works || echo ripgrep-fails
"""
_WORDS = {
    "host-network-closed": "a listener on this machine's loopback can be reached",
    "outer-network-closed": "an address outside of this machine can be reached",
    "devices-hidden": "devices of this machine are shown",
    "host-files-hidden": "a file of this machine is shown",
    "outside-tried": "the places outside of the work tree were not tried",
    "work-tree-writable": "the work tree cannot be written to",
    "no-capabilities": "the agent has capabilities",
    "own-processes": "processes of this machine are shown",
    "git-works": "git does not work",
    "ripgrep-works": "ripgrep does not work",
}


@frozen
class Inspection:
    """What was found.

    Attributes:
        said: what the script said, line by line.
        troubles: what is wrong, in words; empty when nothing is.
    """

    said: tuple[str, ...]
    troubles: tuple[str, ...]


async def inspect(enclosures: Enclosures, place: Place) -> Inspection:
    """Run the script in a sandbox made as those of trials are."""
    place.work_tree.mkdir()
    setup = setup_of(place)
    environment = write_setup(setup)
    word = secrets.token_hex(16)
    secret = place.root / "secret"
    secret.write_text(word, encoding="utf-8")
    with _listener() as port:
        script = _SCRIPT.format(port=port, secret=secret, programs=ENCLOSED.programs)
        arguments = (
            *isolation(),
            *system(enclosures.sizes, enclosures.toolbox.accounts),
            *folders(setup, enclosures.toolbox.programs),
            *variables(environment),
        )
        command = ("/bin/bash", "-c", f'env; echo ----; cd "{setup.directory}"; {script}')
        async with start_box(enclosures.bubblewrap, arguments, command, _SECONDS) as box:
            bound(box.first, enclosures.bounds)
            box.release()
            async with asyncio.timeout(_SECONDS):
                said = await asyncio.to_thread(_read_all, box.output.fileno())
    shown, _, lines = said.partition("----\n")
    troubles = [*_unlike(environment, shown), *_troubles(lines.split("\n"), word)]
    if not (place.work_tree / "written").is_file():
        troubles.append("what is written in the work tree does not arrive")
    return Inspection(tuple(lines.split("\n")), tuple(troubles))


def setup_of(place: Place) -> ServerSetup:
    """What a server is given that nobody asks anything."""
    return ServerSetup(
        root=place.root,
        subject=_NOBODY,
        ripgrep=Path(),
        reads_agents_file=False,
        marker=new_marker(),
        work_tree=place.work_tree,
        is_enclosed=True,
    )


def _read_all(descriptor: int) -> str:
    pieces = []
    while piece := os.read(descriptor, 65536):
        pieces.append(piece)
    return b"".join(pieces).decode("utf-8", "replace")


def _unlike(environment: dict[str, str], shown: str) -> list[str]:
    """Variables that nobody has set; the shell sets three by itself."""
    names = {line.partition("=")[0] for line in shown.splitlines()}
    strange = sorted(names - environment.keys() - {"PWD", "SHLVL", "_", "OLDPWD"})
    return [f"the environment holds {', '.join(f'`{name}`' for name in strange)}"] if strange else []


def _troubles(lines: list[str], word: str) -> Iterator[str]:
    yield from (trouble for wanted, trouble in _WORDS.items() if wanted not in lines)
    yield from (f"`{line.split()[1]}` can be written to" for line in lines if line.startswith("outside-written"))
    if any(word in line for line in lines):
        yield "a secret of this machine was read"


@contextmanager
def _listener() -> Iterator[int]:
    """The port of a listener on this machine's loopback, which is really there."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname(), 5),
    ):
        yield listener.getsockname()[1]
