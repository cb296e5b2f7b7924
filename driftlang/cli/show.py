"""`driftlang show`: what the compiler makes of a file, stage by stage, as JSON.

In: a stage, a `.drift` file. Out: its ast, model or cells on standard output; diagnostics on standard error.
Refuses to do: showing what a file with an error would mean; the ast alone is shown of one.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus
from driftlang.source import Sources

if TYPE_CHECKING:
    from driftlang.model.as_json import Json


@click.command(name="show")
@click.argument("stage", type=click.Choice(["ast", "model", "cells"]))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The only form there is; taken so that every command takes it.")
def command(stage: str, path: Path, as_json: bool) -> int:  # noqa: ARG001 - what is printed is JSON anyway
    """Print the ast, the model or the cells of a .drift file as JSON.

    `form` names what an object is; places are file, line and column. grammar/model.schema.json describes the model.
    """
    from driftlang.diagnostics.full import render_full

    sources, sink = Sources(), Sink()
    shown = {"ast": _ast, "model": _model, "cells": _cells}[stage](path, sources, sink)
    if sink.found:
        click.echo(render_full(sink.found, sources, color=sys.stderr.isatty()), err=True, nl=False)
    if stage == "ast" or not sink.has_errors:
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    return ExitStatus.FINDING if sink.has_errors else ExitStatus.OK


def _ast(path: Path, sources: Sources, sink: Sink) -> "Json":
    from driftlang.model.as_json import to_json
    from driftlang.model.units import decode, read_source
    from driftlang.syntax.lower import lower
    from driftlang.syntax.parse import parse

    text = decode(path, read_source(path))
    file = sources.add(path.as_posix(), text)
    return to_json(lower(parse(text, file, sink), file, sink), sources)


def _model(path: Path, sources: Sources, sink: Sink) -> "Json":
    from driftlang.model.as_json import to_json
    from driftlang.validity.load import load_checked

    model = load_checked(path, sources, sink)
    return None if model is None or sink.has_errors else to_json(model, sources)


def _cells(path: Path, sources: Sources, sink: Sink) -> "Json":
    from driftlang.cells.expand import expand
    from driftlang.cells.lone_study import lone_studies
    from driftlang.model.as_json import to_json
    from driftlang.validity.load import load_checked

    model = load_checked(path, sources, sink)
    if model is None or sink.has_errors:
        return None
    studies = model.studies or lone_studies(model.scenarios)
    return {study.name: to_json(expand(study, sink), sources) for study in studies}
