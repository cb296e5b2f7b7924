"""A clone may come from anyone: nothing that stands in it is run, followed or believed."""

import shutil
import zlib
from hashlib import sha1

import pytest
from real_history import git, make_clone

from driftlang.model import git_trees


@pytest.fixture
def clone(tmp_path):
    return make_clone(tmp_path / "upstream")


@pytest.fixture
def alarm(tmp_path):
    """A program that leaves a trace, and the trace."""
    program, trace = tmp_path / "alarm", tmp_path / "trace"
    program.write_text(f"#!/bin/sh\ntouch {trace}\nexit 1\n")
    program.chmod(0o755)
    return program, trace


def entry(commit, source="upstream/"):
    return f'history from "{source}" at "{commit}"'


def test_hooks_monitors_and_filters_of_a_clone_are_not_run(clone, read, alarm):
    program, trace = alarm
    head = git(clone, "rev-parse", "HEAD")
    for key in ("core.fsmonitor", "core.sshCommand", "core.alternateRefsCommand", "core.gitProxy", "diff.external"):
        git(clone, "config", key, str(program))
    git(clone, "config", "filter.x.smudge", str(program))
    git(clone, "config", "uploadpack.packObjectsHook", str(program))
    git(clone, "config", "extensions.partialClone", "origin")
    git(clone, "config", "remote.origin.url", f"ext::{program}")
    git(clone, "config", "remote.origin.promisor", "true")
    (clone / ".git/info/attributes").write_text("* filter=x\n")
    shutil.rmtree(clone / ".git/hooks", ignore_errors=True)
    (clone / ".git/hooks").mkdir()
    for hook in ("post-checkout", "reference-transaction", "pre-auto-gc", "post-index-change", "fsmonitor-watchman"):
        (clone / ".git/hooks" / hook).symlink_to(program)
    assert read(entry(head)).ids == []
    assert not trace.exists()


def test_configuration_of_the_environment_is_not_read(clone, read, alarm, monkeypatch):
    program, trace = alarm
    for name, value in {
        "GIT_DIR": str(clone / "nowhere"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": str(program),
        "GIT_EXTERNAL_DIFF": str(program),
        "GIT_TRACE": str(trace),
    }.items():
        monkeypatch.setenv(name, value)
    head = git(clone, "rev-parse", "HEAD")
    assert read(entry(head)).ids == []
    assert not trace.exists()


def test_nothing_is_written_into_the_clone(clone, read):
    before = {path: path.stat().st_mtime_ns for path in clone.rglob("*")}
    head = git(clone, "rev-parse", "HEAD")
    assert read(entry(head)).ids == []
    assert {path: path.stat().st_mtime_ns for path in clone.rglob("*")} == before


def test_objects_that_are_borrowed_from_elsewhere_are_refused(clone, read):
    git(clone, "clone", "-q", "--shared", ".", "../shared")
    found = read(entry(git(clone, "rev-parse", "HEAD"), "shared/"))
    assert found.ids == ["unreadable-history"]
    assert "borrows objects from another one" in found.said


@pytest.mark.parametrize("linked", [".git", ".git/objects"])
def test_objects_behind_a_link_are_refused(clone, read, tmp_path, linked):
    (clone / linked).rename(tmp_path / "outside")
    (clone / linked).symlink_to(tmp_path / "outside")
    assert read(entry("0" * 40)).ids[0] in {"unreadable-history", "unsafe-link"}


def test_a_pack_behind_a_link_is_refused(clone, read, tmp_path):
    git(clone, "gc", "-q")
    (pack,) = (clone / ".git/objects/pack").glob("*.pack")
    pack.rename(tmp_path / "outside.pack")
    pack.symlink_to(tmp_path / "outside.pack")
    assert read(entry("0" * 40)).ids == ["unsafe-link"]


def test_a_work_tree_of_another_clone_is_refused(clone, read):
    git(clone, "worktree", "add", "-q", "../linked", "-b", "other")
    assert "its `.git` is a link or a file" in read(entry("0" * 40, "linked/")).said


def test_a_replaced_commit_is_not_believed(clone, read):
    head = git(clone, "rev-parse", "HEAD")
    git(clone, "replace", head, git(clone, "rev-parse", "HEAD~3"))
    (repo,) = read(entry(head)).repos
    assert len(repo.commits) == 4


def test_a_graft_is_not_believed(clone, read):
    head = git(clone, "rev-parse", "HEAD")
    (clone / ".git/info/grafts").write_text(f"{head}\n")
    (repo,) = read(entry(head)).repos
    assert len(repo.commits) == 4


def test_an_object_under_a_false_name_is_refused(clone, read):
    head = git(clone, "rev-parse", "HEAD")
    blob = git(clone, "rev-parse", "HEAD:ledger/book.py")
    path = clone / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"blob 6\0x = 3\n"))
    assert sha1(b"blob 6\0x = 3\n", usedforsecurity=False).hexdigest() != blob
    assert read(entry(head)).ids == ["unreadable-history"]


def test_a_path_that_leaves_the_repository_is_refused(clone, read):
    blob = git(clone, "rev-parse", "HEAD:ledger/book.py")
    inner = git(clone, "mktree", stdin=f"100644 blob {blob}\tconfig\n".encode())
    tree = bytes.fromhex(inner)
    content = b"40000 .git\0" + tree
    outer = git(clone, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", stdin=content)
    people = {f"GIT_{role}_{key}": "m@x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    made = git(clone, "commit-tree", outer, "-m", "Hide", **people)
    assert read(entry(made)).ids == ["bad-path"]


def test_a_tree_that_unfolds_without_end_is_refused(clone, read, monkeypatch):
    monkeypatch.setattr(git_trees, "_MOST_CHANGES", 10_000)
    blob = git(clone, "rev-parse", "HEAD:ledger/book.py")
    rows = "".join(f"100644 blob {blob}\tf{number}\n" for number in range(10))
    tree = git(clone, "mktree", stdin=rows.encode())
    for _ in range(9):
        rows = "".join(f"040000 tree {tree}\td{number}\n" for number in range(10))
        tree = git(clone, "mktree", stdin=rows.encode())
    people = {f"GIT_{role}_{key}": "m@x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    made = git(clone, "commit-tree", tree, "-m", "Bomb", **people)
    found = read(entry(made))
    assert found.ids == ["unreadable-history"]
    assert "change more than 10,000 files" in found.said
