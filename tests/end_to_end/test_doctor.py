"""`driftlang doctor` on this machine: every check is made by doing, and one that fails says how to mend it."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from small_plans import run_command_line

from driftlang.run import doctor
from driftlang.run.doctor import Check, examine
from driftlang.run.sandbox import inspection

pytestmark = pytest.mark.opencode

NAMES = [
    *("disk", "memory", "git", "opencode", "ripgrep", "bubblewrap", "namespaces", "sandbox", "confinement"),
    "opencode in the sandbox",
]


@pytest.mark.usefixtures("bubblewrap")
def test_all_is_well_here_and_each_check_says_what_was_found(opencode: Path):
    environment = {"DRIFTLANG_OPENCODE": str(opencode)}
    status, said, complained = run_command_line("doctor", "--json", environment=environment)
    assert (status, complained) == (0, "")
    told = json.loads(said)
    assert told["ok"] is True
    assert [check["name"] for check in told["checks"]] == NAMES
    assert all(check["ok"] and check["told"] and not check["help"] for check in told["checks"])


def test_a_machine_without_bubblewrap_is_told_what_to_install(tmp_path: Path, opencode: Path):
    (tmp_path / "git").symlink_to(shutil.which("git") or "")
    environment = {"DRIFTLANG_OPENCODE": str(opencode), "PATH": str(tmp_path)}
    status, said, _ = run_command_line("doctor", environment=environment)
    assert status == 4
    assert "FAIL  sandbox: bubblewrap (`bwrap`) is not installed" in said
    assert "help: install the package `bubblewrap` of your system" in said
    assert said.endswith("not all is well\n")


def _checks() -> dict[str, Check]:
    async def collect() -> dict[str, Check]:
        return {check.name: check async for check in examine()}

    return asyncio.run(collect())


@pytest.mark.usefixtures("bubblewrap")
def test_a_sandbox_with_holes_is_found_out(opencode: Path, monkeypatch: pytest.MonkeyPatch):
    """Each hole is made for real: a network that is shared, a file of the host, a variable that nobody set."""
    monkeypatch.setenv("DRIFTLANG_OPENCODE", str(opencode))

    async def no_server(_: object) -> Check:
        return Check("opencode in the sandbox", True, "")

    monkeypatch.setattr(doctor, "_server", no_server)
    isolation, folders = inspection.isolation, inspection.folders
    monkeypatch.setattr(inspection, "isolation", lambda: [one for one in isolation() if one != "--unshare-net"])
    monkeypatch.setattr(
        inspection, "folders", lambda setup, tools: ("--bind", str(setup.root), str(setup.root), *folders(setup, tools))
    )
    monkeypatch.setattr(inspection, "variables", lambda given: [*_set(given), "--setenv", "LEFT", "over"])
    check = _checks()["confinement"]
    assert not check.is_fine
    assert check.help == "do not run models here but simulated ones"
    for trouble in ("loopback can be reached", "environment holds `LEFT`", "a file of this machine", "a secret"):
        assert trouble in check.told


def _set(given: dict[str, str]) -> list[str]:
    return [word for name, value in given.items() for word in ("--setenv", name, value)]
