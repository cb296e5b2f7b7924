"""Objects of a clone or a bundle, read by git without trusting it.

In: a folder or a bundle of git. Out: commits, trees and blobs by id, each compared with its id.
Refuses to do: running anything of a clone's. git runs in an empty repository of our own, in a temporary folder, with
a cleared environment: it has no hook, no filter, no remote, and no configuration but ours. Of a clone it sees the
objects alone, and those only that stand in the clone; of a bundle, what it unpacks there. Nothing is fetched.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Collection, Iterator, Mapping
from hashlib import sha1
from pathlib import Path

from attrs import field

from driftlang.diagnostics.failure import Failure
from driftlang.model.bounds import LARGEST_HISTORY, MOST_GIT_MEMORY
from driftlang.record import frozen

#: Seconds that git may take for one history, all in all.
_MOST_SECONDS = 120.0
#: git under bounds that it cannot lift: of what it writes (in blocks of 512 bytes) and of its memory (in KiB).
_BOUNDED = 'ulimit -f "$1" && ulimit -v "$2" && shift 2 && exec "$@"'
#: What git says when it meets one of them.
_OUT_OF_MEMORY = re.compile(rb"out of memory|malloc|mmap failed|cannot allocate memory", re.IGNORECASE)
#: Commits that are named to an author who wrote none of them.
MOST_NAMED = 5
_BUNDLE = re.compile(rb"# v[23] git bundle\n")
_MAKE_BUNDLE = "make it with `git bundle create NAME.bundle BRANCH`, without `BRANCH..BRANCH`"
_MEND = "mend the clone or bundle"
_ID = re.compile(r"[0-9a-f]{40}")
#: A commit-graph and a multi-pack-index are hearsay about objects: a hostile one could tell of other parents.
_CONFIG = """[core]
\trepositoryformatversion = 0
\tbare = true
\tcommitGraph = false
\tmultiPackIndex = false
\thooksPath = /dev/null
\tfsmonitor = false
[pack]
\tthreads = 1
[gc]
\tauto = 0
[maintenance]
\tauto = false
"""


class StoreError(Exception):
    """What is wrong with a clone or bundle: the id of a diagnostic, a message and an action."""

    def __init__(self, id: str, message: str, help: str) -> None:
        super().__init__(message)
        self.id = id
        self.message = message
        self.help = help


@frozen
class Store:
    """The objects of one history.

    Attributes:
        folder: our own repository.
        tips: name of each branch and tag that is known, by the id of its commit.
    """

    folder: Path
    tips: Mapping[str, str]
    _git: "_Git" = field(repr=False)

    def first_parents(self, commit: str, most: int) -> list[str]:
        """The commit and its first parents, newest first, `most` of them and one more.

        Raises:
            StoreError: the history is cut off.
        """
        try:
            found = self._git.run("rev-list", "--first-parent", f"--max-count={most + 1}", commit)
        except StoreError as trouble:
            raise StoreError(
                "unreadable-history",
                f"the history of `{commit[:12]}` is not whole: {trouble.message}",
                "make a full clone, not a shallow one, or a bundle of the whole branch",
            ) from trouble
        return found.decode("ascii").split()

    def count(self, commit: str) -> int:
        """Number of commits in the first-parent history."""
        return int(self._git.run("rev-list", "--first-parent", "--count", commit))

    def sizes(self, ids: Collection[str]) -> dict[str, tuple[str, int]]:
        """Kind and bytes of each object that is there."""
        asked = "".join(f"{name}\n" for name in ids).encode()
        said = self._git.run("cat-file", "--batch-check", stdin=asked).decode("ascii", "replace")
        rows = (line.split(" ") for line in said.splitlines())
        return {row[0]: (row[1], int(row[2])) for row in rows if len(row) == 3 and row[2].isdigit()}

    def read(self, ids: Collection[str], kind: str) -> dict[str, bytes]:
        """The content of each of these objects.

        Raises:
            StoreError: one is not there, is of another kind, or is not what its id says.
        """
        asked = "".join(f"{name}\n" for name in ids).encode()
        return dict(_split(self._git.run("cat-file", "--batch", stdin=asked), list(ids), kind))

    def commits_like(self, prefix: str) -> list[str]:
        """Ids of commits that begin with `prefix`, of four digits or more; a few of them."""
        found = self._git.run("rev-parse", f"--disambiguate={prefix}").decode("ascii").split()
        kinds = self.sizes(found)
        return sorted(name for name in found if kinds.get(name, ("", 0))[0] == "commit")[:MOST_NAMED]


def open_store(source: Path, scratch: Path) -> Store:
    """The objects of a clone (a folder) or a bundle (a file); `scratch` is an empty folder for what is needed.

    Raises:
        StoreError: it is neither, is not whole, or reaches out of its folder.
        Failure: there is no git.
    """
    own = scratch / "objects.git"
    for inner in ("objects/info", "objects/pack", "refs/heads"):
        (own / inner).mkdir(parents=True)
    (own / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
    (own / "config").write_text(_CONFIG, encoding="ascii")
    git = _Git(own, scratch)
    if source.is_dir():
        folder = _git_folder(source)
        _check_objects(folder / "objects")
        (own / "objects/info/alternates").write_bytes(os.fsencode(folder / "objects") + b"\n")
        return Store(own, _tips_of_clone(folder), git)
    size = source.stat().st_size
    if size > LARGEST_HISTORY:
        raise StoreError(
            "unreadable-history",
            f"the bundle has {size / 1e6:,.1f} MB, {LARGEST_HISTORY / 1e6:.0f} MB are the most",
            "bundle a part of the history",
        )
    with source.open("rb") as file:
        if not _BUNDLE.match(file.read(20)):
            raise StoreError("unreadable-history", "this file is no bundle of git", _MAKE_BUNDLE)
    try:
        said = git.run("bundle", "unbundle", str(source)).decode("utf-8", "replace")
    except StoreError as trouble:
        reason = trouble.message.replace(str(source), source.name)
        advice = _MAKE_BUNDLE if trouble.help == _MEND else trouble.help
        raise StoreError("unreadable-history", f"the bundle cannot be read: {reason}", advice) from trouble
    return Store(own, dict(line.split(" ", 1) for line in said.splitlines() if _ID.match(line) and " " in line), git)


class _Git:
    """The git program, in our own repository."""

    def __init__(self, repository: Path, home: Path) -> None:
        found = shutil.which("git")
        if found is None:
            raise Failure("there is no `git` on this machine, which reads a `history`", help="install git")
        self._program = found
        self._bounded = ("/bin/sh", "-c", _BOUNDED, "sh", str(2 * LARGEST_HISTORY // 512), str(MOST_GIT_MEMORY // 1024))
        self._repository = repository
        self._ends = time.monotonic() + _MOST_SECONDS
        self._environment = {
            "PATH": os.pathsep.join((str(Path(found).parent), "/usr/bin", "/bin")),
            "HOME": str(home),
            "LC_ALL": "C",
            "GIT_DIR": str(repository),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ALLOW_PROTOCOL": "file",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
        }

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """What git prints.

        Raises:
            StoreError: it ended with an error, took too long, or needed more than it may have.
        """
        with subprocess.Popen(
            [*self._bounded, self._program, *arguments],
            cwd=self._repository,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            try:
                said, complaint = process.communicate(stdin, timeout=max(self._ends - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                # git starts programs of its own, which must not go on without it.
                os.killpg(process.pid, signal.SIGKILL)
                raise StoreError(
                    "unreadable-history",
                    f"git took longer than {_MOST_SECONDS:.0f} s over it",
                    "give a smaller clone or bundle",
                ) from None
        if process.returncode:
            raise _trouble(process.returncode, complaint)
        return said


def _trouble(status: int, complaint: bytes) -> StoreError:
    """What became of git: a bound that it met, or what it says itself."""
    advice = "give a younger history, or one without its large files"
    if status == -signal.SIGXFSZ or b"file too large" in complaint.lower():
        message = f"it unpacks to more than {2 * LARGEST_HISTORY / 1e6:.0f} MB, the most that git may write for it"
    elif _OUT_OF_MEMORY.search(complaint):
        message = f"git needs more than {MOST_GIT_MEMORY >> 20:,} MiB of memory for it, the most that it may have"
    else:
        message, advice = _first_line(complaint), _MEND
    return StoreError("unreadable-history", message, advice)


def _first_line(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").strip().splitlines() or ["git ended with an error"]
    line = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0])
    return "".join(letter if letter.isprintable() else "?" for letter in line.split(": ", 1)[-1])[:200]


def _split(said: bytes, ids: list[str], kind: str) -> Iterator[tuple[str, bytes]]:
    """The objects in what `git cat-file --batch` printed."""
    place = 0
    for name in ids:
        end = said.index(b"\n", place)
        head = said[place:end].decode("ascii", "replace").split(" ")
        if len(head) != 3 or head[1] != kind:
            found = f"is a {head[1]}, expected a {kind}" if len(head) == 3 else "is not there"
            raise StoreError("unreadable-history", f"the object `{name[:12]}` {found}", "mend the clone or bundle")
        place = end + 1 + int(head[2]) + 1
        content = said[end + 1 : place - 1]
        # git names objects by sha1, and does not compare all that it reads with its name.
        if sha1(f"{kind} {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest() != name:
            raise StoreError(
                "unreadable-history", f"the object `{name[:12]}` is not what its id says", "mend the clone or bundle"
            )
        yield name, content


def _git_folder(clone: Path) -> Path:
    """The folder of a clone that holds its objects: `.git`, or the clone itself where it is bare."""
    inner = clone / ".git"
    if inner.is_symlink() or inner.is_file():
        raise StoreError(
            "unreadable-history",
            "the objects of this clone stand elsewhere: its `.git` is a link or a file",
            "give a clone with a `.git` of its own, as `git clone` makes it",
        )
    folder = inner if inner.is_dir() else clone
    if not (folder / "objects").is_dir() or not (folder / "HEAD").exists():
        raise StoreError(
            "unreadable-history", "this folder is no clone: it has no `.git`", "give a clone, or a bundle of git"
        )
    return folder


def _check_objects(objects: Path) -> None:
    """Refuse objects that stand outside: borrowed from another repository, or behind a link."""
    for name in ("info/alternates", "info/http-alternates"):
        if os.path.lexists(objects / name):
            raise StoreError(
                "unreadable-history",
                f"this clone borrows objects from another one: it has `objects/{name}`",
                "make it whole by `git repack -a -d` and remove that file, or clone without `--shared`",
            )
    if objects.is_symlink():
        raise StoreError("unsafe-link", "the objects of this clone are behind a link", "give a whole clone")
    for parent, folders, files in os.walk(objects):
        for name in (*folders, *files):
            path = Path(parent, name)
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise StoreError(
                    "unsafe-link",
                    f"`{path.relative_to(objects.parent).as_posix()}` of this clone is no plain file or folder",
                    "give a clone as `git clone` makes it",
                )


def _tips_of_clone(folder: Path) -> dict[str, str]:
    """Names of branches and tags by the id of what they name; those that are behind a link are left out."""
    tips: dict[str, str] = {}
    packed = folder / "packed-refs"
    if packed.is_file() and not packed.is_symlink() and packed.stat().st_size <= 1_000_000:
        for line in packed.read_text("utf-8", "replace").splitlines():
            name, _, ref = line.partition(" ")
            if _ID.fullmatch(name):
                tips.setdefault(name, ref)
    for path in sorted((folder / "refs/heads").rglob("*"))[:1000]:
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= 100:
            name = path.read_text("utf-8", "replace").strip()
            if _ID.fullmatch(name):
                tips[name] = path.relative_to(folder).as_posix()
    return tips
