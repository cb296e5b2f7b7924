"""The fenced examples of a Markdown page of `grammar/`, as the tests run them.

In: a page. Out: its sections, each with the files that its fences make and the commands that they show.

A fence of `drift` is a part of a file: all of one section make one file, below the page's prelude, which is the fence
of `drift prelude`. A fence of `drift NAME.drift` (or `text NAME`, ...) is a file of that name beside it, which
the sections below find too; another fence of the name goes on with it. A fence of `console` shows commands, each a line
`$ driftlang ...` with what it prints below it; `...` stands for any text, on a line of its own for any lines. A mistake
is annotated on its line: `# error: [id]`, `# warning: [id]`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve, field, frozen

_FENCE = re.compile(r"^```(\w+)(?:[ ]+(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_NOTE = re.compile(r"# (error|warning): ((?:\[[a-z-]+\] ?)+)")

#: Line, severity and id of a diagnostic.
Finding = tuple[int, str, str]


@frozen
class Section:
    """What one heading of a page has below it.

    Attributes:
        parts: the fences that make one file, joined.
        files: contents by name.
        commands: a command line and the lines that it prints, each.
    """

    title: str
    parts: str
    files: dict[str, str]
    commands: tuple[tuple[str, tuple[str, ...]], ...]


@frozen
class Page:
    """A page: its prelude and its sections."""

    prelude: str
    sections: list[Section] = field(factory=list)


def read_page(path: Path) -> Page:
    """The page in a file."""
    text = path.read_text(encoding="utf-8")
    fences = list(_FENCE.finditer(text))
    prelude = "".join(body for kind, name, body in (fence.groups() for fence in fences) if (kind, name) == _PRELUDE)
    page = Page(prelude or "drift 1\n")
    hidden = [(fence.start(), fence.end()) for fence in fences]
    headings = [found for found in _HEADING.finditer(text) if not _is_within(found.start(), hidden)]
    ends = [*(found.start() for found in headings[1:]), len(text)]
    files: dict[str, str] = {}
    for heading, end in zip(headings, ends, strict=True):
        section = _section(heading[1], [f for f in fences if heading.start() < f.start() < end])
        grown = {name: files.get(name, "") + content for name, content in section.files.items()}
        files |= grown
        page.sections.append(evolve(section, files=grown))
    return page


_PRELUDE = ("drift", "prelude")


def _is_within(offset: int, ranges: list[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in ranges)


def _section(title: str, fences: list[re.Match[str]]) -> Section:
    parts, commands = "", []
    files: dict[str, str] = {}
    for kind, name, body in (fence.groups() for fence in fences):
        if kind == "console":
            commands += list(_commands(body))
        elif name and (kind, name) != _PRELUDE:
            files[name] = files.get(name, "") + body
        elif kind == "drift" and not name:
            parts += body
    return Section(title, parts, files, tuple(commands))


def _commands(body: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for block in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        line, *printed = block.rstrip("\n").split("\n")
        yield line, tuple(printed)


def annotated(text: str) -> set[Finding]:
    """The mistakes that a text says it has."""
    return {
        (number, severity, found)
        for number, line in enumerate(text.split("\n"), start=1)
        for severity, ids in _NOTE.findall(line)
        for found in re.findall(r"\[([a-z-]+)\]", ids)
    }


def is_printed(expected: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Whether what was printed is what a page shows."""
    pieces = ["(?:.*\n)*" if line.strip() == "..." else _line(line) + "\n" for line in expected]
    return re.fullmatch("".join(pieces), "".join(f"{line}\n" for line in printed)) is not None


def _line(expected: str) -> str:
    return ".*".join(re.escape(piece) for piece in expected.rstrip().split("..."))
