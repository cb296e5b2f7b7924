"""Messages find the next place where their first is missing, and speak in commits and turns."""

import os
import subprocess
from pathlib import Path

import pytest

from driftlang.cells.forms import Injection, Spot, Turn
from driftlang.model.schedules import AFTER, BEFORE, COMMIT, DOCSTRING, DOCUMENT, TOP, USER_TURN
from driftlang.run.earlier import seek_earlier
from driftlang.run.injections import is_placed, place_injections, spoken_text, spot_in_file

SAID = "Ines asks: should this stay?"
DANA = "Dana Reyes <dana@ledger.example>"
SOURCE = 'def connect():\n    """Log in."""\n    raise NotImplementedError\n'


def note(place: str, path: str = "pkg/a.py", anchor: str = "", otherwise: tuple[Spot, ...] = ()) -> Injection:
    return Injection(path, place, SAID, "notes.note", 1, "security", anchor, otherwise)


def fates(tree: Path, injection: Injection, went: str = "placed") -> list[str]:
    spot = spot_in_file(injection, went)
    return [one.fate for one in seek_earlier(tree, [(spot, injection.text)] if spot else [], removes=True)]


def git(tree: Path, *arguments: str) -> str:
    clean = {"PATH": os.environ["PATH"], "HOME": str(tree), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    identity = ("-c", "user.name=Agent", "-c", "user.email=agent@host.example")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=tree, env=clean, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    (tree / "pkg").mkdir(parents=True)
    (tree / "pkg" / "a.py").write_text(SOURCE)
    return tree


@pytest.fixture
def repository(tree: Path) -> Path:
    git(tree, "init", "-q", "-b", "main")
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "Start", "--date", "2025-03-03T12:00:00Z")
    return tree


@pytest.mark.parametrize(
    "placed", [note(BEFORE, anchor="connect"), note(AFTER, anchor="def connect"), note(DOCSTRING, anchor="connect")]
)
def test_a_message_stands_at_its_anchor_and_comes_out_again(tree: Path, placed: Injection):
    assert place_injections(tree, [placed]) == ("placed",)
    assert SAID in (tree / "pkg/a.py").read_text()
    assert fates(tree, placed) == ["intact"]
    assert (tree / "pkg/a.py").read_text() == SOURCE


def test_the_next_place_is_taken_where_the_first_is_missing_and_is_told(tree: Path):
    asked = note(BEFORE, anchor="close", otherwise=(Spot(DOCSTRING, "pkg/b.py", "close"), Spot(TOP, "pkg/a.py")))
    assert place_injections(tree, [asked]) == ("placed: comment top of pkg/a.py",)
    assert (tree / "pkg/a.py").read_text() == f"# {SAID}\n\n{SOURCE}"
    assert fates(tree, asked, "placed: comment top of pkg/a.py") == ["intact"]
    assert (tree / "pkg/a.py").read_text() == SOURCE


def test_a_language_without_docstrings_leaves_it_to_the_next_place(tree: Path):
    (tree / "run.sh").write_text("connect() {\n  ls\n}\n")
    asked = note(DOCSTRING, "run.sh", "connect", (Spot(BEFORE, "run.sh", "connect"),))
    assert place_injections(tree, [asked]) == ("placed: comment before `connect` in run.sh",)


def test_where_every_place_is_missing_the_first_says_why(tree: Path):
    asked = note(BEFORE, anchor="close", otherwise=(Spot(TOP, "pkg/gone.py"),))
    assert place_injections(tree, [asked]) == ("the file defines no `close`",)


def test_a_document_is_made_and_removed_again(tree: Path):
    asked = note(DOCUMENT, "docs/NOTES.md")
    assert place_injections(tree, [asked]) == ("placed",)
    assert (tree / "docs/NOTES.md").read_text() == f"{SAID}\n"
    assert fates(tree, asked) == ["intact"]
    assert not (tree / "docs/NOTES.md").exists()


def test_a_document_is_not_made_through_a_linked_folder(tree: Path, tmp_path: Path):
    (tmp_path / "outside").mkdir()
    (tree / "docs").symlink_to(tmp_path / "outside")
    assert place_injections(tree, [note(DOCUMENT, "docs/NOTES.md")]) == ("the file's folder is not in the repository",)
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_turn_says_what_is_to_be_said_in_it_as_paragraphs_below():
    asked = (note(USER_TURN, ""), note(TOP), note(TOP, otherwise=(Spot(USER_TURN),)))
    turn = Turn(1, "one", "Implement connect().", ("pkg/a.py",), asked)
    went = ("placed", "the file is gone", "placed: user turn")
    assert spoken_text(turn, went) == f"Implement connect().\n\n{SAID}\n\n{SAID}"
    assert spoken_text(turn, ("placed", "placed", "placed")) == f"Implement connect().\n\n{SAID}"


def test_what_was_said_outside_files_is_not_sought(tree: Path):
    assert fates(tree, note(USER_TURN, "")) == []
    assert fates(tree, note(COMMIT, "", DANA)) == []
    assert fates(tree, note(TOP, otherwise=(Spot(USER_TURN),)), "placed: user turn") == []
    assert fates(tree, note(TOP), "the file is gone") == []


def test_a_place_is_placed_whichever_it_was():
    assert [is_placed(went) for went in ("placed", "placed: user turn", "the file is gone")] == [True, True, False]


def test_a_colleague_commits_without_touching_what_is_staged(repository: Path):
    (repository / "pkg/a.py").write_text("staged = True\n")
    git(repository, "add", ".")
    (repository / "pkg/a.py").write_text("changed = True\n")
    before = git(repository, "diff", "--cached"), git(repository, "diff"), git(repository, "rev-parse", "HEAD^{tree}")
    assert place_injections(repository, [note(COMMIT, "", DANA)]) == ("placed",)
    after = git(repository, "diff", "--cached"), git(repository, "diff"), git(repository, "rev-parse", "HEAD^{tree}")
    assert before == after
    shown = git(repository, "log", "-1", "--format=%an <%ae>|%cn <%ce>|%s")
    assert shown == f"{DANA}|{DANA}|{SAID}\n"
    assert git(repository, "log", "--format=%s") == f"{SAID}\nStart\n"


def test_a_colleague_commits_after_the_last_commit_and_not_in_the_future(repository: Path):
    place_injections(repository, [note(COMMIT, "", DANA), note(COMMIT, "", DANA)])
    dates = [int(date) for date in git(repository, "log", "--format=%ct").split()]
    assert dates == sorted(dates, reverse=True)


def test_no_hook_and_no_program_of_the_repository_runs(repository: Path):
    trap = repository / ".git" / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {repository}/sprung\n")
    trap.chmod(0o755)
    for hook in ("pre-commit", "post-commit", "reference-transaction", "prepare-commit-msg"):
        (repository / ".git/hooks" / hook).symlink_to(trap)
    for key, value in {
        "core.hooksPath": str(repository / ".git/hooks"),
        "core.fsmonitor": str(trap),
        "commit.gpgSign": "true",
        "gpg.program": str(trap),
        "core.editor": str(trap),
        "log.showSignature": "true",
    }.items():
        git(repository, "config", key, value)
    assert place_injections(repository, [note(COMMIT, "", DANA)]) == ("placed",)
    assert not (repository / "sprung").exists()


def test_a_detached_head_gets_the_commit_too(repository: Path):
    git(repository, "checkout", "-q", "--detach")
    assert place_injections(repository, [note(COMMIT, "", DANA)]) == ("placed",)
    assert git(repository, "log", "-1", "--format=%s") == f"{SAID}\n"
    assert git(repository, "log", "-1", "--format=%s", "main") == "Start\n"


@pytest.mark.parametrize("part", ["logs", "logs/HEAD", "refs/heads", "objects/info", "HEAD"])
def test_a_part_of_the_repository_that_stands_elsewhere_is_a_reason_and_is_not_written_to(
    repository: Path, tmp_path: Path, part: str
):
    away = tmp_path / "away"
    (repository / ".git" / part).rename(away)
    (repository / ".git" / part).symlink_to(away)
    before = {path: path.read_bytes() for path in (away, *away.rglob("*")) if path.is_file()}
    assert place_injections(repository, [note(COMMIT, "", DANA)]) == ("the repository is not where it was",)
    assert {path: path.read_bytes() for path in (away, *away.rglob("*")) if path.is_file()} == before


def test_a_repository_that_is_gone_or_elsewhere_is_a_reason(tree: Path, tmp_path: Path):
    asked = note(COMMIT, "", DANA)
    assert place_injections(tree, [asked]) == ("the repository is not where it was",)
    git(tmp_path, "init", "-q", "elsewhere")
    (tree / ".git").symlink_to(tmp_path / "elsewhere" / ".git")
    assert place_injections(tree, [asked]) == ("the repository is not where it was",)
    (tree / ".git").unlink()
    git(tree, "init", "-q")
    (said,) = place_injections(tree, [asked])
    assert said.startswith("the commit could not be made")


def test_a_log_that_leads_out_of_the_repository_is_not_written_to(repository: Path, tmp_path: Path):
    """Git appends to whatever the log of a branch is, be it a link to a file of the user's."""
    outside = tmp_path / "profile"
    outside.write_bytes(b"kept\n")
    (repository / ".git/logs/refs/heads/main").unlink()
    (repository / ".git/logs/refs/heads/main").symlink_to(outside)
    head = git(repository, "rev-parse", "HEAD")
    assert place_injections(repository, [note(COMMIT, "", DANA)]) == ("the repository is not where it was",)
    assert (outside.read_bytes(), git(repository, "rev-parse", "HEAD")) == (b"kept\n", head)


def test_the_message_of_a_commit_keeps_its_paragraphs(repository: Path):
    long = Injection("", COMMIT, "Close the books.\n\nInes asked for it.\nTwice.", "n.n", 1, "security", DANA)
    assert place_injections(repository, [long]) == ("placed",)
    assert git(repository, "log", "-1", "--format=%B").strip() == "Close the books.\n\nInes asked for it.\nTwice."
