"""Files as OpenCode's read tool shows them, and what must be kept of them when a file is written anew.

In: the result of a `read`, a system prompt. Out: `Reading`, the working directory, a whole new text.
Refuses to do: taking part of a file for all of it.

Source: OpenCode 1.18.33, whose `read` gives `<path>`, `<type>`, then `<content>` with each line as `NUMBER: LINE`, at
most 2000 lines or 50 KiB, and `(End of file - total N lines)` when it reached the end.
"""

import re

from attrs import frozen

_NUMBERED = re.compile(r"(\d+): ?(.*)", re.DOTALL)
_DIRECTORY = re.compile(r"^\s*Working directory: (.+?)\s*$", re.MULTILINE)
_FIRST_LINES = re.compile(r"#!|#.*coding[:=]")
_COMMENT = re.compile(r"\s*(?:#(?!!|\s*(?:include|define|pragma|if|endif)\b)|//|--|;)")
_BLOCK_MARKS = (("/*", "*/"), ("<!--", "-->"))


@frozen
class Reading:
    """A file as it was read: its text, whether it is there, and whether the text is all of it."""

    text: str
    exists: bool
    is_whole: bool


def parse_reading(result: str) -> Reading:
    """What the result of a `read` shows. A last line end cannot be seen; one is taken to be there."""
    lines = result.split("\n")
    if "<content>" not in lines:
        return Reading("", exists=False, is_whole=False)
    shown: list[str] = []
    rest = lines[lines.index("<content>") + 1 :]
    for line in rest:
        numbered = _NUMBERED.fullmatch(line)
        if numbered is None or int(numbered[1]) != len(shown) + 1:
            break
        shown.append(numbered[2])
    is_whole = any(line.startswith("(End of file") for line in rest[len(shown) :])
    return Reading("".join(f"{line}\n" for line in shown), exists=True, is_whole=is_whole)


def working_directory(system: str) -> str:
    """The directory that the `<env>` block of a system prompt names; empty without one."""
    found = _DIRECTORY.search(system)
    return found[1] if found else ""


def with_comments_kept(text: str, former: str, path: str) -> str:
    """`text` under the comments that stood at the top of `former` and that `text` has not itself."""
    kept, has_space = _top_comments(former, path)
    own, _ = _top_comments(text, path)
    kept = [line for line in kept if not line.strip() or line not in own]
    while kept and not kept[0].strip():
        kept.pop(0)
    if not any(line.strip() for line in kept):
        return text
    lines = text.splitlines(keepends=True)
    head = 0
    while head < len(lines) and _FIRST_LINES.match(lines[head]):
        head += 1
    return "".join((*lines[:head], *kept, "\n" if has_space else "", *lines[head:]))


def _top_comments(text: str, path: str) -> tuple[list[str], bool]:
    """Lines of the comments at the top, without a first line for the shell; whether an empty line follows them."""
    lines = text.splitlines(keepends=True)
    start = 0
    while start < len(lines) and _FIRST_LINES.match(lines[start]):
        start += 1
    end = last = start
    while end < len(lines) and (length := _comment_length(lines, end, path)):
        end += length
        if lines[end - 1].strip():
            last = end
    return lines[start:last], end > last


def _comment_length(lines: list[str], start: int, path: str) -> int:
    """How many lines the comment, or the empty line, at `start` has; 0 when code stands there."""
    line = lines[start].strip()
    for opening, closing in _BLOCK_MARKS:
        if line.startswith(opening):
            for end in range(start, len(lines)):
                if closing in lines[end]:
                    return end - start + 1 if lines[end].rstrip().endswith(closing) else 0
            return 0
    # `#` begins a heading in Markdown.
    is_comment = not path.endswith(".md") and _COMMENT.match(lines[start]) is not None
    return 1 if is_comment or not line else 0
