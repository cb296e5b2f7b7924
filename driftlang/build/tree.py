"""Git objects: what a repository's content is as blobs, trees and commits, with their ids.

In: commits of the model and the instructions. Out: `History`: the objects by id, HEAD's id, the files at HEAD.
Refuses to do: writing. Objects are made as git makes them (`gitformat-pack`, `git-hash-object`): the same content has
the same ids. Author and committer are the same; the date is noon UTC, a minute later for each further commit of a day.
Commits of an imported history keep their own persons, times and zones.
"""

import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from hashlib import sha1

from attrs import field, frozen

from driftlang.model.forms import Commit, Stamp
from driftlang.model.paths import AGENTS_FILE

#: Modes of git's trees for files and folders.
PLAIN, EXECUTABLE, FOLDER = 0o100644, 0o100755, 0o40000
#: What git takes off the ends of a person's name, beside white space (`strbuf_addstr_without_crud` of its ident.c).
_CRUD = ".,:;<>\"\\'"
#: What git takes for white space: its own `isspace` knows neither form feeds nor vertical tabs.
_WHITE = " \t\n\r"


#: How packs name kinds of objects.
_PACKED_KINDS = {"commit": 1, "tree": 2, "blob": 3}
#: How hard zlib tries: a repository is written more often than anybody counts its bytes.
_LEVEL = 1


@frozen
class PackedObject:
    """An object as it stands in a pack, and the crc32 of that."""

    content: bytes = field(repr=False)
    checksum: int


@frozen
class GitObject:
    """An object: `kind` is `blob`, `tree` or `commit`; `id` is the sha1 of its header and content."""

    id: bytes
    kind: str
    content: bytes = field(repr=False)

    @cached_property
    def packed(self) -> PackedObject:
        """The object as it stands in a pack: kind and size, seven bits a byte after the first four, and the content."""
        size = len(self.content)
        first, size = _PACKED_KINDS[self.kind] << 4 | size & 0x0F, size >> 4
        head = bytearray()
        while size:
            head.append(first | 0x80)
            first, size = size & 0x7F, size >> 7
        head.append(first)
        content = bytes(head) + zlib.compress(self.content, _LEVEL)
        return PackedObject(content, zlib.crc32(content))


#: Objects by kind and content: variants of a repository have most of theirs in common.
Known = dict[tuple[str, bytes], GitObject]


@frozen
class TreeFile:
    """A file at HEAD."""

    mode: int
    id: bytes
    content: bytes = field(repr=False)


@frozen
class History:
    """A repository's content.

    Attributes:
        head: id of the last commit.
        objects: all objects, by id, in the order in which they were made.
        files: files at HEAD by path, sorted as git sorts.
        date: when the last commit was made, seconds since the epoch.
    """

    head: bytes
    objects: Mapping[bytes, GitObject]
    files: Mapping[str, TreeFile]
    date: int


def write_history(commits: Sequence[Commit], instructions: str, known: Known | None = None) -> History:
    """The history of the commits, oldest first; non-empty `instructions` are part of the last one's AGENTS.md.

    There must be at least one commit, and no path may be a file and a folder at once (see `contents.py`).
    What is `known` already is shared, and what is new is known from then on.
    """
    objects = _Objects({} if known is None else known)
    files: dict[str, TreeFile] = {}
    root = _Folder()
    head = b""
    dates = commit_dates(commits)
    for number, (commit, date) in enumerate(zip(commits, dates, strict=True), start=1):
        for path in commit.removed:
            if files.pop(path, None):
                root.remove(path.encode().split(b"/"))
        written = []
        for file in commit.files:
            mode = EXECUTABLE if file.is_executable else PLAIN
            written.append((file.path, TreeFile(mode, objects.keep("blob", file.content), file.content)))
        if instructions and number == len(commits):
            own = dict(written).get(AGENTS_FILE, files.get(AGENTS_FILE))
            content = join_instructions(own, instructions)
            written.append((AGENTS_FILE, TreeFile(PLAIN, objects.keep("blob", content), content)))
        for path, made in written:
            files[path] = made
            root.put(path.encode().split(b"/"), made)
        tree = root.keep(objects)
        head = objects.keep("commit", _commit_content(commit, tree, head, date))
    return History(head, objects.made, dict(sorted(files.items(), key=lambda item: item[0].encode())), dates[-1])


def join_instructions(own: TreeFile | None, instructions: str) -> bytes:
    """The repository's own agents file, if it has one, and the instructions behind it."""
    before = own.content.rstrip(b"\r\n") + b"\n\n" if own and own.content.strip() else b""
    return before + instructions.encode() + b"\n"


def commit_dates(commits: Iterable[Commit]) -> tuple[int, ...]:
    """Seconds since the epoch of each commit: noon UTC of its day, a minute later for each further one of that day.

    A commit of an imported history has its own.
    """
    seen: dict[object, int] = {}
    dates = []
    for commit in commits:
        if commit.exact:
            dates.append(commit.exact[0].committer.seconds)
            continue
        noon = datetime.combine(commit.on, time(12), UTC)
        dates.append(int((noon + timedelta(minutes=seen.get(commit.on, 0))).timestamp()))
        seen[commit.on] = seen.get(commit.on, 0) + 1
    return tuple(dates)


def blob_id(content: bytes) -> bytes:
    """The id that git gives a file's content."""
    return object_id("blob", content)


def tree_id(files: Mapping[str, tuple[int, bytes]]) -> bytes:
    """The id of the tree that has these files, given as mode and blob id by path; their contents do not matter."""
    root = _Folder()
    for path, (mode, blob) in files.items():
        root.put(os.fsencode(path).split(b"/"), TreeFile(mode, blob, b""))
    return root.keep(_Objects({}))


def object_id(kind: str, content: bytes) -> bytes:
    """The id that git gives an object of this kind."""
    # git names objects by sha1; nothing here rests on its strength.
    return sha1(f"{kind} {len(content)}\0".encode() + content, usedforsecurity=False).digest()


class _Objects:
    """The objects of one history, by id, in the order in which they were made."""

    def __init__(self, known: Known) -> None:
        self.made: dict[bytes, GitObject] = {}
        self._known = known

    def keep(self, kind: str, content: bytes) -> bytes:
        """Have an object; its id."""
        found = self._known.get((kind, content))
        if found is None:
            found = self._known[kind, content] = GitObject(object_id(kind, content), kind, content)
        self.made.setdefault(found.id, found)
        return found.id


class _Folder:
    """A folder while commits change it; its id stands until something within it changes."""

    def __init__(self) -> None:
        self._entries: dict[bytes, TreeFile | _Folder] = {}
        self._id = b""

    def put(self, path: Sequence[bytes], file: TreeFile) -> None:
        """Have the file at `path`, in folders that are made if need be."""
        self._id = b""
        name, *rest = path
        if not rest:
            self._entries[name] = file
            return
        inner = self._entries.get(name)
        if not isinstance(inner, _Folder):
            inner = self._entries[name] = _Folder()
        inner.put(rest, file)

    def remove(self, path: Sequence[bytes]) -> None:
        """Have no file at `path`, where there is one; git knows no empty folders."""
        self._id = b""
        name, *rest = path
        inner = self._entries[name]
        if rest and isinstance(inner, _Folder):
            inner.remove(rest)
            if inner._entries:  # noqa: SLF001 - of the same class
                return
        del self._entries[name]

    def keep(self, objects: _Objects) -> bytes:
        """The folder's id; its tree and those within are among `objects` then."""
        if not self._id:
            entries = [
                (name, FOLDER, entry.keep(objects)) if isinstance(entry, _Folder) else (name, entry.mode, entry.id)
                for name, entry in self._entries.items()
            ]
            # git sorts a folder as if its name ended with a slash.
            entries.sort(key=lambda entry: entry[0] + (b"/" if entry[1] == FOLDER else b""))
            content = b"".join(b"%o %b\0%b" % (mode, name, digest) for name, mode, digest in entries)
            self._id = objects.keep("tree", content)
        return self._id


def _commit_content(commit: Commit, tree: bytes, parent: bytes, date: int) -> bytes:
    lines = [f"tree {tree.hex()}", *([f"parent {parent.hex()}"] if parent else [])]
    if commit.exact:
        stamps = commit.exact[0]
        lines += [f"author {_stamped(stamps.author)}", f"committer {_stamped(stamps.committer)}", "", commit.message]
    else:
        person = f"{_identity(commit.author_name)} <{_identity(commit.author_email)}> {date} +0000"
        lines += [f"author {person}", f"committer {person}", "", clean_message(commit.message)]
    return "\n".join(lines).encode()


def _stamped(stamp: Stamp) -> str:
    return f"{stamp.name} <{stamp.email}> {stamp.seconds} {stamp.zone}"


def _identity(text: str) -> str:
    inner = text.strip(_CRUD + "".join(map(chr, range(33))))
    return "".join(letter for letter in inner if letter not in "<>\n")


def clean_message(message: str) -> str:
    """A commit message as `git commit` leaves it in its clean-up mode `whitespace`.

    No trailing white space, no empty lines at its ends or twice in a row, one line end at its end.
    """
    kept: list[str] = []
    for line in (line.rstrip(_WHITE) for line in message.split("\n")):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"
