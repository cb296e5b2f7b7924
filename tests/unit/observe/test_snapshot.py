"""Snapshots of work trees."""

import io
import os
import signal
import socket
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from driftlang.diagnostics.failure import Failure
from driftlang.observe import snapshot
from driftlang.observe.forms import Entry
from driftlang.observe.snapshot import Kept, Seen, take

NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="/\0", categories=("L", "N", "P", "Z")), min_size=1
).filter(lambda name: name not in {".", "..", ".git"} and len(name.encode()) < 100)
FILES = st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.binary(max_size=200), max_size=8)


def _without_clashes(files: dict[str, bytes]) -> dict[str, bytes]:
    """Leave out files whose path is a folder of another."""
    return {path: content for path, content in files.items() if not any(o.startswith(path + "/") for o in files)}


def _write(root: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


@settings(max_examples=60, deadline=None)
@given(FILES.map(_without_clashes))
def test_a_snapshot_holds_every_file_with_its_content(files: dict[str, bytes]):
    with TemporaryDirectory() as folder:
        _write(Path(folder), files)
        kept = Kept()
        tree = take(Path(folder), kept)
    expected = {path.replace("\\", "\\\\"): content for path, content in files.items()}
    assert {path: kept.contents[entry.digest] for path, entry in tree.entries.items()} == expected
    assert list(tree.entries) == sorted(expected)


@settings(max_examples=40, deadline=None)
@given(FILES.map(_without_clashes), st.data())
def test_remembering_earlier_snapshots_changes_nothing(files: dict[str, bytes], data: st.DataObject):
    changed = {path: data.draw(st.binary(max_size=200)) for path in files if data.draw(st.booleans())}
    with TemporaryDirectory() as folder:
        root, seen = Path(folder), Seen()
        _write(root, files)
        take(root, Kept(), seen)
        _write(root, changed)
        assert take(root, Kept(), seen) == take(root, Kept())


def test_git_folders_are_left_out_at_any_depth(tmp_path: Path):
    _write(tmp_path, {".git/HEAD": b"x", "vendor/lib/.git/HEAD": b"x", "vendor/lib/a.py": b"A"})
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".git").write_text("gitdir: elsewhere")
    assert list(take(tmp_path, Kept()).entries) == ["vendor/lib/a.py"]


def test_a_link_is_kept_as_its_target_and_never_followed(tmp_path: Path):
    secret = tmp_path / "outside"
    _write(secret, {"secret.txt": b"secret"})
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "folder").symlink_to(secret)
    (tree / "file").symlink_to(secret / "secret.txt")
    kept = Kept()
    found = take(tree, kept)
    assert {path: (entry.mode, kept.contents[entry.digest]) for path, entry in found.entries.items()} == {
        "file": ("120000", bytes(secret / "secret.txt")),
        "folder": ("120000", bytes(secret)),
    }


def test_a_large_file_is_kept_by_digest_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(snapshot, "FILE_LIMIT", 4)
    _write(tmp_path, {"a": b"12345", "b": b"1234"})
    kept = Kept()
    assert take(tmp_path, kept).entries == {
        "a": Entry("100644", sha256(b"12345").hexdigest(), 5, is_kept=False),
        "b": Entry("100644", sha256(b"1234").hexdigest(), 4),
    }
    assert list(kept.contents.values()) == [b"1234"]


def test_a_file_of_any_claimed_size_ends_the_snapshot_instead_of_being_read(tmp_path: Path):
    with (tmp_path / "sparse").open("wb") as sparse:
        sparse.truncate(1 << 40)
    with pytest.raises(Failure, match="more than 512 MiB"):
        take(tmp_path, Kept())


def test_too_many_files_end_the_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(snapshot, "COUNT_LIMIT", 3)
    _write(tmp_path, {str(number): b"" for number in range(4)})
    with pytest.raises(Failure, match="more than 3 files"):
        take(tmp_path, Kept())


def test_a_missing_work_tree_is_a_failure(tmp_path: Path):
    with pytest.raises(Failure, match="the work tree is gone"):
        take(tmp_path / "none", Kept())


def test_pipes_and_sockets_are_noted_and_never_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        tree = take(tmp_path, Kept())
    assert tree.entries == {}
    assert tree.skipped == ("pipe: not a regular file", "socket: not a regular file")


def test_a_name_that_is_not_utf8_is_written_with_escapes(tmp_path: Path):
    with open(os.fsencode(tmp_path) + b"/a\xff.py", "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(b"A")
    assert list(take(tmp_path, Kept()).entries) == ["a\\xff.py"]


def test_a_byte_that_is_not_utf8_and_its_spelling_are_two_files(tmp_path: Path):
    for name, content in ((b"/\xff", b"A"), (b"/\\xff", b"B")):
        with open(os.fsencode(tmp_path) + name, "wb") as file:  # noqa: PTH123 - a name of bytes
            file.write(content)
    assert list(take(tmp_path, Kept()).entries) == ["\\\\xff", "\\xff"]


def test_a_file_that_grows_while_it_is_read_is_read_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whole it can never be had, so no part of it stands for the whole."""
    path = tmp_path / "log"
    path.write_bytes(b"x" * 8)
    reads = []

    class Growing(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            reads.append(size)
            assert len(reads) < 100, "it is read for ever"
            with path.open("ab") as more:
                more.write(b"x" * 8)
            return super().read(8 if size is None else min(8, size))

    monkeypatch.setattr(snapshot, "FILE_LIMIT", 20)
    monkeypatch.setattr(os, "fdopen", lambda handle, *_, **__: Growing(handle))
    kept = Kept()
    entry = take(tmp_path, kept).entries["log"]
    assert (entry.size, entry.is_kept, kept.contents) == (21, False, {})


def _swapping(monkeypatch: pytest.MonkeyPatch, path: Path, swap: Callable[[], object]) -> None:
    """Let the agent be quicker: `swap` happens between the look at `path` and its opening."""
    real = os.open

    def swapped(place: str, flags: int, *rest: int) -> int:
        if str(place) == str(path):
            path.unlink()
            swap()
        return real(place, flags, *rest)

    monkeypatch.setattr(os, "open", swapped)


def test_a_link_that_takes_a_files_place_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    _write(tmp_path, {"secret": b"secret", "tree/a": b"A"})
    path = tmp_path / "tree" / "a"
    _swapping(monkeypatch, path, lambda: path.symlink_to(tmp_path / "secret"))
    kept = Kept()
    assert take(tmp_path / "tree", kept).entries == {}
    assert kept.contents == {}


def test_a_pipe_that_takes_a_files_place_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    _write(tmp_path, {"a": b"A"})
    _swapping(monkeypatch, tmp_path / "a", lambda: os.mkfifo(tmp_path / "a"))

    def too_long(*_: object) -> None:
        raise AssertionError("the pipe is waited for")

    former = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(10)
    try:
        assert take(tmp_path, Kept()).skipped == ("a: not a regular file",)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)


def test_the_executable_bit_is_part_of_an_entry(tmp_path: Path):
    _write(tmp_path, {"run": b"#!/bin/sh\n"})
    (tmp_path / "run").chmod(0o755)
    assert take(tmp_path, Kept()).entries["run"].mode == "100755"


def test_an_unchanged_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    _write(tmp_path, {"a": b"A"})
    monkeypatch.setattr(time, "time_ns", lambda: (tmp_path / "a").stat().st_ctime_ns + 3_000_000_000)
    seen, again = Seen(), Kept()
    first = take(tmp_path, Kept(), seen)
    assert take(tmp_path, again, seen) == first
    assert again.contents == {}


def test_a_file_written_within_the_clocks_tick_is_read_again(tmp_path: Path):
    """Same size, same inode, times set back: only freshness tells that the file may have changed."""
    _write(tmp_path, {"a": b"A"})
    seen = Seen()
    take(tmp_path, Kept(), seen)
    times = (tmp_path / "a").stat().st_mtime_ns
    (tmp_path / "a").write_bytes(b"B")
    os.utime(tmp_path / "a", ns=(times, times))
    kept = Kept()
    take(tmp_path, kept, seen)
    assert list(kept.contents.values()) == [b"B"]


def test_a_file_is_remembered_only_when_its_clock_had_ticked_since(tmp_path: Path):
    _write(tmp_path, {"a": b"A"})
    seen, again = Seen(), Kept()
    take(tmp_path, Kept(), seen)
    take(tmp_path, again, seen)
    assert list(again.contents.values()) == [b"A"], "it was written just before the first snapshot"
