"""What has become of the messages of former steps, and taking them out of the work tree.

In: a work tree that the agent has worked in, and texts with the places in it that they were said at. Out: the fate of
each; the files without them, where that is asked for.
Refuses to do: taking out words that the agent has changed.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from attrs import field, frozen

from driftlang.cells.forms import Spot
from driftlang.inject.comments import style_of
from driftlang.inject.forms import GONE, MOVED, Removed
from driftlang.inject.recognition import is_long
from driftlang.inject.remove import remove_earlier
from driftlang.model.schedules import DOCUMENT
from driftlang.run.records import EarlierText
from driftlang.run.work_files import paths_of, read_file, rewrite_file, why_closed

#: Files up to this many bytes are searched once, as long as nothing in them changes; so many results are kept.
_SMALL = 64 * 1024
_KEPT = 256


def seek_earlier(work_tree: Path, said: Sequence[tuple[Spot, str]], *, removes: bool) -> tuple[EarlierText, ...]:
    """The fate of each text that was said at a place in a file; those that are found are taken out if `removes`.

    Each is sought in its file, then, as agents split files, in all files of the work tree. The last one put in is
    sought first, which undoes the putting in. A file that cannot be read and written holds nothing.
    """
    search = _Search(work_tree)
    fates = [search.seek(spot, text) for spot, text in reversed(said)]
    if removes:
        search.write()
    return tuple(reversed(fates))


@frozen
class _Search:
    """Files as they were, and as they are without the texts that were found so far, by path.

    `documents` are those that a text was a paragraph of: one that is empty without it was made for it.
    """

    work_tree: Path
    before: dict[str, bytes] = field(factory=dict)
    now: dict[str, bytes] = field(factory=dict)
    documents: set[str] = field(factory=set)

    def seek(self, spot: Spot, text: str) -> EarlierText:
        """What became of the text, which is out of its file then."""
        found = self._take_out(spot, text)
        if found.is_out:
            return found
        elsewhere = (self._take_out(other, text) for other in self._others(spot, text))
        moved = next((one for one in elsewhere if one.is_out), None)
        return EarlierText(MOVED, moved.path, moved.text) if moved else found

    def write(self) -> None:
        """Leave the files without the texts."""
        for path in [path for path, content in self.now.items() if content != self.before[path]]:
            file = self.work_tree / path
            if path in self.documents and not self.now[path]:
                file.unlink()
            else:
                rewrite_file(file, self.now[path])

    def _take_out(self, spot: Spot, text: str) -> EarlierText:
        content = self._read(spot.path)
        if not content:
            return EarlierText(GONE, spot.path, text)
        search = _remove_again if len(content) <= _SMALL else _remove
        removed = search(content, spot.path, text, spot.place, spot.anchor)
        self.now[spot.path] = removed.source
        if spot.place == DOCUMENT:
            self.documents.add(spot.path)
        return EarlierText(removed.earlier[0].fate, spot.path, text)

    def _read(self, path: str) -> bytes:
        if path not in self.now:
            file = self.work_tree / path
            content = b"" if why_closed(self.work_tree, file) else read_file(file)
            self.before[path] = self.now[path] = content if isinstance(content, bytes) else b""
        return self.now[path]

    def _others(self, spot: Spot, text: str) -> Iterator[Spot]:
        """The place in other files that may hold the text; a short one may be anybody's."""
        if spot.place == DOCUMENT or not is_long(text):
            return
        for path in paths_of(self.work_tree):
            if path != spot.path and style_of(path) is not None:
                yield Spot(spot.place, path, spot.anchor)


def _remove(content: bytes, path: str, text: str, place: str, anchor: str) -> Removed:
    return remove_earlier(content, path, [text], place, anchor)


#: Each step seeks what all former ones have said, in files that most of them left alone.
_remove_again = lru_cache(_KEPT)(_remove)
