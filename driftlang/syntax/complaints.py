"""What is said of a token that does not fit, in the author's words.

In: the token, and where it was met. Out: a `Diagnostic`.
Refuses to do: naming the grammar's terminals, and guessing what the author meant beyond what the line shows.
"""

import re
from collections.abc import Iterator
from itertools import islice

from attrs import evolve

from driftlang.diagnostics.diagnostic import Diagnostic, Label
from driftlang.record import frozen
from driftlang.source import Span
from driftlang.syntax.layout import line_start
from driftlang.syntax.tree import Token

_KINDS = {
    "TEXT": "a text",
    "BLOCK_TEXT": "a text",
    "RAW_TEXT": "a text",
    "RAW_BLOCK_TEXT": "a text",
    "PATTERN": "a pattern",
    "NEWLINE": "the end of the line",
    "$END": "the end of the file",
}
#: All of C0 but tabs and line ends, and DEL.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MOST_CONTROL = 10
#: Quotes of other languages, and those that word processors make.
_QUOTES = "'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_OPENING = {"RBRACE": "{", "RBRACKET": "[", "RPAREN": "("}
#: The first word of a line, with the name or short text behind it. Like those below, it is compiled by the first
#: mistake that needs it.
_HEAD = r'\s*(?P<shown>\w+(?:[ \t]+(?:\w+|"(?:[^"\\\n]|\\[^\n]){0,60}"))?)'
#: The parts of a line: texts and patterns that are closed, a remark of other languages, a path without quotes.
_PARTS = r'"(?:[^"\\\n]|\\[^\n])*"|#|(?P<remark>(?<!\S)//)|(?P<path>[\w.-]*\w(?:/|\.\w))|/(?:[^/\\\n]|\\[^\n])*/'
_PLACE = r"[ \t]*place[ \t]"
#: Where a constraint may stand; beside `model`, which stands behind this folder in import order.
PLACES_OF_CONSTRAINT = ("agents_file", "system_prompt", "first_turn", "every_turn", "reminder")
_CLOSING = {"LBRACE": "}", "LBRACKET": "]", "LPAREN": ")"}


@frozen
class Place:
    """Where a token was met: the brackets open there, the token before it, and whether an entry could have begun."""

    text: str
    file: int
    opened: tuple[Token, ...]
    previous: Token | None
    is_start: bool


def complain(bad: Token, place: Place) -> Diagnostic:
    """The diagnostic for `bad`."""
    diagnostic = _complain(bad, place)
    advice = _habit(bad, place)
    return evolve(diagnostic, help=advice) if advice else diagnostic


def _habit(bad: Token, place: Place) -> str:
    """What to write in place of a habit of other languages that the line shows up to `bad`; empty without one."""
    text, start = place.text, line_start(place.text, bad.start)
    previous = place.previous
    if previous is not None and previous.kind.endswith("BLOCK_TEXT") and previous.end > start:
        return 'remove it; where the text itself has `"""`, write `\\"\\"\\"` there'
    for part in re.compile(_PARTS).finditer(text, start, min(bad.start + 2, len(text))):
        if part.group() == "#" or part.start() > bad.start:
            return ""
        if part["remark"]:
            return "`#` begins a comment"
        if part["path"] and re.compile(_PLACE).match(text, start):
            *others, last = (f"`{name}`" for name in PLACES_OF_CONSTRAINT)
            return f"name a place: {', '.join(others)} or {last}"
        if part["path"] and (bad.kind != "BAD_NUMBER"):
            return 'put paths and models in `"..."`'
    return ""


def _complain(bad: Token, place: Place) -> Diagnostic:
    if bad.kind in {"UNCLOSED_BLOCK", "UNCLOSED_TEXT", "UNCLOSED_PATTERN"}:
        return _unclosed_quote(bad, place)
    span = _span(bad, place.file)
    if bad.kind == "BAD_NUMBER":
        return Diagnostic(
            "bad-literal",
            f"`{bad.text}` is not a number, range, time, amount, share or date",
            span,
            help="write a literal such as `12`, `1..12`, `240s`, `60m`, `2h`, `$2.50`, `40%` or `2025-03-03`",
        )
    if bad.kind == "STRAY":
        return _stray(bad, place)
    innermost = place.opened[-1] if place.opened else None
    if innermost is not None and innermost.kind != "LBRACE":
        return _in_brackets(bad, innermost, place)
    return _in_entry(bad, place)


def describe(token: Token) -> str:
    """The token in the author's words."""
    return _KINDS.get(token.kind, f"`{token.text}`")


def surplus_brace(token: Token, file: int) -> Diagnostic:
    """A `}` that closes no block."""
    advice = "remove it, or add the `{` that it belongs to"
    return Diagnostic("unexpected", "found `}`, which closes no block", _span(token, file), help=advice)


def missing_brace(head: Token, last: Token, file: int) -> Diagnostic:
    """An entry whose block begins without `{`."""
    return Diagnostic(
        "unexpected",
        f"found the end of the line, expected `{{` and the block of `{head.text}`",
        Span(file, head.start, last.end),
        help="put `{` at the end of this line",
    )


def lone_brace(brace: Token, file: int) -> Diagnostic:
    """A `{` below the line whose block it opens."""
    return Diagnostic(
        "unexpected",
        "found `{` on a line of its own, expected it at the end of the line above",
        _span(brace, file),
        help="move it to the end of the line above",
    )


def unclosed_options(opener: Token, closing: Token, file: int) -> Diagnostic:
    """A `{` in a list that is closed before it."""
    return Diagnostic(
        "unclosed-block",
        "`{` is not closed: found `]`, expected `}`",
        _span(opener, file),
        help="put `}` behind what belongs to this element",
        labels=(Label(_span(closing, file), "the list ends here"),),
    )


def unclosed_block(opener: Token, noticed: Token | None, text: str, file: int) -> Diagnostic:
    """A `{` without its `}`; speaks of the line that opened it, and of the one that stands no deeper."""
    head = re.match(_HEAD, text[line_start(text, opener.start) : opener.start])
    if not head:
        # The brace stands on a line of its own.
        above = text[: opener.start].rstrip()
        head = re.match(_HEAD, above[line_start(above, len(above)) :])
    of = f" of `{head['shown']}`" if head else ""
    outside = "by its indentation, this stands outside of the block"
    return Diagnostic(
        "unclosed-block",
        f"the block{of} is not closed" if noticed else f"the file ends before the block{of} is closed",
        _span(opener, file),
        help="close it with a `}` on a line of its own",
        labels=(Label(_span(noticed, file), outside),) if noticed else (),
    )


def too_deep(opener: Token, most: int, file: int) -> Diagnostic:
    """More brackets within each other than are read."""
    return Diagnostic(
        "too-deep",
        f"more than {most} brackets stand within each other; the file is not read any further",
        _span(opener, file),
        help="nothing of the language nests so deep: look for brackets that were left open",
    )


def too_long(token: Token, most: int, file: int) -> Diagnostic:
    """More tokens than are read."""
    return Diagnostic(
        "too-long",
        f"the file has more than {most:,} words, signs and blanks; it is not read any further",
        _span(token, file),
        help="split it by imports, and bring in data by `from`",
    )


def too_many(token: Token, most: int, file: int) -> Diagnostic:
    """More mistakes than are reported."""
    return Diagnostic(
        "too-long",
        f"the file has {most} mistakes of syntax up to here; it is not read any further",
        _span(token, file),
        help="mend some of them, then check again",
    )


def _span(token: Token, file: int) -> Span:
    return Span(file, token.start, token.end)


def _unclosed_quote(bad: Token, place: Place) -> Diagnostic:
    start = bad.start
    if bad.kind == "UNCLOSED_PATTERN":
        span = Span(place.file, start, start + len(bad.text.rstrip()))
        message, advice = "the pattern is not closed on its line", "end it with `/`; a slash within is written `\\/`"
    elif bad.kind == "UNCLOSED_TEXT":
        span = Span(place.file, start, start + len(bad.text.rstrip()))
        message = "the text is not closed on its line"
        advice = 'end it with `"`; a text of several lines stands between `"""` and `"""`'
    else:
        span = Span(place.file, start, start + len(bad.text))
        message, advice = (
            'the text that begins here is not closed with `"""`',
            ('put `"""` behind its last line; where the text itself has `"""`, write `\\"\\"\\"` there'),
        )
    return Diagnostic("unclosed-text", message, span, help=advice)


def control_characters(text: str, file: int) -> Iterator[Diagnostic]:
    """The first few control characters: no editor shows them, and no text of an experiment means them."""
    for found in islice(_CONTROL.finditer(text), _MOST_CONTROL):
        yield Diagnostic(
            "stray-character",
            f"found the control character U+{ord(found[0]):04X}",
            Span(file, found.start(), found.end()),
            help="remove it, or bring a file that needs it in by `from`",
        )


def _stray(bad: Token, place: Place) -> Diagnostic:
    span = _span(bad, place.file)
    if bad.text.isalpha():
        message = f"found the letter `{bad.text}`; names have the letters a to z, digits and `_` alone"
        return Diagnostic("stray-character", message, span, help="take another letter, or put the word in a text")
    is_shown = bad.text.isprintable() and not bad.text.isspace()
    shown = f"`{bad.text}`" if is_shown else f"the character U+{ord(bad.text):04X}"
    advice = "remove it, or put it in a text"
    if bad.text in _QUOTES:
        advice = 'write texts between straight double quotes, as in `"text"`'
    elif "/" in place.text[line_start(place.text, bad.start) : bad.start]:
        advice = "within a pattern a slash is written `\\/`"
    return Diagnostic("stray-character", f"found {shown}, which is no sign of the language", span, help=advice)


def _in_brackets(bad: Token, opener: Token, place: Place) -> Diagnostic:
    closing = _CLOSING[opener.kind]
    at_opener = _span(opener, place.file)
    at_end = Span(place.file, bad.start, min(bad.start + 1, len(place.text)))
    if bad.kind in {"NEWLINE", "RBRACE", "LBRACE", "$END"} or bad.kind in {"RBRACKET", "RPAREN"} - {
        "RBRACKET" if closing == "]" else "RPAREN"
    }:
        return Diagnostic(
            "unclosed-bracket",
            f"`{opener.text}` is not closed: found {describe(bad)}, expected `{closing}`",
            at_opener,
            help=f"close it with `{closing}`",
            labels=(Label(at_end, f"`{closing}` is missing here at the latest"),),
        )
    expected = f"an item or `{closing}`" if opener.kind == "LBRACKET" else "a name"
    return Diagnostic(
        "unexpected",
        f"found {describe(bad)}, expected {expected}",
        _span(bad, place.file),
        labels=(Label(at_opener, f"in this `{opener.text}`"),),
    )


def _in_entry(bad: Token, place: Place) -> Diagnostic:
    span = _span(bad, place.file)
    if bad.kind in _OPENING:
        opening = _OPENING[bad.kind]
        what = "block" if opening == "{" else f"`{opening}`"
        advice = f"remove it, or add the `{opening}` that it belongs to"
        return Diagnostic("unexpected", f"found `{bad.text}`, which closes no {what}", span, help=advice)
    if place.is_start:
        expected = "a word at the start of the line" + (", or `}`" if place.opened else "")
        advice = "begin the line with a word that says what it gives, or remove the line"
        return Diagnostic("unexpected", f"found {describe(bad)}, expected {expected}", span, help=advice)
    if place.previous is not None and place.previous.kind == "RBRACE":
        message = f"found {describe(bad)} behind `}}`, expected the end of the line"
        return Diagnostic("unexpected", message, span, help="put what follows on a line of its own")
    message = f"found {describe(bad)}, which does not go with what stands before it on the line"
    return Diagnostic("unexpected", message, span, help="remove it, or put it in a text")
