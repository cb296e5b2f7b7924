"""The material of a question: the step between two lines that nothing in it can imitate, and what may be quoted of it.

In: a `ShownStep`. Out: `Material`.
Refuses to do: leaving it to the reader where the work ends. The mark in the first and the last line is made from the
material's own content, and is no part of it; no line of the agent's stands at the beginning of a line, since each has
`| ` before it, and none can end one, see `plain.py`. So whatever the work says, it is inside.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

from attrs import frozen

from driftlang.judge.shown import Line, ShownFile, ShownStep

#: What stands before every line of the work.
MARGIN = "| "
#: Letters and digits that a quote has at least: less is found anywhere.
LEAST_QUOTED = 3
_SPACE = re.compile(r"\s+")
_NAME = re.compile(r"\w")
_SEPARATOR = "\0"


@frozen
class Material:
    """The step as it stands in a question.

    Attributes:
        text: all of it, first and last line included.
        work: what the agent wrote, ran and said, in the ways in which it may be quoted; white space made one space.
        is_empty: whether there is no work to quote.
        is_cut: whether there is more work than is shown.
    """

    text: str
    work: str
    is_empty: bool
    is_cut: bool

    def holds(self, quote: str) -> bool:
        """Whether `quote` stands in the agent's work word for word, but for white space."""
        sought = _even(quote)
        return len(_NAME.findall(sought)) >= LEAST_QUOTED and _SEPARATOR not in sought and sought in self.work


def make_material(step: ShownStep, *, after_first: bool = False) -> Material:
    """The material of `step`; `after_first` sets the files as the step left them before those that it found."""
    sides = [
        ("the files before the step", tuple(_file(one, one.before) for one in step.files if one.what != "created")),
        ("the files after the step", tuple(_file(one, one.after) for one in step.files if one.what != "removed")),
    ]
    parts = [
        ("what the user asked for", (tuple(_lines(step.task)),)),
        *(reversed(sides) if after_first else sides),
        ("the commands that the agent ran", (tuple(_lines(step.commands)),)),
        ("the agent's answer", (tuple(_lines(step.reply)),)),
    ]
    content = "\n\n".join(_part(title, blocks) for title, blocks in parts)
    mark = mark_of(content)
    text = f"material {mark}\n\n{content}\n\nend of material {mark}"
    return Material(text, _work_of(step), step.is_empty, step.is_cut)


def mark_of(content: str) -> str:
    """A mark of 64 hexadecimal digits that `content` does not hold, the same for the same content."""
    number = 0
    while (mark := sha256(f"{number}\n{content}".encode()).hexdigest()) in content:
        number += 1
    return mark


def _part(title: str, blocks: Iterable[tuple[str, ...]]) -> str:
    lines = [line for block in blocks for line in block]
    return "\n".join((f"[{title}]", *(lines or ("[nothing]",))))


def _file(file: ShownFile, side: tuple[Line, ...]) -> tuple[str, ...]:
    return (f"[file, {file.what}]", f"{MARGIN}{file.path}", "[its lines]", *_lines(side, with_marks=True))


def _lines(lines: Iterable[Line], *, with_marks: bool = False) -> Iterator[str]:
    for line in lines:
        yield f"{MARGIN}{line.mark if with_marks else ''}{line.text}" if line.mark else line.text


def _work_of(step: ShownStep) -> str:
    """The work part by part: with the marks of added and removed lines, without them, and with the margin."""
    pieces: list[str] = []
    for file in step.files:
        pieces += (file.path, *_runs(file.before, "-"), *_runs(file.after, "+"))
    for part in (step.commands, step.reply):
        texts = [line.text for line in part if line.mark]
        pieces += ("\n".join(texts), "\n".join(MARGIN + text for text in texts))
    return _SEPARATOR.join(map(_even, pieces))


def _runs(lines: tuple[Line, ...], mark: str) -> Iterator[str]:
    """The changed lines that stand one below the other, in each way in which they may be quoted."""
    run: list[str] = []
    for line in (*lines, Line("", "")):
        if line.mark == mark:
            run.append(line.text)
        elif run:
            yield "\n".join(run)
            yield "\n".join(mark + text for text in run)
            yield "\n".join(MARGIN + mark + text for text in run)
            run = []


def _even(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
