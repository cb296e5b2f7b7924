"""`driftlang score`: how each step of a run ended.

In: run folders. Out: a table of outcomes by cell and model on the terminal.
Refuses to do: writing anything, and rates; those are in `driftlang report`.
"""

import json
from pathlib import Path

import click

from driftlang.diagnostics.failure import ExitStatus


@click.command(name="score")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print every step's outcome with its evidence as JSON.")
def command(runs: tuple[Path, ...], as_json: bool) -> int:
    """Say how each step of one or several runs ended, by cell and model.

    Ends with status 3 when no trial has ended yet.
    """
    from driftlang.estimate.rates import estimate
    from driftlang.report.gather import gather
    from driftlang.report.notes import placement_notes
    from driftlang.report.tables import outcome_rows
    from driftlang.report.terminal import print_lines, print_outcomes

    gathered = gather(runs, with_evidence=as_json)
    if as_json:
        found = {"steps": outcome_rows(gathered), "unfinished": [trial.trial for trial in gathered.incomplete]}
        click.echo(json.dumps(found, indent=2, sort_keys=True))
    else:
        estimates = estimate(gathered.trials)
        print_outcomes(estimates)
        print_lines(*placement_notes(estimates))
        if gathered.incomplete:
            print_lines(f"Not finished, in no count: {len(gathered.incomplete)} of the planned trials.")
    return ExitStatus.OK if gathered.trials else ExitStatus.INCONCLUSIVE
