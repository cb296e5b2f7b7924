"""Block texts at a new indentation.

In: a block text as it is written, and the indentation of its entry. Out: the same text, its lines two columns deeper
than the entry.
Refuses to do: changing what the text says. Where other white space would be read as another text, it stays as it is.

The lines of a text that begins behind its opening quotes move below them, where that says the same. Line ends become
LF like those of the rest of the file, since that is how they are read.
"""

import re

from driftlang.syntax.quoted import dedent

_OPENING = re.compile(r'(raw)?[ \t]*(?=")')
_QUOTES = '"""'


def reindented(written: str, indent: int) -> str:
    """A text, block text or raw text as it is written in an entry that is indented by `indent` columns."""
    opening = _OPENING.match(written)
    assert opening is not None  # noqa: S101 - the grammar says so
    prefix = "raw " if opening.group(1) else ""
    quoted = written[opening.end() :]
    if "\n" not in quoted:
        return prefix + quoted
    content = quoted[len(_QUOTES) : -len(_QUOTES)]
    value = _value(content)
    inner = " " * (indent + 2)
    lines = [inner + line if line else "" for line in value.split("\n")]
    if value.endswith("\n") or not value:
        lines[-1] = " " * indent
    candidates = ("\n" + "\n".join(lines), content.replace("\r\n", "\n"), content)
    return prefix + _QUOTES + next(candidate for candidate in candidates if _value(candidate) == value) + _QUOTES


def _value(content: str) -> str:
    """What the lines of a block text say, before escapes and placeholders."""
    return "".join(piece for piece, _ in dedent(content, 0)).replace("\r\n", "\n")
