"""What is found only because something else could not be read.

In: the diagnostics of one compilation. Out: those of them that may only follow from another.
Refuses to do: naming what tells of something that was read; and never all of them: each follows from one that does not.

A name on a line that could not be read may be declared there, what an unread import brings in is not known, and what
a damaged block seems to lack may stand in it. Such things are said when the rest is mended, if they still hold.
"""

import re
from collections.abc import Iterable, Sequence

from attrs import frozen

from driftlang.diagnostics.catalogue import GROUPS
from driftlang.diagnostics.diagnostic import Diagnostic
from driftlang.model.vocabulary import DECLARATIONS
from driftlang.source import SourceFile, Sources
from driftlang.syntax.layout import first_line_at_most, indentation, line_start

#: What leaves something unread.
_CAUSES = frozenset({explanation.id for explanation in GROUPS["syntax"]} - {"wrong-version"}) | {
    "cyclic-import",
    "missing-import",
    "unreadable-import",
    "unknown-declaration",
    "unknown-entry",
    "wrong-argument",
}
#: What beside them leaves a declaration out of the whole.
_BREAKS = frozenset({"unknown-name", "unknown-word", "wrong-kind"})
#: What tells that the whole lacks something, and the declarations of which none may be left out then.
_OF_THE_WHOLE = {
    "one-sided-conflict": frozenset({"value", "conflict", "pattern", "rubric", "constraint"}),
    "arm-without-messages": frozenset({"value", "pressure", "placebo", "scenario"}),
}
#: What tells that a word names nothing.
_UNKNOWN = frozenset({"unknown-name", "unknown-placeholder", "unknown-word"})
_SOLUTION = re.compile(r"\s*solution\b")
#: A line that is neither indented, blank, a comment nor the end of a block.
_TOP = re.compile(r"[^\s#}]")
_WORD = re.compile(r"[A-Za-z_]\w*")
#: An import of all that a file declares; one with names has them behind its path.
_WHOLE_IMPORT = re.compile(r'"[^"]*\.drift"?\W*$')
_WORD_END = re.compile(r"\w*")
_LAST_WORD = re.compile(r"\w*$")
#: Letters beside a stray character that may belong to one word with it.
_NEAR = 100
_BLOCK_TEXT = '"""'
#: A text that is closed declares nothing.
_CLOSED_TEXT = re.compile(r'"[^"]*"')


@frozen
class _Line:
    """A line that was not read: its number, its words, and whether it may be an import of whatever a file declares."""

    number: int
    words: frozenset[str]
    is_import: bool


@frozen
class _Cause:
    """A place where something is left unread, with its line.

    `joined` is the word that a stray character may have cut in two; `is_open_block` is set where a block was left open.
    """

    file: int
    start: int
    line: _Line
    joined: str
    is_open_block: bool


def find_consequences(found: Sequence[Diagnostic], sources: Sources) -> tuple[Diagnostic, ...]:
    """Those of the diagnostics that may only follow from another."""
    lines: dict[tuple[int, int], _Line] = {}
    causes = [_cause(diagnostic, sources, lines) for diagnostic in found if diagnostic.id in _CAUSES]
    whole = {diagnostic.id for diagnostic in found} & _OF_THE_WHOLE.keys()
    broken = _broken(found, sources) if whole else frozenset[str]()
    unsure = {name for name in whole if not broken.isdisjoint(_OF_THE_WHOLE[name]) or broken - DECLARATIONS.keys()}
    of_solutions = [_cause(one, sources, lines) for one in found if _is_of_solution(one, sources)]
    return tuple(
        diagnostic
        for diagnostic in found
        if diagnostic.id in unsure
        or _follows(diagnostic, causes, sources)
        or (diagnostic.id == "missing-solution" and _has_cause_within(diagnostic, of_solutions, sources))
    )


def _is_of_solution(diagnostic: Diagnostic, sources: Sources) -> bool:
    """Whether the value of a solution is not known: which of the values it is for is not, either."""
    if diagnostic.id not in {"unknown-name", "wrong-kind"}:
        return False
    source = sources[diagnostic.span.file]
    return _SOLUTION.match(source.line(source.position(diagnostic.span.start)[0])) is not None


def _broken(found: Sequence[Diagnostic], sources: Sources) -> frozenset[str]:
    """First words of the entries at the top of a file that have something in them that breaks them."""
    words = set()
    for diagnostic in found:
        if diagnostic.id in _CAUSES | _BREAKS:
            source = sources[diagnostic.span.file]
            number = source.position(diagnostic.span.start)[0]
            while number > 1 and not _TOP.match(source.line(number)):
                number -= 1
            top = _WORD.match(source.line(number))
            words.add(top.group() if top else "")
    return frozenset(words)


def _cause(diagnostic: Diagnostic, sources: Sources, lines: dict[tuple[int, int], _Line]) -> _Cause:
    span = diagnostic.span
    source = sources[span.file]
    number = source.position(span.start)[0]
    if (span.file, number) not in lines:
        # A long line may have many mistakes; it is read once.
        lines[span.file, number] = _read_line(source, number, line_start(source.text, span.start))
    joined = _joined(diagnostic, source.text) if diagnostic.id == "stray-character" else ""
    return _Cause(span.file, span.start, lines[span.file, number], joined, diagnostic.id == "unclosed-block")


def _joined(stray: Diagnostic, text: str) -> str:
    start, end = stray.span.start, stray.span.end
    left = _LAST_WORD.search(text[max(0, start - _NEAR) : start])
    right = _WORD_END.match(text[end : end + _NEAR])
    return (left.group() if left else "") + (right.group() if right else "")


def _read_line(source: SourceFile, number: int, start: int) -> _Line:
    text = source.line(number).partition(" #")[0]
    # The marks of a block text are no quotes: what stands between the end of one and the begin of the next is read.
    words = frozenset(_WORD.findall(_CLOSED_TEXT.sub("", text.replace(_BLOCK_TEXT, " "))))
    if source.text.count(_BLOCK_TEXT, 0, start) % 2:
        # A text that began on a line above ends here, and the entry of that line is left unread with this one.
        opened = source.text.rfind(_BLOCK_TEXT, 0, start)
        words |= frozenset(_WORD.findall(source.text[line_start(source.text, opened) : opened]))
    return _Line(number, words, _WHOLE_IMPORT.search(text) is not None)


def _follows(diagnostic: Diagnostic, causes: Sequence[_Cause], sources: Sources) -> bool:
    if diagnostic.id in _UNKNOWN:
        return _may_be_unread(diagnostic, causes, sources)
    if diagnostic.id == "unknown-entry":
        return _declares(diagnostic, causes, sources)
    if diagnostic.id == "wrong-version":
        return any(cause.line.number == 1 and cause.file == diagnostic.span.file for cause in causes)
    if diagnostic.id == "missing-solution":
        return _has_cause_within(diagnostic, causes, sources)
    return False


def _may_be_unread(diagnostic: Diagnostic, causes: Iterable[_Cause], sources: Sources) -> bool:
    """Whether what is not known stands on a line that was not read."""
    span = diagnostic.span
    name = frozenset(_WORD.findall(sources[span.file].text[span.start : span.end]))
    is_name = diagnostic.id == "unknown-name"
    return any(
        name <= cause.line.words or name == {cause.joined} or (is_name and cause.line.is_import) for cause in causes
    )


def _declares(diagnostic: Diagnostic, causes: Iterable[_Cause], sources: Sources) -> bool:
    """Whether the entry would declare something at the top of the file, and seems to stand in a block left open."""
    span = diagnostic.span
    is_declaration = sources[span.file].text[span.start : span.end] in DECLARATIONS
    return is_declaration and any(
        cause.is_open_block and cause.file == span.file and cause.start < span.start for cause in causes
    )


def _has_cause_within(diagnostic: Diagnostic, causes: Iterable[_Cause], sources: Sources) -> bool:
    """Whether something in the block below the diagnostic was not read."""
    span = diagnostic.span
    text = sources[span.file].text
    start = line_start(text, span.start)
    end = first_line_at_most(text, span.start, indentation(text, span.start))
    return any(cause.file == span.file and start <= cause.start < end for cause in causes)
