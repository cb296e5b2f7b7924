"""Diagnostics → text for people, with the source lines that they speak of.

In: diagnostics and the files they speak of. Out: a string.
Refuses to do: sorting or filtering; what is given is shown.
"""

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

from driftlang.diagnostics.diagnostic import MOST_KEPT, Diagnostic, Severity
from driftlang.source import SourceFile, Sources, Span

_TAB = 4
#: Columns of a source line that are shown; longer ones are cut around the span.
_WIDEST = 160
_RED, _YELLOW, _BLUE, _BOLD, _RESET = "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"


def render_full(found: Sequence[Diagnostic], sources: Sources, color: bool) -> str:
    """Every diagnostic with its source line, carets, labels and help, and a last line that counts them."""
    blocks = [_Block(diagnostic, sources, color).render() for diagnostic in found]
    return "\n".join([*blocks, summarise(found)]) + "\n" if blocks else ""


def summarise(found: Sequence[Diagnostic]) -> str:
    """`2 errors and 1 warning in 1 file`."""
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in found)
    counts = [_count(errors, "error")] if errors else []
    warnings = len(found) - errors
    if warnings:
        counts.append(_count(warnings, "warning"))
    files = _count(len({diagnostic.span.file for diagnostic in found}), "file")
    more = f" (more than {MOST_KEPT} are not kept)" if max(errors, warnings) >= MOST_KEPT else ""
    return f"{' and '.join(counts)} in {files}{more}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


class _Block:
    """One diagnostic on its way to text."""

    def __init__(self, diagnostic: Diagnostic, sources: Sources, color: bool) -> None:
        self._diagnostic = diagnostic
        self._sources = sources
        self._color = color
        spans = [diagnostic.span, *(label.span for label in diagnostic.labels)]
        self._gutter = len(str(max(sources[span.file].position(span.start)[0] for span in spans)))

    def render(self) -> str:
        diagnostic = self._diagnostic
        tint = _RED if diagnostic.severity is Severity.ERROR else _YELLOW
        head = self._paint(f"{diagnostic.severity.value}[{diagnostic.id}]", tint)
        lines = [f"{head}{self._paint(f': {printable(diagnostic.message)}', _BOLD)}"]
        lines += self._snippet(diagnostic.span, "^", "", "-->", tint)
        file = diagnostic.span.file
        for label in diagnostic.labels:
            lines += self._snippet(label.span, "-", label.text, ":::", _BLUE, is_near=label.span.file == file)
        if diagnostic.help:
            bar = self._paint("=", _BLUE)
            lines.append(f"{' ' * self._gutter} {bar} help: {printable(diagnostic.help)}")
        return "\n".join(lines) + "\n"

    def _paint(self, text: str, tint: str) -> str:
        return f"{tint}{text}{_RESET}" if self._color else text

    def _snippet(  # noqa: PLR0913 - a span and the four ways in which a label differs from the place itself
        self, span: Span, mark: str, text: str, arrow: str, tint: str, *, is_near: bool = False
    ) -> list[str]:
        source = self._sources[span.file]
        line, column = source.position(span.start)
        blank = " " * self._gutter
        bar = self._paint("|", _BLUE)
        place = f"{line}:{column}" if is_near else f"{printable(source.path)}:{line}:{column}"
        shown, before, width = _excerpt(source, span, line, column)
        under = self._paint(f"{mark * width}{f' {printable(text)}' if text else ''}", tint)
        return [
            f"{blank}{self._paint(arrow, _BLUE)} {place}",
            f"{blank} {bar}",
            f"{self._paint(str(line).rjust(self._gutter), _BLUE)} {bar} {shown}".rstrip(),
            f"{blank} {bar} {' ' * before}{under}",
        ]


def _excerpt(source: SourceFile, span: Span, line: int, column: int) -> tuple[str, int, int]:
    """A source line as it is shown, the cells before the span, and the cells of the span on this line."""
    text = source.line(line)
    start = column - 1
    end = min(len(text), start + max(0, span.end - span.start))
    cut_left, cut_right = 0, len(text)
    if len(text) > _WIDEST:
        cut_left = max(0, min(start - _WIDEST // 4, len(text) - _WIDEST))
        cut_right = cut_left + _WIDEST
    left, right = "…" if cut_left else "", "…" if cut_right < len(text) else ""
    before = left + text[cut_left:start]
    marked = text[start : max(start, min(end, cut_right))]
    shown = _expand(before + marked + text[max(start, min(end, cut_right)) : cut_right] + right)
    cells = _cells(_expand(before))
    return shown, cells, max(1, _cells(_expand(before + marked)) - cells)


def _expand(text: str) -> str:
    """Tabs as blanks up to the next stop, and characters that do not print as `�`."""
    pieces: list[str] = []
    cells = 0
    for character in text:
        piece = " " * (_TAB - cells % _TAB) if character == "\t" else printable(character)
        cells += _cells(piece)
        pieces.append(piece)
    return "".join(pieces)


def _cells(text: str) -> int:
    """Terminal cells that a text takes: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1 for character in text)


def printable(text: str) -> str:
    """The text with each character that a terminal would act on made visible as `�`."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() or combining(character) else "�" for character in text)
