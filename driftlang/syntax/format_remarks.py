"""What the parser passes over: comments, `##` lines and line ends, kept for the formatter.

In: the text of a file without syntax errors. Out: `Remarks`: what stands before and behind each token.
Refuses to do: being part of the parser, which reads a file a second faster without it.
"""

import re
from bisect import bisect_left

from attrs import frozen

from driftlang.syntax.grammar import load_tables
from driftlang.syntax.layout import leads_line

_BLANKS = " \t\r\f\v"


@frozen
class Remark:
    """A comment, or a `##` line, with a line of its own.

    Attributes:
        is_spaced: whether a blank line stands before it.
    """

    text: str
    is_spaced: bool


@frozen
class Gap:
    """What stands between two tokens.

    Attributes:
        remarks: comments with lines of their own.
        is_spaced: whether a blank line stands right before the second token.
        is_broken: whether the second token stands on a later line than the first.
    """

    remarks: tuple[Remark, ...] = ()
    is_spaced: bool = False
    is_broken: bool = False

    @property
    def has_blank_line(self) -> bool:
        """Whether a blank line stands anywhere in the gap."""
        return self.is_spaced or any(remark.is_spaced for remark in self.remarks)


@frozen
class Remarks:
    """The gaps of a file by the offset of the token behind them, and the comments that end a line of tokens."""

    _before: dict[int, Gap]
    _behind: dict[int, str]
    _offsets: list[int]

    def before(self, offset: int) -> Gap:
        """What stands before the token that begins at an offset; the end of the file counts as one."""
        return self._before[offset]

    def behind(self, offset: int) -> str:
        """The comment on the line of the token that ends at an offset, or nothing."""
        return self._behind.get(offset, "")

    def has_within(self, start: int, end: int) -> bool:
        """Whether a comment stands between two offsets."""
        first = bisect_left(self._offsets, start)
        return first < len(self._offsets) and self._offsets[first] < end


def read_remarks(text: str) -> Remarks:
    """The remarks of a text."""
    before: dict[int, Gap] = {}
    behind: dict[int, str] = {}
    offsets: list[int] = []
    remarks: list[Remark] = []
    is_spaced = is_broken = False
    last_end = 0
    for found in re.finditer(load_tables().pattern, text):
        kind = found.lastgroup
        start, end = found.span()
        if kind == "BLANK":
            continue
        if kind == "NEWLINE":
            is_spaced = is_spaced or found.group().count("\n") > 1
            is_broken = True
        elif kind in {"COMMENT", "DOC"}:
            offsets.append(start)
            comment = found.group().rstrip(_BLANKS)
            if leads_line(text, start):
                remarks.append(Remark(comment, is_spaced))
                is_spaced = False
            else:
                behind[last_end] = comment
        else:
            before[start] = Gap(tuple(remarks), is_spaced, is_broken)
            remarks, is_spaced, is_broken = [], False, False
            last_end = end
    before[len(text)] = Gap(tuple(remarks), is_spaced, is_broken)
    return Remarks(before, behind, offsets)
