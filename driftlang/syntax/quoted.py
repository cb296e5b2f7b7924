"""What a quoted text says: escapes, placeholders, and the white space that block texts lose.

In: a text or pattern token. Out: `Quoted` or `Slashed`, with a span for each placeholder.
Refuses to do: knowing which placeholders there are.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from os.path import commonprefix

from driftlang.diagnostics.diagnostic import Sink
from driftlang.source import Span
from driftlang.syntax.ast import Hole, Quoted, Slashed
from driftlang.syntax.tree import Token

_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t", "{{": "{{"}
_SPECIAL = re.compile(r"\\(\{\{|[^\n])?|\{\{[ \t]*([A-Za-z_]\w*)[ \t]*\}\}|\{\{")
#: What stands between two pairs of braces on a line.
_INSIDE = re.compile(r"\{\{([^{}\n]*)\}\}")
#: Characters of a mistaken placeholder that a message shows.
_LONGEST_SHOWN = 40
_FIRST_LINE = re.compile(r"[ \t]*\r?\n")
_RAW = re.compile(r"raw[ \t]+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BLANKS = re.compile(r"[ \t]*")

#: A piece of a text and the offset of its first character in the file.
Piece = tuple[str, int]


def read_text(token: Token, file: int, sink: Sink) -> Quoted:
    """The text that `token` stands for."""
    start = token.start
    span = Span(file, start, token.end)
    raw = _RAW.match(token.text)
    begin = raw.end() if raw else 0
    body = token.text[begin:]
    if token.kind.endswith("BLOCK_TEXT"):
        pieces = dedent(body[3:-3], start + begin + 3)
    else:
        pieces = [(body[1:-1], start + begin + 1)]
    if raw or ("\\" not in body and "{{" not in body):
        whole = "".join(piece for piece, _ in pieces).replace("\r\n", "\n")
        return Quoted((whole,) if whole else (), span)
    scanned = chain.from_iterable(_scan(piece, file, sink) for piece in pieces)
    return Quoted(tuple(_joined(scanned)), span)


def dedent(content: str, offset: int) -> list[Piece]:
    """The lines of a block text without what they share, each with its line end, and where each begins.

    The line end after the opening quotes and the blanks before the closing ones go; the last line keeps its line end
    where the closing quotes stand on a line of their own.
    """
    first = _FIRST_LINE.match(content)
    if first:
        content, offset = content[first.end() :], offset + first.end()
    content = content.rstrip(" \t")
    lines = _LINE.findall(content)
    leads = [_lead(line) for line in lines if line.strip()]
    shared = commonprefix(leads)  # noqa: RUF071 - white space is shared character by character
    pieces = []
    for line in lines:
        kept = line.removeprefix(shared) if line.strip() or line.startswith(shared) else line.lstrip(" \t")
        pieces.append((kept, offset + len(line) - len(kept)))
        offset += len(line)
    return pieces


def _lead(line: str) -> str:
    found = _BLANKS.match(line)
    return found.group() if found else ""


def _joined(parts: Iterable[str | Hole]) -> Iterator[str | Hole]:
    """The parts with neighbouring literal pieces made one."""
    for is_literal, run in groupby(parts, key=lambda part: isinstance(part, str)):
        if not is_literal:
            yield from run
        elif whole := "".join(str(part) for part in run):
            yield whole


def _scan(piece: Piece, file: int, sink: Sink) -> Iterator[str | Hole]:
    text, offset = piece
    position = 0
    for found in _SPECIAL.finditer(text):
        yield text[position : found.start()].replace("\r\n", "\n")
        position = found.end()
        span = Span(file, offset + found.start(), offset + found.end())
        escape, name = found.group(1), found.group(2)
        if name is not None:
            yield Hole(name, span)
        elif found.group().startswith("{{"):
            _report_placeholder(text, found.start(), span, sink)
        elif escape in _ESCAPES:
            yield _ESCAPES[escape]
        else:
            sink.error(
                "unknown-escape",
                f"`{found.group()}` means nothing in a text",
                span,
                help='write `\\\\` for a backslash, or a `raw` text; there are `\\"`, `\\\\`, `\\n`, `\\t` and `\\{{`',
            )
    yield text[position:].replace("\r\n", "\n")


def _report_placeholder(text: str, start: int, span: Span, sink: Sink) -> None:
    """Say what stands in two braces that is no name; what other template languages write there above all."""
    inside = _INSIDE.match(text, start)
    message, advice = "`{{` is not followed by a name and `}}`", ""
    if inside and inside[1].strip():
        span = Span(span.file, span.start, span.start + len(inside.group()))
        found = " ".join(inside[1].split())
        shown = found if len(found) <= _LONGEST_SHOWN else f"{found[: _LONGEST_SHOWN - 1]}…"
        message = f"`{shown}` is no name: placeholders have no attributes, filters, calls or operators"
        advice = "give the text by `let`, and "
    sink.error(
        "bad-placeholder",
        message,
        span,
        help=f"{advice}write `{{{{ name }}}}` for a placeholder, `\\{{{{` for the two braces, or a `raw` text",
    )


def read_pattern(token: Token, file: int, sink: Sink) -> Slashed:
    r"""The pattern that `token` stands for, with `\/` made `/`."""
    source, _, flags = token.text[1:].rpartition("/")
    span = Span(file, token.start, token.end)
    wrong = sorted(set(flags) - set("ims"))
    if wrong or len(set(flags)) != len(flags):
        said = f"`{wrong[0]}` is not a flag of a pattern" if wrong else f"a flag is given twice in `{flags}`"
        sink.error(
            "bad-literal",
            said,
            Span(file, span.end - len(flags), span.end),
            help="use `i` (letter case does not matter), `m` (`^` and `$` are of a line) or `s` (`.` takes line ends)",
        )
        flags = "".join(flag for flag in "ims" if flag in flags)
    return Slashed(re.sub(r"\\(.)", _unescape_slash, source), flags, span)


def _unescape_slash(found: re.Match[str]) -> str:
    return "/" if found.group(1) == "/" else found.group()
