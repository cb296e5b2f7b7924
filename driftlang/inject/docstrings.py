"""Texts in the documentation of a definition, and out of it again.

In: a file's bytes, its outline, a symbol, a text. Out: new bytes, or the reason why there is no place.
Refuses to do: languages whose definitions have no documentation of their own, and strings that a line cannot be added
to without changing their quotes.

What a definition says already stays first; the text is a paragraph of its own below it. Where nothing is said, the text
is all that is.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from attrs import frozen

from driftlang.inject.comments import fill
from driftlang.inject.forms import NotPlaced
from driftlang.inject.lines import Change, indent_of, insert_lines
from driftlang.inject.outline import Comment, Definition, Outline
from driftlang.inject.same_code import is_lone_string


@frozen
class _Block:
    """Documentation between marks: ` * ` stands before each line."""

    opening: str
    prefix: str
    closing: str
    harmful: tuple[tuple[str, str], ...]


_STARRED = _Block("/**", " * ", " */", ((r"\*/", "* /"),))
_STARRED_JAVA = _Block("/**", " * ", " */", ((r"\*/", "* /"), (r"\\(?=u)", r"\\ ")))
_STARRED_C = _Block("/**", " * ", " */", ((r"\*/", "* /"), (r"\\$", r"\\ .")))
_BLOCKS = {
    **dict.fromkeys(("javascript", "typescript", "tsx"), _STARRED),
    "java": _STARRED_JAVA,
    "c": _STARRED_C,
}
#: Marks of lines that document what stands below them.
_LINES = {"go": "// ", "rust": "/// "}
#: Lines of Go that tell the compiler something.
_DIRECTIVE = re.compile(rb"//(?:[a-z0-9]+:[a-z0-9]|line |export |extern )")
#: The start of a string of Python that can document: its prefix and three quotes.
_TRIPLE = re.compile(rb"([rRuU]?)(\"\"\"|''')")

LANGUAGES = ("python", *_BLOCKS, *_LINES)


def document(source: bytes, language: str, outline: Outline, at: Definition, paragraph: "Paragraph") -> Change:
    """Add the paragraph to what the definition says of itself."""
    if language == "python":
        return _document_python(source, at, paragraph)
    if source.split(b"\n")[at.row][: at.column].strip():
        return NotPlaced("the definition does not begin its line")
    attached = [one for one in outline.comments if one.leads and at.top <= one.first <= at.node.start_point.row]
    if language in _BLOCKS:
        return _document_block(source, at, attached, _BLOCKS[language], paragraph)
    return _document_lines(source, language, at, attached, paragraph)


@frozen
class Paragraph:
    """A text to be said, in a file of this encoding and with these line ends."""

    text: str
    encoding: str
    newline: str

    def encode(self, lines: Sequence[str]) -> tuple[bytes, ...]:
        """The lines in the file's encoding.

        Raises:
            UnicodeEncodeError: the encoding lacks a letter.
        """
        return tuple(line.encode(self.encoding) for line in lines)

    def joined(self, lines: Sequence[bytes]) -> bytes:
        """The lines with the file's line ends between them."""
        return self.newline.encode().join(lines)


# ---- Python ----


def _document_python(source: bytes, at: Definition, paragraph: Paragraph) -> Change:
    body = at.node.child_by_field_name("body")
    if body is None:
        return NotPlaced("what the symbol names has no docstring")
    first = next((child for child in body.named_children if child.type != "comment"), None)
    if first is None:
        return NotPlaced("the definition has no body")
    if not is_lone_string(first):
        if source.split(b"\n")[first.start_point.row][: first.start_point.column].strip():
            return NotPlaced("the definition and its body share a line")
        made, row = paragraph.encode(_made_python(paragraph.text)), first.start_point.row
        return insert_lines(source, row, made, indent_of(source, row), paragraph.newline)
    found = _TRIPLE.match(source, first.start_byte)
    if found is None:
        return NotPlaced("the docstring is not one of three quotes")
    end = first.end_byte - 3
    content = source[found.end() : end]
    at_end = found.end() + len(content.rstrip())
    indent = b" " * first.start_point.column
    if not source.split(b"\n")[first.start_point.row][: first.start_point.column].strip():
        indent = indent_of(source, first.start_point.row)
    lines = paragraph.encode(_spelled(paragraph.text, found[2][:1].decode(), is_raw=found[1] in {b"r", b"R"}))
    added = paragraph.joined((b"", b"", *(indent + line if line else line for line in lines)))
    return source[:at_end] + added + source[at_end:], source.count(b"\n", 0, at_end) + 3


def _made_python(text: str) -> tuple[str, ...]:
    lines = _spelled(text, '"', is_raw=False)
    return (f'"""{lines[0]}"""',) if len(lines) == 1 else (f'"""{lines[0]}', *lines[1:], '"""')


def _spelled(text: str, quote: str, *, is_raw: bool) -> tuple[str, ...]:
    """The text as lines within three of these quotes, spelled so that it does not end the string."""
    other = "'" if quote == '"' else '"'
    if is_raw:
        text = text.replace(quote * 3, other * 3)
        lines = fill(text)
        last = re.sub(rf"{quote}$", other, lines[-1])
        return (*lines[:-1], re.sub(r"\\$", r"\\ .", last))
    # A backslash doubles; the first of three quotes, and one that would stand before the closing ones, gets one.
    lines = tuple(line.replace("\\", "\\\\").replace(quote * 3, f"\\{quote}" * 3) for line in fill(text))
    return (*lines[:-1], re.sub(rf"(?<!\\){quote}$", rf"\\{quote}", lines[-1]))


# ---- blocks with stars ----


def _document_block(
    source: bytes, at: Definition, attached: Sequence[Comment], style: _Block, paragraph: Paragraph
) -> Change:
    own = [one for one in attached if one.text.startswith(b"/**") and one.text.endswith(b"*/") and len(one.text) > 4]
    lines = paragraph.encode(_starred(paragraph.text, style))
    if not own:
        row = at.row
        marked = (style.opening.encode(), *lines, style.closing.encode())
        return insert_lines(source, row, marked, indent_of(source, row), paragraph.newline)
    comment = own[-1]
    indent = indent_of(source, comment.first)
    inside = comment.text[3:-2].rstrip(b" \t\r\n*")
    end = comment.start + 3 + len(inside)
    added = paragraph.joined((b"", indent + b" *", *(indent + line for line in lines)))
    return source[:end] + added + source[end:], comment.first + inside.count(b"\n") + 3


def _starred(text: str, style: _Block) -> tuple[str, ...]:
    lines = []
    for line in fill(text):
        for harmful, harmless in style.harmful:
            line = re.sub(harmful, harmless, line)  # noqa: PLW2901 - one after the other
        lines.append((style.prefix + line).rstrip())
    return tuple(lines)


# ---- lines ----


def _document_lines(
    source: bytes, language: str, at: Definition, attached: Sequence[Comment], paragraph: Paragraph
) -> Change:
    mark = _LINES[language]
    lines = paragraph.encode(_marked(paragraph.text, mark))
    if language == "rust":
        own = [one for one in attached if one.text.startswith(b"///") and not one.text.startswith(b"////")]
    else:
        own = [one for one in attached if one.text.startswith(b"//")]
        while own and _DIRECTIVE.match(own[-1].text):
            own.pop()
    row = own[-1].last + 1 if own else _first_of(attached, at, language)
    separator = (mark.strip().encode(),) if own else ()
    return insert_lines(source, row, (*separator, *lines), indent_of(source, at.row), paragraph.newline)


def _first_of(attached: Sequence[Comment], at: Definition, language: str) -> int:
    """The line for documentation where there is none: above attributes, and above what Go tells its compiler."""
    return min([at.row, *(one.first for one in attached if language == "go")])


def _marked(text: str, mark: str) -> tuple[str, ...]:
    return tuple((mark + line).rstrip() for line in fill(text))


# ---- out again ----


def forms_of(text: str, language: str) -> "Iterator[tuple[tuple[str, ...], tuple[str, ...]]]":
    """The lines that a text may have become in documentation of this language: what was made, and what was added.

    An added paragraph has its separator as its first line; it may be followed by the end of what it was added to.
    """
    if language == "python":
        yield _made_python(text), ()
        for quote, is_raw in product("\"'", (False, True)):
            yield (), ("", *_spelled(text, quote, is_raw=is_raw))
    elif language in _BLOCKS:
        style = _BLOCKS[language]
        lines = _starred(text, style)
        yield (style.opening, *lines, style.closing), ()
        yield (), (" *", *lines)
    elif language in _LINES:
        lines = _marked(text, _LINES[language])
        yield (), (_LINES[language].strip(), *lines)
        yield lines, ()
