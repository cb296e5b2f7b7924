"""The fault matrix as a table.

In: what runs came to. Out: Markdown, the same for equal runs.
Refuses to do: times that a busy machine changes; a row says the bound that its test holds the fault to.
"""

from collections.abc import Iterable

from attrs import frozen

_HEAD = """# Faults

What goes wrong, what a run makes of it, how soon it is told, and what is lost of what happened before. Each row is a
trial of two steps through the real OpenCode; bounds are set low, so that what waits without end is seen not to. An
error is no outcome of the model's: none of the trial's steps is in a rate. Written by the tests in
`tests/end_to_end/faults` with `DRIFTLANG_BLESS=1`; do not edit.
"""
_TITLES = ("fault", "what is done", "the trial is", "its steps", "reason recorded", "told within", "lost")


@frozen
class Row:
    """One fault: `within` in seconds, `steps` the outcomes of the planned steps, `lost` what is not on record."""

    fault: str
    done: str
    status: str
    steps: tuple[str, ...]
    reason: str
    within: float
    lost: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """The texts of the row."""
        steps, lost = ", ".join(self.steps), ", ".join(self.lost) or "nothing"
        return (self.fault, self.done, self.status, steps, self.reason, f"{self.within:.0f} s", lost)


def render_table(parts: Iterable[tuple[str, Iterable[Row]]]) -> str:
    """The page: a table for each part, under its title."""
    return "\n".join((_HEAD, *(f"## {title}\n\n{_table(rows)}" for title, rows in parts)))


def _table(rows: Iterable[Row]) -> str:
    lines = [_TITLES, ("---",) * len(_TITLES), *(row.cells() for row in rows)]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
