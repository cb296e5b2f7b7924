"""The same tokens in another layout.

In: a solution as it was played. Out: what a step did that wrote the same code with other white space.
Refuses to do: touching a token, or a line that the solution did not add.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from attrs import evolve

from driftlang.validity.proof.mutants.forms import Subject, Work
from driftlang.validity.proof.mutants.tokens import Edit, Token, read, rewrite, tokens

_OPENING, _CLOSING = (b"(", b"[", b"{"), (b")", b"]", b"}")
_ASSIGNS = (b"=", b":=", b"+=")
#: A file's bytes, its tokens, the lines that were added.
_Planner = Callable[[bytes, Sequence[Token], frozenset[int]], Iterator[Edit]]


def reformatted(subject: Subject) -> Iterator[Work]:
    """Once with wide spaces and empty lines between lines, once with no space that could be left out."""
    for plan in (_wide, _tight):
        yield from rewritten(subject, plan)


def split_over_lines(subject: Subject) -> Iterator[Work]:
    """A line each for what commas part within brackets."""
    yield from rewritten(subject, _split)


def rewritten(subject: Subject, plan: _Planner) -> Iterator[Work]:
    """The solution with edits of the files that it wrote; nothing where no file allows one."""
    files = dict(subject.done.files)
    for path in subject.written:
        source = files[path]
        tree = read(source, path)
        if tree is not None:
            edits = tuple(plan(source, tuple(tokens(source, tree)), subject.added(path)))
            files[path] = rewrite(source, path, edits) or source
    if files != subject.done.files:
        yield evolve(subject.done, files=files)


def _pairs(source: bytes, row: Sequence[Token], added: frozenset[int]) -> Iterator[tuple[Token, Token, bytes]]:
    """Tokens beside each other on an added line, and the white space between them."""
    for left, right in pairwise(row):
        gap = source[left.end : right.start]
        if left.row in added and right.row in added and b"\n" not in gap and not gap.strip():
            yield left, right, gap


def _wide(source: bytes, found: Sequence[Token], added: frozenset[int]) -> Iterator[Edit]:
    for left, right, gap in _pairs(source, found, added):
        is_inside = left.text in _OPENING and right.text not in _CLOSING
        is_last = right.text in _CLOSING and left.text not in _OPENING
        is_assigning = left.text in _ASSIGNS or right.text in _ASSIGNS
        if left.text == b",":
            yield Edit(left.end, right.start, b"  ")
        elif not gap and (is_inside or is_last or is_assigning):
            yield Edit(left.end, right.start, b" ")
    yield from _empty_lines(source, found, added)


def _empty_lines(source: bytes, found: Sequence[Token], added: frozenset[int]) -> Iterator[Edit]:
    """An empty line between two lines that were added, where no token spans both."""
    newline = b"\r\n" if b"\r\n" in source else b"\n"
    for left, right in pairwise(found):
        gap = source[left.end : right.start]
        if gap.count(b"\n") == 1 and b"\\" not in gap and left.row in added and right.row in added:
            at = left.end + gap.index(b"\n") + 1
            yield Edit(at, at, newline)


def _tight(source: bytes, found: Sequence[Token], added: frozenset[int]) -> Iterator[Edit]:
    for left, right, gap in _pairs(source, found, added):
        is_loose = left.text in (b",", *_ASSIGNS, *_OPENING) or right.text in (*_ASSIGNS, *_CLOSING)
        if gap and is_loose:
            yield Edit(left.end, right.start, b"")


def _split(source: bytes, found: Sequence[Token], added: frozenset[int]) -> Iterator[Edit]:
    for left, right, _ in _pairs(source, found, added):
        is_opened = left.text == b"(" and right.text not in _CLOSING
        is_parted = left.text == b"," and _is_bracketed(left)
        if is_opened or is_parted:
            start = source.rfind(b"\n", 0, left.start) + 1
            line = source[start : left.start]
            indent = line[: len(line) - len(line.lstrip(b" \t"))]
            step = b"\t" if indent.startswith(b"\t") else b"    "
            yield Edit(left.end, right.start, b"\n" + indent + step)


def _is_bracketed(token: Token) -> bool:
    """Whether a comma parts what stands in brackets."""
    around = token.around
    return around is not None and any(
        child.type in ("(", "[", "{") and child.end_byte <= token.start for child in around.children
    )
