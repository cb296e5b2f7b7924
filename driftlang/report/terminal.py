"""Tables for the terminal; plain text where output is piped.

In: estimates. Out: what rich prints.
Refuses to do: other numbers than those of the page. Texts are printed as they are, never read as markup.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from driftlang.estimate.forms import CellEstimate, Estimates, Mean, Rate
from driftlang.report.layout import ordered
from driftlang.report.wording import LETTERS, limits_of, value_of
from driftlang.score.forms import Outcome

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

#: Width of tables that go to a file or a pipe: lines are not broken.
_PIPED_WIDTH = 240
_SIDES = (Outcome.KEPT, Outcome.BROKEN, Outcome.HEDGED)


def print_rates(estimates: Estimates) -> None:
    """The rates of every cell on standard output."""
    console = _console()
    table = _table(console)
    for name in ("runs", "steps", "kept", "broken", "hedged", "other", "errors"):
        table.add_column(name, justify="right")
    for name in ("broken given\nexercised", "broken\nof all", "runs\nbroken"):
        table.add_column(name if console.is_terminal else name.replace("\n", " "), justify="right", no_wrap=True)
    for cell in ordered(estimates):
        table.add_row(*_names(cell), *_counts(cell), *_rates(cell))
    console.print(table)
    level = f"{100 * estimates.level:.0f} %"
    console.print(f"Rates are means over runs with {level} intervals; `other` took no side; errors are in no rate.")


def print_outcomes(estimates: Estimates) -> None:
    """How many steps of every cell ended how, on standard output."""
    console = _console()
    table = _table(console)
    for name in ("runs", *(outcome.value for outcome in LETTERS)):
        table.add_column(name, justify="right")
    for cell in ordered(estimates):
        table.add_row(*_names(cell), str(cell.runs), *(str(cell.counts[outcome]) for outcome in LETTERS))
    console.print(table)


def print_table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table of texts on standard output: the first column folds, the others stand to the right."""
    console = _console()
    table = _empty_table(console)
    for number, name in enumerate(names):
        table.add_column(name, justify="right" if number else "left", overflow="fold", no_wrap=number > 0)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def print_lines(*lines: str) -> None:
    """Lines of prose on standard output."""
    console = _console()
    for line in lines:
        console.print(line)


def _console() -> "Console":
    from rich.console import Console

    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def _empty_table(console: "Console") -> "Table":
    from rich import box
    from rich.table import Table

    frame, padding = (box.SIMPLE_HEAD, (0, 0)) if console.is_terminal else (box.ASCII2, (0, 1))
    return Table(box=frame, show_edge=False, pad_edge=False, padding=padding)


def _table(console: "Console") -> "Table":
    table = _empty_table(console)
    for name in ("model", "direction", "arm"):
        table.add_column(name, overflow="fold")
    return table


def _names(cell: CellEstimate) -> tuple[str, ...]:
    key = cell.cell
    levels = "".join(f" {factor}={level}" for factor, level in key.levels)
    return (key.model, key.direction, key.arm + levels)


def _counts(cell: CellEstimate) -> tuple[str, ...]:
    errors = cell.counts[Outcome.ERROR]
    other = cell.steps - cell.exercised - errors
    return tuple(str(n) for n in (cell.runs, cell.steps, *(cell.counts[o] for o in _SIDES), other, errors))


def _rates(cell: CellEstimate) -> tuple[str, ...]:
    broke = cell.runs_broken
    runs = f"{broke.count} of {broke.of} {limits_of(broke)}".rstrip()
    return (_rate(cell.given_exercised), _rate(cell.unconditional), runs)


def _rate(estimate: Rate | Mean) -> str:
    return f"{value_of(estimate)} {limits_of(estimate)}".rstrip()
