"""Source files and spans.

In: bytes of a file. Out: `SourceFile` (decoded text with line starts) and `Span` (file id, start, end).
Refuses to do: any interpretation of the text. Line and column are computed on demand.
"""

from bisect import bisect_right
from collections.abc import Iterator

from attrs import field

from driftlang.record import frozen


@frozen
class Span:
    """A half-open range of one file.

    Attributes:
        file: index of the file in `Sources`.
        start: offset of the first character, in Unicode code points.
        end: offset behind the last character.
    """

    file: int
    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """The range from the start of this span to the end of `other`, in the same file."""
        return Span(self.file, self.start, max(self.end, other.end))


def _line_starts(text: str) -> tuple[int, ...]:
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return tuple(starts)


@frozen
class SourceFile:
    """One decoded file: `path` as the user gave it or as an import reached it, and its `text`."""

    path: str
    text: str
    _starts: tuple[int, ...] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_starts", _line_starts(self.text))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of `offset`, both counted from 1; the column in code points."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (from 1), without its line end."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")

    @property
    def line_count(self) -> int:
        """Number of lines; an empty file has one."""
        return len(self._starts)


class Sources:
    """The files of one compilation; a file's id is its position here."""

    def __init__(self) -> None:
        self._files: list[SourceFile] = []

    def add(self, path: str, text: str) -> int:
        """Keep a file and return its id."""
        self._files.append(SourceFile(path, text))
        return len(self._files) - 1

    def __getitem__(self, file: int) -> SourceFile:
        return self._files[file]

    def __iter__(self) -> Iterator[SourceFile]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)
