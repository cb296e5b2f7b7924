"""Checks of a step in a sandbox of their own: the same answers, and nothing of the machine."""

import asyncio
from pathlib import Path

import pytest

from driftlang.cells.forms import TurnCheck
from driftlang.run.checks import run_checks
from driftlang.run.records import CheckRecord
from driftlang.run.sandbox.confinement import BUBBLEWRAP, confine

pytestmark = pytest.mark.opencode


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "ledger"
    tree.mkdir()
    (tree / "a.py").write_text("a = 1\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tally").write_text("#!/bin/sh\necho tallied\n")
    (tmp_path / "bin" / "tally").chmod(0o755)
    return tree


def check(tree: Path, opencode: Path, *commands: str, seconds: float = 30.0) -> tuple[CheckRecord, ...]:
    async def run() -> tuple[CheckRecord, ...]:
        async with confine(BUBBLEWRAP, ("sim/keeper",), opencode, pytest.fail) as confinement:
            checks = [TurnCheck(command, seconds) for command in commands]
            launch = confinement.check_launcher
            return await run_checks(checks, tree, tree.parent / "bin", tree.parent / "checked", launch)

    return asyncio.run(run())


def test_they_pass_and_fail_by_their_exit_status_on_one_copy(tree: Path, opencode: Path):
    found = check(tree, opencode, "echo 'a = 2' > a.py; tally", "grep -q 'a = 2' a.py", "exit 7", "no-such-program")
    assert [(one.passed, one.status) for one in found] == [(True, 0), (True, 0), (False, 7), (False, 127)]
    assert found[0].output == "tallied"
    assert (tree / "a.py").read_text() == "a = 1\n"
    assert {path.name for path in tree.parent.iterdir()} == {"ledger", "bin"}


def test_they_see_nothing_of_the_machine(tree: Path, opencode: Path):
    found = check(
        tree, opencode, "pwd; ls ~", "cut -d: -f1 /proc/net/dev", f"ls {tree}", f"touch {tree}/trace /usr/trace", "env"
    )
    assert found[0].output.split() == ["/home/robin/ledger", "ledger"]
    assert found[1].output.split()[-1] == "lo"
    assert [one.passed for one in found[2:4]] == [False, False]
    assert str(tree.parent) not in found[4].output
    assert not (tree / "trace").exists()


def test_one_that_does_not_end_is_ended_with_all_that_it_started(tree: Path, opencode: Path):
    (found,) = check(tree, opencode, "setsid sleep 600 & sleep 600", seconds=1.0)
    assert (found.passed, found.output) == (False, "it did not end within 1 s")
    assert 1.0 <= found.seconds < 10
