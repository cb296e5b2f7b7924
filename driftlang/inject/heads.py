"""What a file begins with and must go on beginning with.

In: a file's bytes and path. Out: the length of its head.
Refuses to do: parsing. A head is told by its lines, each looked at once; what is never closed is no head.

Byte order mark; `#!` line; coding line of Python; declaration and document type of XML and HTML; front matter of
Markdown; directives of YAML up to the `---`; build constraints of Go; inner attributes and documentation of Rust;
directives of JavaScript such as `'use strict'`; and a licence in comments.
"""

import codecs
import re
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import PurePosixPath

from driftlang.inject.languages import language_of

#: The line that opens front matter, and the one that closes it.
_FENCE = re.compile(rb"---[ \t]*\r?\n?")
#: PEP 263, as Python's tokenizer has them.
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")
_EMPTY = re.compile(rb"^[ \t\f]*(?:[#\r\n]|$)")
_CONSTRAINT = re.compile(rb"//(?:go:build[ \t]|[ \t]*\+build[ \t])")
_STRICT = re.compile(rb"""[ \t]*(?:"use [a-z]+"|'use [a-z]+')[ \t]*;?[ \t]*\r?\n?""")
_MARKUP = re.compile(rb"[ \t]*<(?:\?xml|!doctype)\b[^<>]*>[ \t]*\r?\n?", re.IGNORECASE)
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
    if not lines or not _FENCE.fullmatch(lines[0]):
        return 0
    return next((number for number, line in enumerate(lines[1:], start=2) if _FENCE.fullmatch(line)), 0)


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
    return next((number for number, line in enumerate(lines) if not _MARKUP.fullmatch(line)), len(lines))


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
    "yaml": (_directives,),
    "go": (_constraints,),
    "rust": (_inner,),
    **dict.fromkeys(("javascript", "typescript", "tsx"), (_strictness,)),
}
