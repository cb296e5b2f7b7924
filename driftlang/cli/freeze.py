"""`driftlang freeze`: declare a plan and its analysis before the run, and see afterwards what departs.

In: a plan or a .drift file; with `--check`, a run. Out: a record under a digest; departures.
Refuses to do: overwriting a record, since the first one is the one that counts.
"""

import json
from pathlib import Path

import click

from driftlang.diagnostics.failure import ExitStatus, Failure


@click.command(name="freeze")
@click.argument("path", metavar="PLAN|FILE|RUN", type=click.Path(path_type=Path))
@click.option("--study", "name", default="", help="Which study of a .drift file (default: its only one).")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    help="The record (default: `STUDY.frozen.toml` beside PLAN or FILE, where `driftlang run` takes it along).",
)
@click.option("--check", "is_check", is_flag=True, help="Say what in this RUN departs from the record in it.")
@click.option("--json", "as_json", is_flag=True, help="Print the record, or what departs, as JSON.")
def command(path: Path, name: str, output: Path | None, *, is_check: bool, as_json: bool) -> int:
    """Write down, under a digest, what a study will do and how it will be analysed.

    With `--check` ends with status 1 where a run departs from it, and 3 where the run has no record.
    """
    return _check(path, as_json=as_json) if is_check else _freeze(path, name, output, as_json=as_json)


def _freeze(path: Path, name: str, output: Path | None, *, as_json: bool) -> int:
    from datetime import UTC, datetime
    from tempfile import TemporaryDirectory

    from attrs import asdict

    from driftlang.cli.run import build_plan
    from driftlang.report.frozen import freeze, render_frozen
    from driftlang.run.folder import frozen_beside
    from driftlang.run.selection import Selection

    with TemporaryDirectory() as scratch:
        folder = path if path.is_dir() else build_plan(path, name, Selection(), Path(scratch))
        if folder is None:
            return ExitStatus.FINDING
        found = freeze(folder, datetime.now(UTC))
    record = output or frozen_beside(path, found.study)
    try:
        with record.open("x", encoding="utf-8", newline="\n") as file:
            file.write(render_frozen(found))
    except FileExistsError:
        message = f"`{record}` is there already: a plan is frozen once"
        raise Failure(
            message, help="remove it to declare anew, or give another with `-o`", status=ExitStatus.MISUSE
        ) from None
    except OSError as trouble:
        raise Failure(f"`{record}` cannot be written: {trouble}", help="give another with `-o`") from trouble
    if as_json:
        click.echo(json.dumps({"record": record.as_posix(), **asdict(found)}, indent=2))
    else:
        click.echo(f"{record}: {found.study} frozen at {found.at}, digest {found.digest}")
    return ExitStatus.OK


def _check(run: Path, *, as_json: bool) -> int:
    from driftlang.report.frozen import departures, read_frozen
    from driftlang.run.folder import FROZEN_FILE
    from driftlang.run.overview import overview

    seen = overview(run)
    if not (run / FROZEN_FILE).is_file():
        click.echo(json.dumps({"frozen": None, "departures": []}) if as_json else f"{run}: not frozen before the run")
        return ExitStatus.INCONCLUSIVE
    declared, found = read_frozen(run / FROZEN_FILE), departures(run, seen)
    if as_json:
        click.echo(json.dumps({"frozen": declared.at, "digest": declared.digest, "departures": list(found)}, indent=2))
    else:
        click.echo(f"{run}: frozen at {declared.at}, digest {declared.digest}")
        for line in found or ("nothing departs from it",):
            click.echo(f"  {line}")
    return ExitStatus.FINDING if found else ExitStatus.OK
