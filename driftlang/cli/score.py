"""`driftlang score`: how each step of a run ended, and what other rules would have said.

In: run folders. Out: a table of outcomes by cell and model on the terminal; with other rules, what they change.
Refuses to do: running anything, and rates; those are in `driftlang report`.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.cli.scorer_options import choose_scorers, scorer_options
from driftlang.diagnostics.failure import ExitStatus

if TYPE_CHECKING:
    from driftlang.report.forms import Gathered
    from driftlang.report.scorer_choice import ScorerChoice


@click.command(name="score")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=click.Path(path_type=Path))
@scorer_options
@click.option("--again", is_flag=True, help="Score every trial anew, also those whose scores are kept.")
@click.option("--json", "as_json", is_flag=True, help="Print every step's outcome with its evidence as JSON.")
def command(runs: tuple[Path, ...], scorer: Path | None, source: Path | None, again: bool, as_json: bool) -> int:
    """Say how each step of one or several runs ended, by cell and model.

    With `--scorer` or `--source` the finished runs are scored by other rules, without running anything, and what these
    change is told.

    Ends with status 3 when no trial has ended yet.
    """
    from driftlang.report.gather import gather

    choice = choose_scorers(scorer, source)
    gathered = gather(runs, with_evidence=as_json, scorers=choice, again=again)
    before = gather(runs, with_evidence=False) if choice else None
    if as_json:
        _print_json(gathered, before)
    else:
        _print_table(gathered, before, choice)
    return ExitStatus.OK if gathered.trials else ExitStatus.INCONCLUSIVE


def _print_json(gathered: "Gathered", before: "Gathered | None") -> None:
    from driftlang.report.rescoring import compare_scorings
    from driftlang.report.scores_json import rescoring_json, steps_json

    found: dict[str, object] = {
        "steps": steps_json(gathered),
        "unfinished": [trial.trial for trial in gathered.incomplete],
    }
    if before is not None:
        found["changes"] = rescoring_json(compare_scorings(before, gathered))
    click.echo(json.dumps(found, indent=2, sort_keys=True))


def _print_table(gathered: "Gathered", before: "Gathered | None", choice: "ScorerChoice | None") -> None:
    from driftlang.estimate.rates import estimate
    from driftlang.report.notes import placement_notes, scoring_notes
    from driftlang.report.terminal import print_lines, print_outcomes

    estimates = estimate(gathered.trials)
    print_outcomes(estimates)
    print_lines(*placement_notes(estimates), *scoring_notes(gathered))
    if gathered.incomplete:
        print_lines(f"Not finished, in no count: {len(gathered.incomplete)} of the planned trials.")
    if before is not None and choice is not None:
        from driftlang.report.rescoring import compare_scorings
        from driftlang.report.scores_text import rescoring_lines

        print_lines(*rescoring_lines(compare_scorings(before, gathered)))
