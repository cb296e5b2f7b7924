"""The page that the formatter writes on, line by line.

In: pieces of lines. Out: a text with LF line ends.
Refuses to do: knowing the language.
"""


class Page:
    """Lines that are finished, and the one that is being written.

    Attributes:
        indent: indentation of the line that is being written.
    """

    def __init__(self) -> None:
        self.indent = 0
        self._lines: list[str] = []
        self._line = ""
        self._comment = ""

    def write(self, text: str, gap: int, margin: int) -> None:
        """Write on the line, behind `gap` spaces; behind a comment, on a new line that is indented by `margin`."""
        if self._comment:
            self.end_line()
        if self._line:
            self._line += " " * gap + text
        else:
            self.indent = margin
            self._line = " " * margin + text

    def write_lines(self, text: str) -> None:
        """Write the rest of a text whose beginning, up to its quotes, has been written."""
        _, quotes, rest = text.partition('"""')
        first, *others = (quotes + rest).split("\n")
        self._line = self._line.removesuffix('"""') + first
        for line in others:
            self._lines.append(self._line)
            self._line = line

    def attach(self, text: str) -> None:
        """Write right behind the last piece, before the comment that ends the line."""
        self._line += text

    def end_with(self, comment: str) -> bool:
        """End the line with a comment, if it has none yet; whether it is so."""
        if self._comment:
            return False
        self._comment = comment
        return True

    def end_line(self) -> None:
        """Go on below."""
        if self._line:
            self._lines.append(f"{self._line}  {self._comment}" if self._comment else self._line)
        self._line = self._comment = ""

    def add_remark(self, text: str, margin: int, *, is_spaced: bool = False) -> None:
        """A comment on a line of its own."""
        self.end_line()
        if is_spaced:
            self.add_blank_line()
        self._lines.append(" " * margin + text)

    def add_blank_line(self) -> None:
        """A blank line, but not at the top."""
        self.end_line()
        if self._lines:
            self._lines.append("")

    def text(self) -> str:
        """All lines."""
        self.end_line()
        return "".join(f"{line}\n" for line in self._lines)
