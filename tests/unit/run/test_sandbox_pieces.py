"""Parts of the sandbox that need none: its filter, its mounts, its toolbox, and when it may be missing."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from driftlang.diagnostics.failure import Failure
from driftlang.run.places import take_place
from driftlang.run.sandbox import confinement
from driftlang.run.sandbox.arguments import TmpfsSizes, folders, isolation, system
from driftlang.run.sandbox.confinement import AUTO, BUBBLEWRAP, NONE, Confinement, confine
from driftlang.run.sandbox.filter import refusals
from driftlang.run.sandbox.inspection import setup_of
from driftlang.run.sandbox.porter_process import attend
from driftlang.run.sandbox.probe import Obstacle, advice, find_bubblewrap, find_shown
from driftlang.run.sandbox.toolbox import make_toolbox

REAL = "openai/gpt-5-mini"
ALLOWED, NO_SUCH_CALL, NO_SUCH_FAMILY, NOT_PERMITTED = 0x7FFF0000, 38, 97, 1


def _judge(program: bytes, architecture: int, number: int, *arguments: int) -> int:
    """What a filter says of a call: zero to let it through, or the error; the four operations that it is made of."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, *(*arguments, *[0] * 6)[:6])
    steps = [struct.unpack_from("<HBBI", program, start) for start in range(0, len(program), 8)]
    held = at = 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        match code:
            case 0x20:
                (held,) = struct.unpack_from("<I", data, value)
            case 0x15:
                at += if_true if held == value else if_false
            case 0x35:
                at += if_true if held >= value else if_false
            case 0x06:
                return 0 if value == ALLOWED else value & 0xFFFF


@pytest.mark.parametrize(
    ("machine", "architecture", "calls"),
    [
        ("x86_64", 0xC000003E, {"read": 0, "keyctl": 250, "unshare": 272, "io_uring": 425, "socket": 41, "ioctl": 16}),
        (
            "aarch64",
            0xC00000B7,
            {"read": 63, "keyctl": 219, "unshare": 97, "io_uring": 425, "socket": 198, "ioctl": 29},
        ),
    ],
)
def test_the_filter_refuses_what_reaches_past_namespaces_and_lets_the_rest_through(
    machine: str, architecture: int, calls: dict[str, int]
):
    program = refusals(machine)

    def judge(name: str, *arguments: int) -> int:
        return _judge(program, architecture, calls[name], *arguments)

    assert judge("read", 0, 0, 0) == 0
    assert [judge(name) for name in ("keyctl", "unshare")] == [NO_SUCH_CALL] * 2
    assert [judge("socket", family) for family in (1, 2, 10, 16)] == [0] * 4
    assert [judge("socket", family) for family in (17, 31, 38, 40)] == [NO_SUCH_FAMILY] * 4
    assert [judge("ioctl", 1, request) for request in (0x5401, 0x5412, 0x541C)] == [0, NOT_PERMITTED, NOT_PERMITTED]
    assert _judge(program, 0x40000003, calls["read"]) == NO_SUCH_CALL, "calls of another architecture"
    assert _judge(program, architecture, 0x40000000 + 5) == NO_SUCH_CALL, "calls by other numbers"


def test_an_unknown_machine_has_no_filter():
    assert refusals("riscv64") == b""


def test_nothing_is_mounted_to_be_written_to_but_the_home_and_the_work_tree(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with take_place("t1", "shop") as place:
        given = [*isolation(), *system(TmpfsSizes(), tmp_path), *folders(setup_of(place), tmp_path)]
    targets = [given[at + 2] for at, word in enumerate(given) if word == "--bind"]
    share = "/home/robin/.local/share"
    assert targets == [
        *("/home/robin", "/home/robin/.config", share, "/home/robin/.local/state", "/home/robin/.cache"),
        "/home/robin/shop",
    ]
    read_only = [given[at + 1] for at, word in enumerate(given) if word == "--remount-ro"]
    assert read_only == ["/proc", "/dev", "/"]
    assert {"--unshare-net", "--unshare-user", "--unshare-pid", "--clearenv", "--disable-userns"} <= set(given)


def test_a_toolbox_names_neither_its_user_nor_this_program_and_is_made_once(tmp_path: Path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    sources = []
    for name in ("opencode", "rg"):
        source = tmp_path / "driftlang" / f"installed-{name}"
        source.parent.mkdir(exist_ok=True)
        source.write_text("#!/bin/sh\n")
        source.chmod(0o755)
        sources.append(source)
    made = make_toolbox(*sources)
    assert sorted(path.name for path in made.programs.iterdir()) == ["opencode", "rg"]
    assert "driftlang" not in str(made.programs.relative_to(tmp_path))
    assert make_toolbox(*sources) == made
    (made.programs / "rg").unlink()
    assert (make_toolbox(*sources).programs / "rg").is_file(), "what a cleaner took is there again"
    sources[0].write_text("#!/bin/sh\n# another version\n")
    assert make_toolbox(*sources) != made


def _confined(mode: str, model: str) -> tuple[Confinement, list[str]]:
    notices: list[str] = []

    async def ask() -> Confinement:
        opencode = Path("/nowhere/opencode")
        async with confine(mode, [model, "sim/keeper"], opencode, notices.append) as found:
            return found

    return asyncio.run(ask()), notices


@pytest.fixture
def without_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Obstacle]:
    missing = Obstacle("bubblewrap (`bwrap`) is not installed", "install it")
    monkeypatch.setattr(confinement, "find_bubblewrap", lambda: missing)
    return lambda: missing


@pytest.mark.usefixtures("without_bubblewrap")
def test_without_a_sandbox_simulated_models_run_and_it_is_said():
    found, notices = _confined(AUTO, "sim/breaker")
    assert (found.label, found.is_enclosed) == ("none", False)
    assert notices == ["there is no sandbox (bubblewrap (`bwrap`) is not installed); simulated models run without one"]


@pytest.mark.usefixtures("without_bubblewrap")
@pytest.mark.parametrize(("mode", "model"), [(AUTO, REAL), (BUBBLEWRAP, "sim/breaker"), (BUBBLEWRAP, REAL)])
def test_without_a_sandbox_nothing_runs_that_must_have_one(mode: str, model: str):
    with pytest.raises(Failure) as raised:
        _confined(mode, model)
    assert raised.value.message == "there is no sandbox: bubblewrap (`bwrap`) is not installed"
    assert raised.value.help.startswith("install it; `driftlang doctor` tells more")


def test_no_sandbox_is_had_when_none_is_asked_for():
    found, notices = _confined(NONE, REAL)
    assert (found.label, found.is_enclosed, notices) == ("none", False, [])


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("echo bubblewrap 0.6.1", "is bubblewrap 0.6.1, which cannot forbid nested user namespaces"),
        ("echo hello", "does not say its version"),
        ("exit 3", "does not say its version"),
    ],
)
def test_a_bubblewrap_that_will_not_do_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, reason: str):
    (tmp_path / "bwrap").write_text(f"#!/bin/sh\n{says}\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_bubblewrap()
    assert isinstance(found, Obstacle)
    assert found.reason.endswith(reason)
    assert "install" in found.help


def test_a_program_among_the_folders_that_agents_see_is_in_the_way():
    shown = find_shown(Path("/usr/local/lib/python3.11/site-packages/driftlang/run/sandbox/probe.py"))
    assert shown is not None
    assert shown.reason == "this program is installed under /usr, which agents see"
    assert find_shown(Path("/home/somebody/venv/lib/python3.11/site-packages/driftlang/probe.py")) is None


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor"),
        ("/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
        ("/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces"),
    ],
)
def test_what_is_in_the_way_is_told_apart(monkeypatch: pytest.MonkeyPatch, setting: str, value: str, word: str):
    monkeypatch.setattr("driftlang.run.sandbox.probe._reads", lambda path: value if path == setting else "")
    assert word in advice("bwrap: No permissions to create new namespace")


def test_a_porter_ends_in_silence_where_the_runner_that_asked_was_killed() -> None:
    """Its child finds no namespace here, and nobody to say so to."""
    asked, asking = socket.socketpair()
    asking.close()
    no_namespace = os.open(os.devnull, os.O_RDONLY)
    with asked:
        attend(no_namespace, asked, no_namespace, 100)
    os.close(no_namespace)
