"""Paragraphs at the end of documents, and out again.

In: a document's bytes, its path, a text. Out: new bytes, or the reason why there is no place.
Refuses to do: files that are no documents, and ends that are part of something else, such as a block of code that is
never closed.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from driftlang.inject.comments import paragraphs
from driftlang.inject.forms import NotPlaced
from driftlang.inject.languages import parse
from driftlang.inject.lines import Change

if TYPE_CHECKING:
    from tree_sitter import Node

#: Files that hold plain words.
_SUFFIXES = ("", ".md", ".markdown", ".txt", ".rst", ".adoc")
#: What makes a line of Markdown more than words, when it stands first.
_SPECIAL = re.compile(r"^(?=[#>+*|=~`\-<]|\d+[.)])")


def is_document(path: str) -> bool:
    """Whether the file holds plain words, going by its name; one without a suffix does when it is in capitals."""
    name = PurePosixPath(path)
    return name.suffix.lower() in _SUFFIXES and (bool(name.suffix) or name.name.isupper())


def append_paragraph(source: bytes, path: str, text: str, encoding: str, newline: str) -> Change:
    """The document with the text as its last paragraphs, which is under its last heading."""
    lines = _lines(path, text)
    if not is_document(path):
        return NotPlaced("files of this type are no documents")
    if not lines:
        return NotPlaced("the text is empty")
    end = newline.encode()
    added = (end + end).join(line.encode(encoding) for line in lines)
    if not source.strip():
        return source + added + end, source.count(b"\n") + 1
    is_ended = source.endswith(b"\n")
    now = source + end + added + end if is_ended else source + end + end + added
    if path.lower().endswith((".md", ".markdown")) and not _is_paragraph(now, now.rstrip().rfind(b"\n") + 1):
        return NotPlaced("the document's end is no place for a paragraph")
    return now, source.count(b"\n") + (2 if is_ended else 3)


def remove_paragraph(source: bytes, path: str, text: str, encoding: str) -> bytes | None:
    """The document without the paragraphs of the text; `None` where they do not stand in it."""
    stated = [line.encode(encoding) for line in _lines(path, text)]
    if not stated:
        return None
    untouched = _without_last(source, stated)
    if untouched is not None:
        return untouched
    lines = [re.escape(line) for line in stated]
    inner = rb"[ \t]*\r?\n[ \t]*\r?\n".join(lines) + rb"[ \t]*"
    found = re.search(rb"\r?\n[ \t]*\r?\n" + inner + rb"(?=\r?\n|\Z)", source)
    if found is None:
        found = re.match(rb"\s*?" + inner + rb"(?:(?:\r?\n)+|\Z)", source)
    return None if found is None else source[: found.start()] + source[found.end() :]


def _without_last(source: bytes, lines: Sequence[bytes]) -> bytes | None:
    """The document as it was, where nothing was written behind the lines; `append_paragraph` undone."""
    for end in (b"\n", b"\r\n"):
        added = (end + end).join(lines)
        blank, ended, open_ended = (
            source.removesuffix(put) for put in (added + end, end + added + end, end + end + added)
        )
        if blank != source and not blank.strip():
            return blank
        if ended != source and ended.endswith(b"\n"):
            return ended
        if open_ended != source and not open_ended.endswith(b"\n"):
            return open_ended
    return None


def _lines(path: str, text: str) -> tuple[str, ...]:
    """A line a paragraph: wrapped, a line might begin like a list or a heading."""
    if not path.lower().endswith((".md", ".markdown")):
        return paragraphs(text)
    return tuple(_SPECIAL.sub(r"\\", line) if not line[:1].isdigit() else _numbered(line) for line in paragraphs(text))


def _numbered(line: str) -> str:
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", line)


def _is_paragraph(source: bytes, offset: int) -> bool:
    tree = parse(source, "markdown")
    if tree is None:
        return False
    node: Node | None = tree.root_node.descendant_for_byte_range(offset, offset + 1)
    kinds = set()
    while node is not None:
        kinds.add(node.type)
        node = node.parent
    return "paragraph" in kinds and not kinds & {"fenced_code_block", "html_block", "list_item", "block_quote"}
