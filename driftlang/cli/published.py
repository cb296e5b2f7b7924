"""`driftlang published`: published rates, analysed as far as counts allow.

In: a CSV file of published counts. Out: which asymmetries survive, on the terminal, as JSON or as a document.
Refuses to do: comparing them with a run; that is `driftlang report --against`.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.diagnostics.failure import ExitStatus

if TYPE_CHECKING:
    from driftlang.estimate.published import PublishedAnalysis


@click.command(name="published")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=None, help="Write all of it to this Markdown file."
)
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def command(file: Path, output: Path | None, as_json: bool) -> int:
    """Analyse published rates again: intervals of every cell, and which asymmetries survive.

    FILE is a CSV table as in scenarios/published: one row a condition and step, with the runs that broke the
    constraint out of those that were scored.
    """
    from hashlib import sha256

    from driftlang.estimate.published import analyse_published
    from driftlang.report.published_file import read_published
    from driftlang.report.published_text import render_published, survivors_sentence

    analysis = analyse_published(read_published(file))
    if output is not None:
        digest = sha256(file.read_bytes()).hexdigest()
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(render_published(analysis, file.name, digest), encoding="utf-8", newline="\n")
    if as_json:
        click.echo(json.dumps(_told(analysis), indent=2))
        return ExitStatus.OK
    for scorer in dict.fromkeys(one.cell.scorer for one in analysis.estimates):
        click.echo(f"{scorer}: {survivors_sentence(analysis, scorer)}")
    if output is not None:
        click.echo(f"written: {output}")
    return ExitStatus.OK


def _told(analysis: "PublishedAnalysis") -> dict[str, object]:
    from attrs import asdict

    cells = [{**asdict(one), "mean": one.cell.mean} for one in analysis.estimates]
    return {
        "level": analysis.level,
        "cells": cells,
        "asymmetries": [asdict(one) for one in analysis.asymmetries],
        "survivors": {
            scorer: [f"{one.pair} by {one.model}" for one in analysis.survivors(scorer)]
            for scorer in dict.fromkeys(one.cell.scorer for one in analysis.estimates)
        },
    }
