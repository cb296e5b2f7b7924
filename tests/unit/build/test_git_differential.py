"""Generated histories: what we write is, object by object, what git makes of them in two ways of its own.

`git fast-import` is told of the commits; `git add` and `git commit` find them in a work tree. Ids of all objects must
be equal, and git, a clone and GitPython must be content with the repository.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePosixPath

import small_study as small
from attrs import evolve
from builds import git_output
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from driftlang.build.repository import write_repository
from driftlang.build.tree import clean_message, commit_dates, write_history
from driftlang.model.forms import Commit, RepoFile
from driftlang.model.work import Stamp, Stamps

# Names that sort otherwise as files than as folders, that need quotes, that are no ASCII.
_NAMES = st.sampled_from(["a", "a.b", "a-b", "a0", "ab", "A", "b", "-x", 'q "x"', "größe", "日本", "é", "🜁", "t\tt"])
_PATHS = st.lists(_NAMES, min_size=1, max_size=4).map("/".join)
_CONTENTS = st.one_of(st.binary(max_size=40), st.sampled_from([b"", b"x\n", b"\r\n", b"\0\xff" * 3_000, b"same"]))
_FILES = st.dictionaries(_PATHS, st.tuples(_CONTENTS, st.booleans()), max_size=5)
_DAYS = st.dates(date(1970, 1, 2), date(2090, 1, 1))
_PERSONS = st.tuples(
    st.sampled_from(["Dana Reyes", "Ana Núñez", "日本 太郎", "x"]), st.sampled_from(["dana@ledger.example", "x", "é@x"])
)
_MESSAGES = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=30)
_ZONES = st.sampled_from(["+0000", "+0200", "-0330", "+0545", "-1200", "+1400"])
_STAMPS = st.builds(
    lambda person, seconds, zone: Stamp(*person, seconds, zone), _PERSONS, st.integers(10**8, 2**32), _ZONES
)


def _touches(path: str, other: str) -> bool:
    """Whether one of two paths is a folder that the other stands in."""
    return path != other and (PurePosixPath(path) in PurePosixPath(other).parents or _is_within(path, other))


def _is_within(path: str, folder: str) -> bool:
    return PurePosixPath(folder) in PurePosixPath(path).parents


@st.composite
def _histories(draw: st.DrawFn) -> tuple[Commit, ...]:
    """Commits as a source or an imported history has them: what a new path is in the way of is removed."""
    there: set[str] = set()
    made = []
    for _ in range(draw(st.integers(1, 4))):
        written: dict[str, tuple[bytes, bool]] = {}
        for path, file in draw(_FILES).items():
            if not any(_touches(path, other) for other in written):
                written[path] = file
        wanted = draw(st.sets(st.sampled_from(sorted(there)))) if there else set()
        removed = wanted | {old for old in there if any(_touches(old, new) for new in written)}
        there = (there - removed) | set(written)
        made.append(_commit(draw, written, removed))
    return tuple(made)


def _commit(draw: st.DrawFn, written: dict[str, tuple[bytes, bool]], removed: set[str]) -> Commit:
    files = tuple(RepoFile(path, content, runs, small.SPAN) for path, (content, runs) in written.items())
    name, email = draw(_PERSONS)
    message = draw(_MESSAGES.filter(lambda text: clean_message(text).strip()))
    exact = (Stamps(draw(_STAMPS), draw(_STAMPS)),) if draw(st.booleans()) else ()
    return Commit(message, name, email, draw(_DAYS), files, small.SPAN, tuple(sorted(removed)), exact)


def _described(commit: Commit, seconds: int) -> tuple[Stamp, Stamp, bytes]:
    """Author, committer and message."""
    if commit.exact:
        return commit.exact[0].author, commit.exact[0].committer, commit.message.encode()
    both = Stamp(commit.author_name, commit.author_email, seconds, "+0000")
    return both, both, clean_message(commit.message).encode()


def _add_and_commit(folder: Path, commits: tuple[Commit, ...]) -> None:
    git_output(folder, "init", "-q", "-b", "main")
    for commit, seconds in zip(commits, commit_dates(commits), strict=True):
        for path in commit.removed:
            (folder / path).unlink()
            for parent in PurePosixPath(path).parents:
                if parent.name and not any((folder / parent).iterdir()):
                    (folder / parent).rmdir()
        for file in commit.files:
            place = folder / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.content)
            place.chmod(0o755 if file.is_executable else 0o644)
        author, committer, _ = _described(commit, seconds)
        who = {
            f"GIT_{role}_{key}": value
            for role, stamp in (("AUTHOR", author), ("COMMITTER", committer))
            for key, value in {"NAME": stamp.name, "EMAIL": stamp.email, "DATE": _date(stamp)}.items()
        }
        git_output(folder, "add", "-A")
        cleanup = "verbatim" if commit.exact else "whitespace"
        arguments = ("commit", "-q", "--allow-empty", f"--cleanup={cleanup}", "-F", "-")
        git_output(folder, *arguments, stdin=commit.message.encode(), **who)


def _date(stamp: Stamp) -> str:
    return f"@{stamp.seconds} {stamp.zone}"


def _fast_import(folder: Path, commits: tuple[Commit, ...]) -> None:
    git_output(folder, "init", "-q", "-b", "main")
    stream = []
    for commit, seconds in zip(commits, commit_dates(commits), strict=True):
        author, committer, message = _described(commit, seconds)
        stream.append(b"commit refs/heads/main\n")
        stream += [
            f"{role} {stamp.name} <{stamp.email}> {stamp.seconds} {stamp.zone}\n".encode()
            for role, stamp in (("author", author), ("committer", committer))
        ]
        stream.append(b"data %d\n%b\n" % (len(message), message))
        stream += [b"D %b\n" % _quoted(path) for path in commit.removed]
        for file in commit.files:
            mode = b"100755" if file.is_executable else b"100644"
            stream.append(b"M %b inline %b\n" % (mode, _quoted(file.path)))
            stream.append(b"data %d\n%b\n" % (len(file.content), file.content))
    git_output(folder, "fast-import", "--quiet", stdin=b"".join(stream))


def _quoted(path: str) -> bytes:
    return b'"%b"' % path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")


def _objects(folder: Path) -> bytes:
    """Id, kind and size of every object, sorted by id."""
    return git_output(folder, "cat-file", "--batch-all-objects", "--batch-check")


@contextmanager
def _fresh() -> Iterator[Path]:
    """A folder of one example."""
    folder = Path(tempfile.mkdtemp())
    try:
        for name in ("plain", "imported"):
            (folder / name).mkdir()
        yield folder
    finally:
        shutil.rmtree(folder)


_START = date(2024, 2, 29)
_MANY = small.commit("Many", _START, *(small.file(f"{n % 17}/{n % 5}/m{n}.py", b"%d" % (n // 3)) for n in range(400)))
_DEEP = small.commit("Deep", _START, small.file("/".join(["d"] * 60), b"deep"), small.file("d.x", b""))
_SWAP = (
    small.commit("File", _START, small.file("a", b"1"), small.file("a.b", b"2"), small.file("a0/b", b"3")),
    evolve(small.commit("Folder", _START, small.file("a/b", b"1")), removed=("a", "a0/b")),
    evolve(small.commit("None", _START), removed=("a/b", "a.b")),
    small.commit("Nothing", _START),
    small.commit("Again", _START, small.file("a", b"", is_executable=True)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_histories())
@example((_MANY, _DEEP))
@example(_SWAP)
def test_a_history_is_object_by_object_what_git_makes_of_it(commits):
    history = write_history(commits, "")
    with _fresh() as folder:
        ours = folder / "ours"
        write_repository(history, ours)
        _add_and_commit(folder / "plain", commits)
        _fast_import(folder / "imported", commits)
        heads = {git_output(folder / way, "rev-parse", "main") for way in ("ours", "plain", "imported")}
        assert heads == {f"{history.head.hex()}\n".encode()}
        assert _objects(ours) == _objects(folder / "imported") == _objects(folder / "plain")
        assert git_output(ours, "fsck", "--strict", "--full", "--no-dangling") == b""
        assert git_output(ours, "status", "--porcelain") == b""
        git_output(folder, "clone", "-q", "--no-local", "ours", "cloned")
        assert git_output(folder / "cloned", "ls-files", "-s") == git_output(folder / "plain", "ls-files", "-s")


def test_gitpython_reads_head_log_and_a_file(tmp_path):
    from git import Repo

    history = write_history(_SWAP, "")
    write_repository(history, tmp_path / "ours")
    with Repo(tmp_path / "ours") as repo:
        assert repo.head.commit.binsha == history.head
        assert [commit.message for commit in repo.iter_commits()] == [f"{one.message}\n" for one in reversed(_SWAP)]
        assert repo.commit("HEAD~3").tree["a/b"].data_stream.read() == b"1"
        assert not repo.is_dirty(untracked_files=True)


def test_gitdb_reads_every_object_of_a_pack_as_it_was_put_in(tmp_path):
    from gitdb.pack import PackEntity

    history = write_history((_MANY, *_SWAP[:1]), "")
    write_repository(history, tmp_path / "ours")
    (pack,) = (tmp_path / "ours/.git/objects/pack").glob("*.pack")
    entity = PackEntity(str(pack))
    found = {stream.binsha: (stream.type.decode(), stream.read()) for stream in entity.stream_iter()}
    entity.close()
    assert found == {name: (item.kind, item.content) for name, item in history.objects.items()}
