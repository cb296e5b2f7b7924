"""Checks of a step are run on a copy, bounded, and leave nothing behind."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from driftlang.cells.forms import TurnCheck
from driftlang.run.checks import Bench, run_checks, unconfined
from driftlang.run.launching import Launch
from driftlang.run.records import CheckRecord


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "ledger"
    tree.mkdir()
    (tree / "a.py").write_text("a = 1\n")
    (tmp_path / "bin").mkdir()
    return tree


def check(tree: Path, *commands: str, seconds: float = 20.0) -> tuple[CheckRecord, ...]:
    checks = [TurnCheck(command, seconds) for command in commands]
    return asyncio.run(run_checks(checks, tree, tree.parent / "bin", tree.parent / "checked", unconfined))


def test_a_check_passes_by_its_exit_status(tree: Path):
    found = check(tree, "grep -q 'a = 1' a.py", "grep -q 'a = 2' a.py", "exit 7", "no-such-program")
    assert [(one.passed, one.status) for one in found] == [(True, 0), (False, 1), (False, 7), (False, 127)]


def test_checks_of_a_step_share_one_copy_and_the_work_tree_stays_as_it_is(tree: Path):
    (first, second) = check(tree, "echo 'a = 2' > a.py; mkdir built", "grep -q 'a = 2' a.py && test -d built")
    assert (first.passed, second.passed) == (True, True)
    assert {path.name for path in tree.iterdir()} == {"a.py"}
    assert (tree / "a.py").read_text() == "a = 1\n"


def test_nothing_is_left_where_it_was_run(tree: Path):
    check(tree, "touch ~/trace $TMPDIR/trace")
    assert {path.name for path in tree.parent.iterdir()} == {"ledger", "bin"}


def test_the_last_lines_of_what_it_says_are_kept(tree: Path):
    (found,) = check(tree, "seq 1 5000; echo to stderr >&2; printf '\\377'")
    assert found.output.endswith("5000\nto stderr\n\N{REPLACEMENT CHARACTER}")
    assert len(found.output) < 4100


def is_over(process: str) -> bool:
    """Whether a process has ended, be it that nobody has asked for its exit status yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_check_that_does_not_end_is_ended_with_all_that_it_started(tree: Path):
    (found,) = check(tree, "sleep 600 & echo $!; setsid sleep 600 & echo $!; wait", seconds=0.5)
    *started, last = found.output.splitlines()
    assert (found.passed, found.status, last) == (False, -9, "it did not end within 0.5 s")
    assert 0.5 <= found.seconds < 20
    assert [is_over(process) for process in started] == [True, True]


def test_what_a_check_leaves_running_is_ended(tree: Path):
    (found,) = check(tree, "setsid sleep 600 > /dev/null 2>&1 & echo $!")
    assert found.passed
    assert is_over(found.output)


def test_programs_of_the_repository_come_first_on_the_path(tree: Path):
    program = tree.parent / "bin" / "kubectl"
    program.write_text("#!/bin/sh\necho a stub\n")
    program.chmod(0o755)
    (found,) = check(tree, "kubectl")
    assert found.output == "a stub"


def test_the_environment_is_clean(tree: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_OF_THE_HOST", "hunter2")
    (found,) = check(tree, "env; pwd")
    assert "hunter2" not in found.output
    assert f"HOME={tree.parent}/checked/home" in found.output
    assert found.output.endswith("/checked/ledger")


def test_another_launcher_may_start_it(tree: Path):
    def elsewhere(command: str, bench: Bench) -> AbstractAsyncContextManager[Launch]:
        return unconfined(f"echo would run {command}", bench)

    checks = [TurnCheck("make", 20.0)]
    found = asyncio.run(run_checks(checks, tree, tree.parent / "bin", tree.parent / "checked", elsewhere))
    assert [one.output for one in found] == ["would run make"]


def test_a_step_without_checks_copies_nothing(tree: Path):
    gone = tree.parent / "gone"
    assert asyncio.run(run_checks((), gone, gone, tree.parent / "checked", unconfined)) == ()
