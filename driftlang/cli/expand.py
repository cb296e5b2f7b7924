"""`driftlang expand`: the cells of a study or scenario, what they share, and one of them beside its neighbours.

In: a `.drift` file. Out: a table of cells, or the diff of one cell, for people or as JSON.
Refuses to do: writing anything, and building.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.source import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from driftlang.cells.forms import Cell
    from driftlang.cells.overview import CellRow
    from driftlang.model.forms import Model, Study


@click.command(name="expand")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--study", "study_name", default="", metavar="NAME", help="Expand this study alone.")
@click.option("--scenario", "scenario_name", default="", metavar="NAME", help="Expand this scenario alone.")
@click.option("--cell", "part", default="", metavar="ID", help="Show this cell; a part of its id is enough.")
@click.option("--against", default="", metavar="ID", help="Compare the cell with this one.")
@click.option("--run", "run", default=1, show_default=True, type=click.IntRange(1), help="Which run of the cell.")
@click.option("--json", "as_json", is_flag=True, help="Print cells as JSON.")
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    path: Path, study_name: str, scenario_name: str, part: str, against: str, run: int, as_json: bool
) -> int:
    """Show the cells of each study, or of each scenario where there is no study.

    With --cell, one cell is shown as a diff: its constraint against the twin direction, its injections against the
    placebo or bare arm, or both against the cell that --against names.
    """
    from driftlang.cells.expand import expand
    from driftlang.diagnostics.full import render_full
    from driftlang.validity.load import load_checked

    if against and not part:
        raise Failure("`--against` needs `--cell`", help="name the cell to compare", status=ExitStatus.MISUSE)
    sources, sink = Sources(), Sink()
    model = load_checked(path, sources, sink)
    studies = [] if model is None or sink.has_errors else _choose(model, study_name, scenario_name)
    expanded = [(study, _within(expand(study, sink), scenario_name)) for study in studies]
    if sink.found:
        click.echo(render_full(sink.found, sources, color=sys.stderr.isatty()), err=True, nl=False)
    if sink.has_errors or model is None:
        return ExitStatus.FINDING
    if part:
        _show_cell(expanded, part, against, run, as_json=as_json)
    elif as_json:
        _print_json(expanded)
    else:
        for place, (study, cells) in enumerate(expanded):
            click.echo("\n" if place else "", nl=False)
            _print_table(study, cells)
    return ExitStatus.OK


def _choose(model: "Model", study_name: str, scenario_name: str) -> "Sequence[Study]":
    """The studies to expand; scenarios stand for themselves where no study is named and none runs them."""
    from driftlang.cells.lone_study import lone_studies

    _known("study", study_name, [study.name for study in model.studies])
    _known("scenario", scenario_name, [scenario.name for scenario in model.scenarios])
    studies = [
        study
        for study in model.studies
        if study_name in ("", study.name)
        and (not scenario_name or any(scenario.name == scenario_name for scenario in study.scenarios))
    ]
    if studies:
        return studies
    if study_name:
        raise Failure(
            f"the study `{study_name}` does not run `{scenario_name}`",
            help="leave out one of the two",
            status=ExitStatus.MISUSE,
        )
    return lone_studies([scenario for scenario in model.scenarios if scenario_name in ("", scenario.name)])


def _known(noun: str, name: str, names: "Sequence[str]") -> None:
    from driftlang.diagnostics.suggest import did_you_mean

    if name and name not in names:
        listed = ", ".join(f"`{known}`" for known in names) or "none"
        raise Failure(
            f"there is no {noun} `{name}`{did_you_mean(name, names)}",
            help=f"there are: {listed}",
            status=ExitStatus.MISUSE,
        )


def _within(cells: "Sequence[Cell]", scenario_name: str) -> "Sequence[Cell]":
    return [cell for cell in cells if scenario_name in ("", cell.scenario)]


def _print_table(study: "Study", cells: "Sequence[Cell]") -> None:
    from driftlang.cells.overview import row_of, shared_of

    runs = len(cells[0].scripts) if cells else 0
    click.echo(f"{study.name}: {_count(len(cells), 'cell')} of {_count(runs, 'run')}\n")
    for line in _columns([row_of(cell) for cell in cells]):
        click.echo(f"  {line}")
    for scenario in study.scenarios:
        if any(cell.variant == scenario.key for cell in cells):
            click.echo(f"\n  {scenario.key}:")
            for sentence in shared_of(scenario, cells):
                click.echo(f"  - {sentence}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _columns(rows: "Sequence[CellRow]") -> "Iterable[str]":
    """The rows in columns under their names; a column that is empty throughout is left out."""
    from attrs import fields_dict

    names = ("id", "direction", "arm", "levels", "injected", "constraint")
    assert not rows or set(names) == set(fields_dict(type(rows[0])))  # noqa: S101 - every field has its column
    told = [name for name in names if any(getattr(row, name) for row in rows)]
    lines = [told, *([getattr(row, name) for name in told] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(told))]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _print_json(expanded: "Sequence[tuple[Study, Sequence[Cell]]]") -> None:
    from attrs import asdict

    from driftlang.cells.overview import row_of, shared_of

    studies = [
        {
            "study": study.name,
            "runs": len(cells[0].scripts) if cells else 0,
            "cells": [asdict(row_of(cell)) for cell in cells],
            "shared": {scenario.key: list(shared_of(scenario, cells)) for scenario in study.scenarios},
        }
        for study, cells in expanded
    ]
    click.echo(json.dumps({"studies": studies}, indent=2, ensure_ascii=False, sort_keys=True))


def _show_cell(
    expanded: "Sequence[tuple[Study, Sequence[Cell]]]", part: str, against: str, run: int, *, as_json: bool
) -> None:
    from driftlang.cells.neighbours import control_of, find_cell, twin_of

    # Studies may share a scenario, and so ids: the first that has a cell shows it, since seeds are the study's.
    first = {cell.id: (study, cell) for study, cells in reversed(expanded) for cell in cells}
    study, cell = first[find_cell(part, [cell for _, cell in first.values()]).id]
    cells = next(cells for other, cells in expanded if other is study)
    if run > len(cell.scripts):
        raise Failure(
            f"`{cell.id}` has {_count(len(cell.scripts), 'run')}, not {run}",
            help=f"give a run from 1 to {len(cell.scripts)}",
            status=ExitStatus.MISUSE,
        )
    chosen = (find_cell(against, cells),) if against else ()
    twin, control = chosen or twin_of(cell, cells), chosen or control_of(cell, cells)
    parts = _parts(cell, twin, control, run)
    if as_json:
        _print_cell_json(cell, parts, run)
        return
    click.echo(f"{study.name}: {cell.id}, run {run} of {len(cell.scripts)}, seed {cell.scripts[run - 1].seed}")
    for title, other, lines in parts:
        click.echo(f"\n{title}{f' against {other}' if other else ''}")
        for line in lines:
            click.echo(_tinted(line) if other else line)


def _parts(
    cell: "Cell", twin: "Sequence[Cell]", control: "Sequence[Cell]", run: int
) -> "list[tuple[str, str, Sequence[str]]]":
    """Title, the other cell's id and lines: a diff where there is another cell that differs, else plain lines."""
    from driftlang.cells.comparison import compare, demand_lines, script_lines

    parts: list[tuple[str, str, Sequence[str]]] = []
    for title, others, lines_of in (
        ("constraint and instructions", twin, demand_lines),
        ("turns and injections", control, lambda one: script_lines(one, run)),
    ):
        own = lines_of(cell)
        diff = next((compare(lines_of(other), own, (other.id, cell.id)) for other in others), ())
        same = f"{title}, the same in {others[0].id}" if others and not diff else title
        parts.append((title, others[0].id, diff) if diff else (same, "", own))
    return parts


def _tinted(line: str) -> str:
    """A line of a diff in its colour, where standard output is a terminal (elsewhere click takes colours out)."""
    colors = {"+": "green", "-": "red", "@": "cyan"}
    return click.style(line, fg=colors[line[0]]) if line[:1] in colors else line


def _print_cell_json(cell: "Cell", parts: "Sequence[tuple[str, str, Sequence[str]]]", run: int) -> None:
    from attrs import asdict, evolve

    shown = asdict(evolve(cell, scripts=tuple(script for script in cell.scripts if script.run == run)))
    compared = [{"what": what, "against": other, "lines": list(lines)} for what, other, lines in parts]
    click.echo(json.dumps({"cell": shown, "compared": compared}, indent=2, ensure_ascii=False, sort_keys=True))
