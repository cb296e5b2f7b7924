"""`driftlang results`: the steps of runs as tables for other programs.

In: run folders. Out: files.
Refuses to do: running anything, and estimates; those are in `driftlang report`.
"""

import json
from collections.abc import Callable
from pathlib import Path

import click

from driftlang.diagnostics.failure import ExitStatus

_runs = click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=click.Path(path_type=Path))
_json_option = click.option("--json", "as_json", is_flag=True, help="Print the paths as JSON.")


def _output(suffix: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        default=None,
        help=f"The file (default: results.{suffix} in the first RUN).",
    )


@click.group(name="results")
def command() -> None:
    """Write the steps of runs as tables for other programs."""


@command.command(name="parquet")
@_runs
@_output("parquet")
@_json_option
def parquet(runs: tuple[Path, ...], output: Path | None, as_json: bool) -> int:
    """Write one row a step as Parquet, and what its columns mean beside it.

    Needs polars: `pip install 'driftlang[data]'`.
    """
    from driftlang.results import write_parquet

    return _tell(write_parquet(runs, output or runs[0] / "results.parquet"), as_json=as_json)


@command.command(name="csv")
@_runs
@_output("csv")
@_json_option
def csv(runs: tuple[Path, ...], output: Path | None, as_json: bool) -> int:
    """Write one row a step as CSV, and what its columns mean beside it."""
    from driftlang.results import write_csv

    return _tell(write_csv(runs, output or runs[0] / "results.csv"), as_json=as_json)


def _tell(paths: tuple[Path, Path], *, as_json: bool) -> int:
    table, dictionary = paths
    if as_json:
        click.echo(json.dumps({"table": str(table), "columns": str(dictionary)}, indent=2, sort_keys=True))
    else:
        click.echo(f"Steps: {table}\nTheir columns: {dictionary}")
    return ExitStatus.OK
