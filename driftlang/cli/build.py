"""`driftlang build`: a study's repositories, plan, scorers, rubrics, cell card and manifest.

In: a `.drift` file. Out: `OUT/STUDY/` for each of its studies, and what was built.
Refuses to do: building a file with an error in it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.source import Sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from driftlang.model.forms import Model, Study


@click.command(name="build")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("generated"),
    show_default=True,
    help="Folder that each study gets a folder in.",
)
@click.option("--study", default="", help="Build this study alone.")
@click.option("--json", "as_json", is_flag=True, help="Print what was built, or what is wrong, as JSON.")
def command(path: Path, output: Path, study: str, as_json: bool) -> int:
    """Make repositories, plan, scorers and rubrics of each study in a .drift file.

    The same source makes the same bytes. A study's folder is replaced whole, or left as it was.
    """
    from driftlang.build.emit import build_study
    from driftlang.model.load import load_model

    sources, sink = Sources(), Sink()
    model = load_model(path, sources, sink)
    folders = []
    if model is not None and not sink.has_errors:
        folders = [build_study(chosen, model, path.name, output, sink) for chosen in _choose(model, study, path)]
    _print_findings(sink, sources, as_json=as_json)
    if sink.has_errors or model is None:
        return ExitStatus.FINDING
    _print_built(folders, as_json=as_json)
    return ExitStatus.OK


def _choose(model: "Model", name: str, path: Path) -> "Sequence[Study]":
    """The studies to build: the named one, or all."""
    names = [study.name for study in model.studies]
    if not names:
        raise Failure(
            f"`{path}` has no study: there is nothing to build",
            help="add `study NAME { run SCENARIO ... }`",
            status=ExitStatus.MISUSE,
        )
    if name and name not in names:
        raise Failure(
            f"`{path}` has no study `{name}`",
            help=f"choose of {', '.join(f'`{known}`' for known in names)}",
            status=ExitStatus.MISUSE,
        )
    return [study for study in model.studies if name in ("", study.name)]


def _print_findings(sink: Sink, sources: Sources, *, as_json: bool) -> None:
    from driftlang.diagnostics.render import render_full, render_json

    if as_json and sink.has_errors:
        click.echo(render_json(sink.found, sources), nl=False)
    elif sink.found:
        import sys

        click.echo(render_full(sink.found, sources, color=sys.stderr.isatty()), err=True, nl=False)


def _print_built(folders: "Sequence[Path]", *, as_json: bool) -> None:
    import json

    from driftlang.build.plan_toml import read_plan

    built = []
    for folder in folders:
        plan = read_plan(folder)
        built.append(
            {
                "study": plan.study.name,
                "path": folder.as_posix(),
                "cells": len(plan.cells),
                "runs": plan.study.repeat,
                "trials": len(plan.trials),
                "repositories": len({cell.repository for cell in plan.cells}),
            }
        )
    if as_json:
        click.echo(json.dumps({"built": built}, indent=2))
        return
    for entry in built:
        click.echo(
            "{study}: {cells} cells of {runs} runs, {trials} trials, {repositories} repositories in {path}".format(
                **entry
            )
        )
