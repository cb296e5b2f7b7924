"""A text known by its words, whatever an agent has made of the comment that it stood in.

In: a file's bytes, and a text that was put into it. Out: the file without the words of the text; or whether something
like it stands there.
Refuses to do: taking out any other word, and taking the same words for the text where they are no comment.

A comment may have been filled anew, set further in, moved, given other marks, spread over several comments, or put into
one with other words. Comments with nothing but white space between them are read as one, and the text is found in it
where all of its words stand in their order, whatever the case of letters and what stands between. Limits: a text of
fewer than `LEAST_WORDS` words is found only where it is all that a comment says; a text that the repository says in
equal words itself, and whose own copy is gone, is taken for it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from driftlang.inject.comments import style_of
from driftlang.inject.languages import language_of, parse
from driftlang.inject.outline import read_outline
from driftlang.inject.same_code import is_lone_string
from driftlang.model.schedules import BEFORE, DOCUMENT, TOP

if TYPE_CHECKING:
    from tree_sitter import Node

#: Words of a text that is found amid others.
LEAST_WORDS = 5
#: Of the runs of three words of a text, the share by which one with other words is known to come from it.
KINSHIP = 1 / 3

_WORD = re.compile(rb"[\w\x80-\xff]+")
_MARKUP = re.compile(rb"<!--.*?-->", re.DOTALL)
#: What ends a comment, with white space before it.
_CLOSING = re.compile(rb"\s*(?:\*+/|-->|\"{3}|\'{3})\Z")
#: What ends a sentence, in the place of what ended it.
_ENDS = b".?!"


@frozen
class Wanted:
    """A text that was put into the file `path` at a place, and the file's encoding."""

    path: str
    text: str
    place: str
    encoding: str

    def words(self) -> tuple[bytes, ...]:
        """The words of the text; none where the encoding lacks a letter of it."""
        try:
            return tuple(_WORD.findall(self.text.lower().encode(self.encoding)))
        except UnicodeEncodeError:
            return ()


def is_long(text: str) -> bool:
    """Whether the text is known amid other words."""
    return len(_WORD.findall(text.encode())) >= LEAST_WORDS


#: From its first byte to the one behind its last.
_Extent = tuple[int, int]


@frozen
class _Saying:
    """Comments that are read as one: where each stands, and where each word does."""

    comments: tuple[_Extent, ...]
    at: tuple[_Extent, ...]
    words: tuple[bytes, ...]


def each_without_words(source: bytes, wanted: Wanted) -> Iterator[bytes]:
    """The file without each run of the text's words that comments, docstrings or a document's paragraphs hold."""
    sought = wanted.words()
    if not sought or max(sought, key=len) not in source.lower():
        return
    for saying in _sayings(source, wanted):
        if len(sought) < LEAST_WORDS and saying.words != sought:
            continue
        for first in range(len(saying.words) - len(sought) + 1):
            if saying.words[first] == sought[0] and saying.words[first : first + len(sought)] == sought:
                yield _without(source, saying, first, first + len(sought) - 1, wanted)


def is_akin(source: bytes, wanted: Wanted) -> bool:
    """Whether comments that are read as one hold `KINSHIP` of the text's runs of three words."""
    runs = _runs(wanted.words())
    if not runs:
        return False
    return any(len(runs & _runs(saying.words)) >= KINSHIP * len(runs) for saying in _sayings(source, wanted))


def _runs(words: Sequence[bytes]) -> frozenset[tuple[bytes, ...]]:
    return frozenset(zip(words, words[1:], words[2:], strict=False))


# ---- what comments say ----


def _sayings(source: bytes, wanted: Wanted) -> Iterator[_Saying]:
    if wanted.place == DOCUMENT:
        yield _saying(source, [(0, len(source))])
        return
    together: list[_Extent] = []
    for comment in _comments(source, wanted.path):
        if together and source[together[-1][1] : comment[0]].strip():
            yield _saying(source, together)
            together = []
        together.append(comment)
    if together:
        yield _saying(source, together)
    for string in _lone_strings(source, wanted.path):
        yield _saying(source, [string])


def _saying(source: bytes, comments: Sequence[_Extent]) -> _Saying:
    at = tuple(word.span() for start, end in comments for word in _WORD.finditer(source, start, end))
    return _Saying(tuple(comments), at, tuple(source[start:end].lower() for start, end in at))


def _comments(source: bytes, path: str) -> Iterator[_Extent]:
    """Where comments stand, in the order of the file; where no tree is to be had, those that begin a line."""
    style, language = style_of(path), language_of(path)
    if style and style.closing:
        yield from (found.span() for found in _MARKUP.finditer(source))
        return
    outline = read_outline(source, language) if language else None
    if outline is not None:
        yield from ((one.start, one.start + len(one.text)) for one in outline.comments)
    elif style:
        mark = re.escape(style.prefix.strip().encode())
        of_line = rb"(?m)^[ \t]*(" + mark + rb"[^\r\n]*"
        starred = rb"|/\*(?s:.*?)\*/)" if mark == rb"//" else rb")"
        yield from (found.span(1) for found in re.finditer(of_line + starred, source))


def _lone_strings(source: bytes, path: str) -> Iterator[_Extent]:
    """Strings of Python that are statements, as documentation is."""
    language = language_of(path)
    tree = parse(source, language) if language == "python" else None
    waiting: list[Node] = [tree.root_node] if tree else []
    while waiting:
        node = waiting.pop()
        if is_lone_string(node):
            yield node.start_byte, node.end_byte
        elif node.type != "expression_statement":
            waiting += reversed(node.named_children)


# ---- without a text ----


def _without(source: bytes, saying: _Saying, first: int, last: int, wanted: Wanted) -> bytes:
    """The file without these words of the comments, and without comments and lines that say nothing else."""
    start, end = _with_punctuation(source, saying.at[first][0], saying.at[last][1], wanted)
    cuts = [
        _cut_whole(source, comment) if _is_all(saying, comment, first, last) else _cut_part(source, comment, start, end)
        for comment in saying.comments
        if comment[0] < end and start < comment[1]
    ]
    behind = cuts[-1][1]
    if wanted.place in (TOP, BEFORE) and source[:behind].endswith(b"\n"):
        empty = re.compile(rb"[ \t]*\r?\n").match(source, behind)
        cuts.append((behind, empty.end() if empty else behind))
    for begin, until in reversed(cuts):
        source = source[:begin] + source[until:]
    return source


def _is_all(saying: _Saying, comment: _Extent, first: int, last: int) -> bool:
    """Whether the comment has no word beside those from `first` to `last`."""
    within = [number for number, (start, _) in enumerate(saying.at) if comment[0] <= start < comment[1]]
    return all(first <= number <= last for number in within)


def _with_punctuation(source: bytes, start: int, end: int, wanted: Wanted) -> _Extent:
    """The extent with the text's own punctuation at its ends, or what ends a sentence in its place."""
    encoded = wanted.text.strip().encode(wanted.encoding)
    found = list(_WORD.finditer(encoded))
    head, tail = encoded[: found[0].start()], encoded[found[-1].end() :]
    if head and source[:start].endswith(head):
        start -= len(head)
    if tail and source.startswith(tail, end):
        end += len(tail)
    elif tail and source[end : end + 1] in [_ENDS[at : at + 1] for at in range(len(_ENDS))]:
        end += 1
    return start, end


def _cut_whole(source: bytes, comment: _Extent) -> _Extent:
    """A comment with its lines, or where there is code on them with the white space toward it."""
    start, end = comment
    line, behind = source.rfind(b"\n", 0, start) + 1, _line_end(source, end)
    if not source[line:start].strip():
        if not source[end:behind].strip():
            return line, behind
        return start, end + _spaces(source[end:behind])
    return len(source[:start].rstrip(b" \t")), end


def _cut_part(source: bytes, comment: _Extent, start: int, end: int) -> _Extent:
    """What the comment has of the text; lines of it that hold nothing else go whole, marks of the comment stay."""
    if start < comment[0] and (word := _WORD.search(source, comment[0])):
        start = word.start()
    end = min(end, comment[1] - _length_of_closing(source[comment[0] : comment[1]]))
    line, behind = source.rfind(b"\n", 0, start) + 1, _line_end(source, end)
    is_first = line > comment[0] and not _WORD.search(source, line, start)
    is_last = behind <= comment[1] and not _WORD.search(source, end, behind)
    if is_first and is_last:
        return line, behind
    if is_last or end == comment[1]:
        return len(source[:start].rstrip(b" \t")), end
    return start, end + _spaces(source[end:behind])


def _length_of_closing(comment: bytes) -> int:
    found = _CLOSING.search(comment)
    return len(found[0]) if found else 0


def _line_end(source: bytes, offset: int) -> int:
    found = source.find(b"\n", offset)
    return len(source) if found < 0 else found + 1


def _spaces(text: bytes) -> int:
    return len(text) - len(text.lstrip(b" \t"))
