"""Texts as comment blocks of a file's language.

In: a path and a text. Out: the lines of the block, without line ends.
Refuses to do: file types without comments (`style_of` gives none), and changing words, but for what would end the
comment early.
"""

import re
from pathlib import PurePosixPath
from textwrap import wrap

from attrs import frozen

#: Columns of a block's lines; a longer word stays whole.
WIDTH = 88


@frozen
class CommentStyle:
    """How a language marks comments: `prefix` stands before every line; or `opening` and `closing` lines around.

    `harmful` holds, as a pattern and what it becomes, what would end or nest a comment early within a line.
    """

    prefix: str
    opening: str = ""
    closing: str = ""
    harmful: tuple[tuple[str, str], ...] = ()


_HASH, _SLASHES, _DASHES = CommentStyle("# "), CommentStyle("// "), CommentStyle("-- ")
# A backslash at the end of a line draws the next line into the comment, and so does its trigraph.
_SLASHES_OF_C = CommentStyle("// ", harmful=((r"\\$", r"\\ ."), (r"\?\?/$", "?? /")))
# Unicode escapes are read before comments are: one may stand for a line end.
_SLASHES_OF_JAVA = CommentStyle("// ", harmful=((r"\\(?=u)", r"\\ "),))
_MARKUP = CommentStyle("", "<!--", "-->", harmful=((r"--(?=!?>)", "- -"), (r"<!--", "<! --")))

_STYLES = {
    **dict.fromkeys((".py", ".pyi", ".sh", ".bash", ".yaml", ".yml", ".toml"), _HASH),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".go", ".rs"), _SLASHES),
    **dict.fromkeys((".c", ".h", ".cc", ".cpp", ".cxx", ".hh", ".hpp"), _SLASHES_OF_C),
    ".java": _SLASHES_OF_JAVA,
    ".sql": _DASHES,
    **dict.fromkeys((".html", ".htm", ".md"), _MARKUP),
}
#: Control characters: no reader sees them, and some languages refuse them.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


def style_of(path: str) -> CommentStyle | None:
    """How comments are written in files like `path`; `None` for a file type without comments."""
    return _STYLES.get(PurePosixPath(path).suffix.lower())


def comment_block(text: str, style: CommentStyle) -> tuple[str, ...]:
    """The lines of the comment that says `text`.

    Lines of a paragraph are filled up to `WIDTH` columns; an empty line in the text parts paragraphs.
    """
    lines = fill(text, len(style.prefix))
    if not lines:
        return ()
    marked = tuple((style.prefix + _harmless(line, style)).rstrip() for line in lines)
    return (style.opening, *marked, style.closing) if style.closing else marked


def fill(text: str, margin: int = 4) -> tuple[str, ...]:
    """The text as lines of at most `WIDTH` columns less the margin, with an empty line between paragraphs.

    Where the lines come to stand has no part in it: wherever they are, they can be found again.
    """
    lines: list[str] = []
    for paragraph in paragraphs(text):
        filled = wrap(paragraph, WIDTH - margin, break_long_words=False, break_on_hyphens=False)
        lines += [""] if lines and filled else []
        lines += filled
    return tuple(lines)


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, each on one line."""
    # `split` parts words at every line end of Unicode, so that none remains within a line.
    found = (" ".join(_CONTROLS.sub("", one).split()) for one in _PARAGRAPHS.split(text.strip()))
    return tuple(words for words in found if words)


def _harmless(line: str, style: CommentStyle) -> str:
    for harmful, harmless in style.harmful:
        line = re.sub(harmful, harmless, line)
    return line
