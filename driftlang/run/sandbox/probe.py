"""Whether the sandbox works on this machine, found out by starting one.

In: bubblewrap, the porter and a toolbox. Out: nothing, or why not, with a way to mend it.
Refuses to do: concluding from settings. They are looked at only to say which of them was in the way.
"""

import asyncio
import re
import shutil
import subprocess
from pathlib import Path

from attrs import frozen

from driftlang.run.sandbox.arguments import SHOWN, TmpfsSizes, isolation, system
from driftlang.run.sandbox.bounds import Bounds, most_tasks
from driftlang.run.sandbox.launch import start_box
from driftlang.run.sandbox.porter import Porter
from driftlang.run.sandbox.toolbox import Toolbox
from driftlang.run.server import AttemptError

_WORD = "the sandbox is open"
_SECONDS = 20.0
#: The first that has `--disable-userns`, and sizes of its temporary folders.
_OLDEST = (0, 8)
INSTALL = "install the package `bubblewrap` of your system (`apt-get install bubblewrap`, `dnf install bubblewrap`)"


@frozen
class Obstacle:
    """Why there is no sandbox, and what to do about it."""

    reason: str
    help: str


def find_bubblewrap() -> tuple[Path, str] | Obstacle:
    """The program and its version, where nothing keeps it from being used."""
    if shown := find_shown():
        return shown
    found = shutil.which("bwrap")
    if found is None:
        return Obstacle("bubblewrap (`bwrap`) is not installed", INSTALL)
    try:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as trouble:
        return Obstacle(f"{found} cannot be run: {trouble}", INSTALL)
    version = re.search(r"\d+(\.\d+)+", said.stdout)
    if said.returncode or version is None:
        return Obstacle(f"{found} does not say its version", INSTALL)
    if tuple(map(int, version[0].split(".")[:2])) < _OLDEST:
        older = f"{found} is bubblewrap {version[0]}, which cannot forbid nested user namespaces"
        return Obstacle(older, f"install bubblewrap {'.'.join(map(str, _OLDEST))} or a later one")
    return Path(found), version[0]


def find_shown(program: Path = Path(__file__)) -> Obstacle | None:
    """Whether agents would find this program among the system's folders, and with it what the experiment is."""
    shown = next((folder for folder in SHOWN if program.resolve().is_relative_to(folder)), None)
    if shown is None:
        return None
    return Obstacle(
        f"this program is installed under {shown}, which agents see",
        "install it into a virtual environment elsewhere (`python3 -m venv`, `pipx`)",
    )


async def try_sandbox(bubblewrap: Path, toolbox: Toolbox, porter: Porter) -> Obstacle | None:
    """Start a sandbox that says one word, and enter its network."""
    arguments = (*isolation(), *system(TmpfsSizes(), toolbox.accounts))
    try:
        async with start_box(bubblewrap, arguments, ("/bin/sh", "-c", f"echo {_WORD}"), _SECONDS) as box:
            door = await porter.open(box.network, box.processes, most_tasks(Bounds()))
            try:
                (await door.listen(8080)).close()
            finally:
                door.close()
            box.release()
            async with asyncio.timeout(_SECONDS):
                await box.process.wait()
            said = box.output.read(4096) or b""
    except AttemptError as trouble:
        return Obstacle(trouble.reason, advice(trouble.reason))
    except (OSError, TimeoutError) as trouble:
        return Obstacle(f"a sandbox cannot be started: {trouble}", advice(str(trouble)))
    text = said.decode("utf-8", "replace").strip()
    return None if text == _WORD else Obstacle(f"a program in the sandbox said `{text[:200]}`", advice(text))


def advice(said: str) -> str:
    """What to do about what bubblewrap said, going by the settings that can be the cause."""
    if _reads("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "AppArmor forbids user namespaces: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or load a "
            "profile that lets `bwrap` make them"
        )
    if _reads("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return "user namespaces are forbidden: `sudo sysctl kernel.unprivileged_userns_clone=1`"
    if _reads("/proc/sys/user/max_user_namespaces") == "0":
        return "there may be no user namespaces: `sudo sysctl user.max_user_namespaces=15000`"
    if "mount" in said or "proc" in said:
        return "mounts are forbidden here: give this container `--security-opt systempaths=unconfined`"
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return "this container's seccomp profile may forbid namespaces: run it with `--security-opt seccomp=unconfined`"
    return "run where user namespaces are allowed"


def _reads(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except OSError:
        return ""
