"""`driftlang report`: tables, figures and one HTML page of runs.

In: run folders. Out: files in a folder, the rates on the terminal, and the path of the page.
Refuses to do: running anything.
"""

import json
from pathlib import Path

import click

from driftlang.diagnostics.failure import ExitStatus, Failure


@click.command(name="report")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder for the report (default: `report` in the first RUN).",
)
@click.option("--figures", is_flag=True, help="Write each figure by itself too, as SVG, PNG and PDF.")
@click.option("--messages", is_flag=True, help="Write exposure.csv too: a row a step and message that it came after.")
@click.option(
    "--against", type=click.Path(path_type=Path), default=None, help="Lay this CSV table of published rates beside."
)
@click.option(
    "--map", "names", multiple=True, metavar="OURS=THEIRS", help="A value or model that has another name in that table."
)
@click.option(
    "--no-regression", is_flag=True, help="Leave out what is fitted: slope, persistence, dose, order and tasks."
)
@click.option("--json", "as_json", is_flag=True, help="Print the rates and the paths as JSON.")
def command(  # noqa: PLR0913, PLR0917 - click passes one argument an option
    runs: tuple[Path, ...],
    output: Path | None,
    figures: bool,
    messages: bool,
    against: Path | None,
    names: tuple[str, ...],
    no_regression: bool,
    as_json: bool,
) -> int:
    """Write the report of one or several runs: report.html, which needs nothing else, and tables as CSV.

    Ends with status 3 when no trial has ended yet, so that there is nothing to estimate.
    """
    from attrs import asdict

    from driftlang.estimate.analyses import analyse
    from driftlang.estimate.rates import estimate
    from driftlang.report.against import lay_against, lines_of, told
    from driftlang.report.gather import gather
    from driftlang.report.judged import read_judged
    from driftlang.report.notes import declared_contrasts, notes_on
    from driftlang.report.prepared import prepare
    from driftlang.report.render import write_report
    from driftlang.report.tables import cell_rows
    from driftlang.report.terminal import print_lines, print_rates

    gathered = gather(runs, with_evidence=True)
    declared = declared_contrasts(gathered)
    estimates = estimate(gathered.trials, declared=declared)
    analyses = analyse(gathered.rows, declared=declared, with_regression=not no_regression)
    laid = lay_against(against, estimates, _renames(names)) if against else None
    prepared = prepare(gathered, estimates, analyses, judged=read_judged(runs, gathered), against=laid)
    paths = write_report(prepared, output or runs[0] / "report", with_figures=figures, with_messages=messages)
    if as_json:
        files = {name: str(path) for name, path in asdict(paths, recurse=False).items() if name != "others"}
        files |= {path.name: str(path) for path in paths.others}
        found = {"cells": cell_rows(estimates), "unfinished": len(gathered.incomplete), "files": files}
        found |= {"against": told(laid)} if laid else {}
        click.echo(json.dumps(found, indent=2, sort_keys=True))
    else:
        print_rates(estimates)
        print_lines(*notes_on(gathered, estimates, prepared.exposures))
        if laid:
            print_lines(*lines_of(laid))
        if gathered.incomplete:
            print_lines(f"Not finished, in no rate: {len(gathered.incomplete)} of the planned trials.")
        print_lines(f"Report: {paths.html}")
    return ExitStatus.OK if gathered.trials else ExitStatus.INCONCLUSIVE


def _renames(names: tuple[str, ...]) -> dict[str, str]:
    for name in names:
        if name.count("=") != 1:
            raise Failure(f"`{name}` is no pair of names", help="write `--map OURS=THEIRS`", status=ExitStatus.MISUSE)
    return dict(name.split("=") for name in names)
