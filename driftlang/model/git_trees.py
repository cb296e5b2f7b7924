"""Trees of git → what changes from one to the next.

In: a store and the ids of trees. Out: `TreeChange`s, by path.
Refuses to do: links and submodules, which would lead out of the repository; names that are not UTF-8; trees that are
nested too deep or hold too much, which a few objects can spell.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import field

from driftlang.model.bounds import LARGEST_HISTORY
from driftlang.model.git_store import Store, StoreError
from driftlang.record import frozen

#: Folders in a row, and files that all commits together may write or remove.
_MOST_DEPTH, _MOST_CHANGES = 64, 1_000_000
_FOLDER, _LINK, _SUBMODULE = 0o40000, 0o120000, 0o160000
_ID_BYTES = 20


@frozen
class WrittenFile:
    """A file that a commit writes: `blob` is the id of its content."""

    path: str
    blob: str
    is_executable: bool


@frozen
class TreeChange:
    """What makes one tree of another, by path."""

    written: tuple[WrittenFile, ...]
    removed: tuple[str, ...]


@frozen
class _Entry:
    """An entry of a tree: `id` is that of a tree where `mode` is a folder's, else of a blob."""

    mode: int
    id: str

    @property
    def is_folder(self) -> bool:
        return self.mode == _FOLDER


@frozen
class _Walk:
    """A comparison under way."""

    where: str
    written: list[WrittenFile] = field(factory=list)
    removed: list[str] = field(factory=list)


class Trees:
    """Every tree of a history, read level by level; `total` is the bytes of all of them."""

    def __init__(self, store: Store, roots: Sequence[str]) -> None:
        self.total = 0
        self._trees: dict[str, Mapping[str, _Entry]] = {}
        self._changes = 0
        wanted = list(dict.fromkeys(roots))
        for _ in range(_MOST_DEPTH):
            if not wanted:
                return
            self._read(store, wanted)
            inner = (entry.id for tree in wanted for entry in self._trees[tree].values() if entry.is_folder)
            wanted = [tree for tree in dict.fromkeys(inner) if tree not in self._trees]
        raise StoreError(
            "unreadable-history", f"its folders are nested deeper than {_MOST_DEPTH}", "give an ordinary history"
        )

    def _read(self, store: Store, ids: Sequence[str]) -> None:
        self.total += sum(size for _, size in store.sizes(ids).values())
        if self.total > LARGEST_HISTORY:
            raise StoreError(
                "unreadable-history",
                f"its lists of files alone have {self.total / 1e6:,.1f} MB, "
                f"{LARGEST_HISTORY / 1e6:.0f} MB are the most",
                "give a younger history",
            )
        for tree, content in store.read(ids, "tree").items():
            self._trees[tree] = dict(_parse(tree, content))

    def change(self, before: str, after: str, where: str) -> TreeChange:
        """What makes the tree `after` of `before` (empty: of nothing); `where` names the commit in messages."""
        walk = _Walk(where)
        self._compare(self._trees.get(before, {}), self._trees[after], "", walk)
        return TreeChange(tuple(sorted(walk.written, key=lambda file: file.path)), tuple(sorted(walk.removed)))

    def _compare(self, before: Mapping[str, _Entry], after: Mapping[str, _Entry], above: str, walk: _Walk) -> None:
        for name in before.keys() | after.keys():
            old, new = before.get(name), after.get(name)
            if old == new:
                continue
            self._count()
            path = f"{above}{name}"
            old_inner = self._trees[old.id] if old and old.is_folder else {}
            new_inner = self._trees[new.id] if new and new.is_folder else {}
            if old_inner or new_inner:
                self._compare(old_inner, new_inner, f"{path}/", walk)
            if old and not old.is_folder and (new is None or new.is_folder):
                walk.removed.append(path)
            if new and not new.is_folder:
                walk.written.append(WrittenFile(path, new.id, _is_executable(new.mode, path, walk.where)))

    def _count(self) -> None:
        self._changes += 1
        if self._changes > _MOST_CHANGES:
            raise StoreError(
                "unreadable-history", f"its commits change more than {_MOST_CHANGES:,} files", "give a younger history"
            )


def _is_executable(mode: int, path: str, where: str) -> bool:
    kind = {_LINK: "a link", _SUBMODULE: "a submodule"}.get(mode)
    if kind:
        raise StoreError(
            "unreadable-history",
            f"{where} holds `{path}`, {kind}, which leads out of what is kept",
            "take a commit before it came, or make a history without it",
        )
    return bool(mode & 0o100)


def _parse(tree: str, content: bytes) -> Iterator[tuple[str, _Entry]]:
    place = 0
    try:
        while place < len(content):
            blank, end = content.index(b" ", place), content.index(b"\0", place)
            name = content[blank + 1 : end].decode("utf-8")
            mode = int(content[place:blank], 8)
            place = end + 1 + _ID_BYTES
            yield name, _Entry(mode, content[end + 1 : place].hex())
    except UnicodeDecodeError as wrong:
        raise StoreError("bad-path", "a path of its history is not UTF-8", "rename the file there") from wrong
    except ValueError as damage:
        raise StoreError("unreadable-history", f"the tree `{tree[:12]}` is damaged", "mend it") from damage
