"""Layout: what the indentation of lines tells where brackets and quotes do not match.

In: a text and offsets in it. Out: indentations, and whether something looks left open.
Refuses to do: deciding whether a file is right. Layout only helps to find the place of a mistake that is known to be
there.
"""

import re

from driftlang.syntax.tree import Token

#: Words whose line opens a block.
OPENS_BLOCK = frozenset(
    {
        "about",
        "commit",
        "conflict",
        "constraint",
        "pattern",
        "placebo",
        "pressure",
        "probe",
        "prompt",
        "repo",
        "rubric",
        "rule",
        "scenario",
        "schedule",
        "session",
        "solution",
        "step",
        "study",
        "tasks",
        "when",
    }
)
_LINE = re.compile(r"[^\n]*")
_BLANKS = re.compile(r"[ \t]*")
#: What is left of `\"\"\"` at the end of a line when the text before it has taken one quote as its own.
_LEFT_OF_QUOTES = ('""\n', '""\r\n')
_OPENS_TEXT = re.compile(r'[ \t]*[a-z]\w*[ \t](?:[^\n]*[ \t])?"""')


def line_start(text: str, offset: int) -> int:
    """Offset of the first character of the line."""
    return text.rfind("\n", 0, offset) + 1


def leads_line(text: str, offset: int) -> bool:
    """Whether nothing but blanks stands before `offset` on its line."""
    return not text[line_start(text, offset) : offset].strip()


def indentation(text: str, offset: int) -> int:
    """Number of blanks at the start of the line of `offset`."""
    found = _BLANKS.match(text, line_start(text, offset))
    return len(found.group()) if found else 0


def first_line_at_most(text: str, offset: int, width: int) -> int:
    """Start of the first line below `offset` that is not blank and indented by at most `width`; else the text's end."""
    position = text.find("\n", offset)
    while position >= 0:
        found = _LINE.match(text, position + 1)
        line = found.group() if found else ""
        if line.strip() and len(line) - len(line.lstrip()) <= width:
            return position + 1
        position = text.find("\n", position + 1)
    return len(text)


def is_mispaired(text: str, token: Token) -> bool:
    """Whether a block text looks as if its closing quotes were those that open another one further down.

    So it is when a line within stands no deeper than the line that opened the text, and the last line reads like an
    entry that opens one.
    """
    start, end = token.start, token.end
    last = line_start(text, end)
    line = text[last:end]
    if last <= start or not _OPENS_TEXT.fullmatch(line) or line.count('"') % 2 == 0:
        return False
    return first_line_at_most(text, start, indentation(text, start)) <= last


def true_end(text: str, token: Token) -> int:
    """Where a text or pattern ends that lacks its closing sign, as far as the lines below tell; else the token's end.

    The `{` at the end of its line opens a block, and so does `\"\"\"` a text, where the line below stands deeper.
    """
    if token.kind in {"UNCLOSED_TEXT", "UNCLOSED_PATTERN"}:
        said = token.text.rstrip()
        end = token.start + len(said) - 1 if said.endswith("{") else token.end
    elif token.kind in {"TEXT", "RAW_TEXT"} and text.startswith(_LEFT_OF_QUOTES, token.end):
        end = token.end - 1
    else:
        return token.end
    return end if _is_deeper_below(text, token.start) else token.end


def _is_deeper_below(text: str, offset: int) -> bool:
    below = _LINE.match(text, min(len(text), text.find("\n", offset) + 1))
    line = below.group() if below else ""
    return bool(line.strip()) and len(line) - len(line.lstrip()) > indentation(text, offset)
