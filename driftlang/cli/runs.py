"""`driftlang runs`: list, show, follow, compare and verify runs.

In: folders that `driftlang run` wrote, also while it is at work. Out: what they have come to.
Refuses to do: writing anything.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.diagnostics.failure import ExitStatus, Failure

if TYPE_CHECKING:
    from attrs import AttrsInstance

    from driftlang.run.overview import Happening, Overview
    from driftlang.run.verifying import Verification

#: Seconds between two looks at a run that is followed.
_LOOK_EVERY = 0.5

_folder = click.Path(path_type=Path)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group(name="runs")
def command() -> None:
    """Look at runs: what they have come to, what they are doing, and whether their journals are whole."""


@command.command(name="list")
@click.argument("folder", type=_folder, default=Path("runs"))
@_json_option
def list_runs(folder: Path, as_json: bool) -> int:
    """List the runs in FOLDER (default: runs)."""
    from driftlang.run.overview import overview
    from driftlang.run.schema import JOURNAL_FILE

    if not folder.is_dir():
        raise Failure(f"there is no folder {folder}", help="name a folder of runs", status=ExitStatus.MISUSE)
    found: list[Overview] = []
    troubles: list[Failure] = []
    for journal in sorted((*folder.glob(JOURNAL_FILE), *folder.glob(f"*/{JOURNAL_FILE}"))):
        try:
            found.append(overview(journal.parent))
        except Failure as trouble:  # one that is damaged hides no other
            troubles.append(trouble)
    if as_json:
        _print_json({"runs": [_plain(run) for run in found], "unreadable": [one.message for one in troubles]})
    else:
        from driftlang.cli.runs_text import list_lines

        click.echo("\n".join(list_lines(found)) or f"no runs in {folder}")
        for one in troubles:
            click.echo(f"error: {one.message}", err=True)
    return ExitStatus.INFRASTRUCTURE if troubles else ExitStatus.OK


@command.command(name="show")
@click.argument("run", type=_folder)
@_json_option
def show_run(run: Path, as_json: bool) -> int:
    """Show a run: trials, attempts, errors by reason, tokens, money, time, versions and digests."""
    from driftlang.run.overview import overview

    found = overview(run)
    if as_json:
        _print_json(_plain(found))
    else:
        from driftlang.cli.runs_text import show_lines

        click.echo("\n".join(show_lines(found)))
    return ExitStatus.OK


@command.command(name="tail")
@click.argument("run", type=_folder)
@click.option("--follow", "-f", is_flag=True, help="Go on until no runner is at work.")
@click.option("--lines", "-n", type=click.IntRange(min=0), default=10, show_default=True, help="Past records to print.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
def tail_run(run: Path, follow: bool, lines: int, as_json: bool) -> int:
    """Print what last happened in a run, and with --follow what happens."""
    from driftlang.cli.runs_text import happening_line

    for happening in _happenings(run, lines, is_following=follow):
        click.echo(json.dumps(_plain(happening)) if as_json else happening_line(happening))
    return ExitStatus.OK


def _happenings(run: Path, lines: int, *, is_following: bool) -> Iterator["Happening"]:
    """The last records of a run, then those that come until its runner is gone.

    Whether a runner is at work is asked before the journal is read, so that its last records are not missed.
    """
    from driftlang.build.plan_toml import read_plan
    from driftlang.run.folder import PLAN_FOLDER, is_held
    from driftlang.run.overview import happenings
    from driftlang.run.schema import reading

    with reading(run) as connection:
        held = is_held(run)
        plan = read_plan(run / PLAN_FOLDER)
        past = list(happenings(connection, plan, 0))
        yield from past[len(past) - min(lines, len(past)) :]
        last = past[-1].number if past else 0
        while is_following and held:
            time.sleep(_LOOK_EVERY)
            held = is_held(run)
            for happening in happenings(connection, plan, last):
                last = happening.number
                if happening.kind == "plan":  # it may have more trials now
                    plan = read_plan(run / PLAN_FOLDER)
                yield happening


@command.command(name="compare")
@click.argument("runs", metavar="RUN RUN...", nargs=-1, required=True, type=_folder)
@_json_option
def compare(runs: tuple[Path, ...], as_json: bool) -> int:
    """Put the rates of two or more runs side by side, and name the trials that ended differently.

    Ends with status 1 where a trial that two runs share did not end alike.
    """
    from driftlang.report.comparison import compare_runs

    if len(runs) < 2:
        raise Failure("one run is nothing to compare", help="name two or more runs", status=ExitStatus.MISUSE)
    found = compare_runs(runs)
    if as_json:
        from driftlang.cli.runs_text import comparison_json

        _print_json(comparison_json(found))
    else:
        from driftlang.cli.runs_text import comparison_lines

        click.echo("\n".join(comparison_lines(found)))
    return ExitStatus.FINDING if found.differing else ExitStatus.OK


@command.command(name="verify")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=_folder)
@click.option("--head", default="", help="Digest of a record that the journal must hold, as noted at another time.")
@_json_option
def verify(runs: tuple[Path, ...], head: str, as_json: bool) -> int:
    """Compare everything in the journals of runs with its digests.

    Ends with status 1 where something was changed, is missing, or was put in. A journal that somebody wrote anew from
    its beginning is whole; only a head that was noted elsewhere (--head) tells it from the one that was.
    """
    from driftlang.run.verifying import verify_run

    if head and len(runs) > 1:
        raise Failure("a head is of one run", help="name one run with `--head`", status=ExitStatus.MISUSE)
    found = {run: verify_run(run, head) for run in runs}
    if as_json:
        _print_json({"runs": [{"run": run.as_posix(), **_plain(one)} for run, one in found.items()]})
    else:
        for run, one in found.items():
            _print_verification(run, one)
    return ExitStatus.FINDING if any(one.findings for one in found.values()) else ExitStatus.OK


def _print_verification(run: Path, found: "Verification") -> None:
    for finding in found.findings:
        click.echo(f"{run}: {finding.message}")
    verdict = f"{len(found.findings)} findings" if found.findings else "whole"
    click.echo(
        f"{run}: {verdict}: {found.records:,} records, {found.calls:,} model calls, {found.contents:,} contents; "
        f"head {found.head.digest or 'none'}"
    )
    if not found.is_head_named:
        click.echo(f"{run}: the file `head` is not there, so that a tail that was cut off cannot be told")


def _plain(form: "AttrsInstance") -> dict[str, object]:
    """A form as JSON takes it; money and paths as texts."""
    from decimal import Decimal

    from attrs import asdict

    def serialize(_: object, __: object, value: object) -> object:
        if isinstance(value, Path):
            return value.as_posix()
        return str(value) if isinstance(value, Decimal) else value

    return asdict(form, value_serializer=serialize)


def _print_json(found: object) -> None:
    click.echo(json.dumps(found, indent=2))
