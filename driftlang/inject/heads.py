"""What a file begins with and must go on beginning with.

In: a file's bytes and path. Out: the length of its head.
Refuses to do: parsing. A head is told by its lines, each looked at once; what is never closed is no head.

Byte order mark; `#!` line; an editor's `-*- mode -*-`; coding line of Python; declaration and document type of XML and
HTML; front matter of Markdown; the first line of a cloud's YAML, and directives of YAML up to the `---`; build
constraints of Go; inner attributes and documentation of Rust; the first comment of JavaScript when tools read it, and
directives such as `'use strict'`; and a licence in comments.
"""

import codecs
import re
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import PurePosixPath

from driftlang.inject.languages import language_of

#: The line that opens front matter, and the one that closes it.
_FENCE = re.compile(rb"---[ \t]*\r?\n?")
_FENCE_OF_TOML = re.compile(rb"\+\+\+[ \t]*\r?\n?")
#: How the first line of a file for a cloud begins.
_CLOUD = re.compile(rb"#cloud-|## template:")
#: Variables for an editor, which looks for them on the first line alone.
_MODE = re.compile(rb"-\*-.+-\*-")
#: What tools read in the comment that a file of JavaScript begins with.
_PRAGMA = re.compile(rb"@(?:no)?(?:flow|format|prettier|jest-|jsx|fileoverview|license|preserve|generated)\b")
#: PEP 263, as Python's tokenizer has them.
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")
_EMPTY = re.compile(rb"^[ \t\f]*(?:[#\r\n]|$)")
_CONSTRAINT = re.compile(rb"//(?:go:build[ \t]|[ \t]*\+build[ \t])")
_STRICT = re.compile(rb"""[ \t]*(?:"use [a-z]+"|'use [a-z]+')[ \t]*;?[ \t]*\r?\n?""")
_MARKUP = re.compile(rb"\s*<(?:\?xml|!doctype)\b[^<>]*>[ \t]*\r?\n?", re.IGNORECASE)
#: Lines that a document type may have.
_MOST_MARKUP = 5
_LICENCE = re.compile(rb"copyright|licen[cs]e|spdx-", re.IGNORECASE)
#: Marks that a line of a comment begins with.
_LINE_MARKS = (b"#", b"//", b"--")
_BLOCKS = ((b"/*", b"*/"), (b"<!--", b"-->"))


def length_of_head(source: bytes, path: str) -> int:
    """How many bytes of the file must stay first."""
    head = len(codecs.BOM_UTF8) if source.startswith(codecs.BOM_UTF8) else 0
    language = language_of(path)
    lines = BytesIO(source[head:]).readlines()
    kept = 0
    # `#![` opens an attribute of Rust.
    if lines and lines[0].startswith(b"#!") and not lines[0].startswith(b"#!["):
        kept = 1
    if language == "python":
        kept = max(kept, _coding(lines))
    if lines[kept : kept + 1] and _MODE.search(lines[kept]) and (size := _comment(lines[kept:])):
        kept += 1 if lines[kept].lstrip().startswith(_LINE_MARKS) else size
    for measure in (*_MEASURES.get(language, ()), _licence):
        kept += measure(lines[kept:])
    if PurePosixPath(path).suffix.lower() in (".html", ".htm", ".xml"):
        kept += _markup(lines[kept:])
    return head + sum(len(line) for line in lines[:kept])


def _coding(lines: Sequence[bytes]) -> int:
    """The coding line is the first, or the second below one that holds no code."""
    for number, line in enumerate(lines[:2], start=1):
        if _CODING.match(line):
            return number
        if not _EMPTY.match(line):
            break
    return 0


def _front_matter(lines: Sequence[bytes]) -> int:
    fence = next((one for one in (_FENCE, _FENCE_OF_TOML) if lines and one.fullmatch(lines[0])), None)
    if fence is None:
        return 0
    return next((number for number, line in enumerate(lines[1:], start=2) if fence.fullmatch(line)), 0)


def _cloud(lines: Sequence[bytes]) -> int:
    return next((number for number, line in enumerate(lines[:2]) if not _CLOUD.match(line)), len(lines[:2]))


def _directives(lines: Sequence[bytes]) -> int:
    """Directives of YAML, and what ends them; a `---` that is first is one of no directives."""
    for number, line in enumerate(lines):
        if _FENCE.fullmatch(line):
            return number + 1
        if not line.startswith(b"%") and line.strip() and not line.startswith(b"#"):
            break
    return 0


def _constraints(lines: Sequence[bytes]) -> int:
    """Constraints of Go, with the empty line that must follow them."""
    kept = 0
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith(b"//"):
            break
        if _CONSTRAINT.match(line):
            kept = number
    return kept + (0 < kept < len(lines) and not lines[kept].strip())


def _inner(lines: Sequence[bytes]) -> int:
    """Attributes and documentation that are about the file of Rust that they stand in."""
    kept = depth = 0
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if depth or bare.startswith(b"#!["):
            depth += bare.count(b"[") - bare.count(b"]")
            kept = kept if depth > 0 else number
        elif bare.startswith(b"//!"):
            kept = number
        elif bare:
            break
    return kept


def _strictness(lines: Sequence[bytes]) -> int:
    return next((number for number, line in enumerate(lines) if not _STRICT.fullmatch(line)), len(lines))


def _markup(lines: Sequence[bytes]) -> int:
    """Declaration and document type; either may be on several lines."""
    kept = 0
    while size := next(
        (more for more in range(1, _MOST_MARKUP + 1) if _MARKUP.fullmatch(b"".join(lines[kept : kept + more]))), 0
    ):
        kept += size
    return kept


def _docblock(lines: Sequence[bytes]) -> int:
    """The comment that comes first, when tools read it there."""
    size = _comment(lines) if lines and lines[0].lstrip().startswith(b"/*") else 0
    return size if any(_PRAGMA.search(line) for line in lines[:size]) else 0


def _licence(lines: Sequence[bytes]) -> int:
    """The comment that comes first, when it speaks of a licence, with the empty line below it.

    Lines with a mark each end with an empty one, or what came next would be part of them.
    """
    size = _comment(lines)
    if not any(_LICENCE.search(line) for line in lines[:size]):
        return 0
    has_space = size < len(lines) and not lines[size].strip()
    is_closed = lines[size - 1].rstrip().endswith(tuple(closing for _, closing in _BLOCKS))
    return size + has_space if has_space or is_closed else 0


def _comment(lines: Sequence[bytes]) -> int:
    """How many lines the comment at the top has; 0 where none is, or it is never closed."""
    first = lines[0].lstrip() if lines else b""
    for opening, closing in _BLOCKS:
        if first.startswith(opening):
            ends = (number for number, line in enumerate(lines, start=1) if line.rstrip().endswith(closing))
            return next(ends, 0)
    mark = next((mark for mark in _LINE_MARKS if first.startswith(mark)), b"")
    if not mark:
        return 0
    return next((number for number, line in enumerate(lines) if not line.lstrip().startswith(mark)), len(lines))


_MEASURES: dict[str, tuple[Callable[[Sequence[bytes]], int], ...]] = {
    "markdown": (_front_matter,),
    "yaml": (_cloud, _directives),
    "go": (_constraints,),
    "rust": (_inner,),
    **dict.fromkeys(("javascript", "typescript", "tsx"), (_docblock, _strictness)),
}
