"""`driftlang build`: a study's repositories, plan, scorers, rubrics, cell card and manifest.

In: a `.drift` file. Out: `OUT/STUDY/` for each of its studies, and what was built.
Refuses to do: building a file with an error in it, or one whose proofs fail.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.cli.formats import format_options
from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.diagnostics.render import Form, render
from driftlang.source import Sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from driftlang.model.forms import Model, Study


#: What is counted of a study, one of it and several.
_COUNTED = {
    "cells": ("cell", "cells"),
    "runs": ("run", "runs"),
    "trials": ("trial", "trials"),
    "repositories": ("repository", "repositories"),
}


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
@format_options
def command(path: Path, output: Path, study: str, form: Form) -> int:
    """Make repositories, plan, scorers and rubrics of each study in a .drift file.

    The same source makes the same bytes. A study's folder is replaced whole, or left as it was. What is found goes to
    standard output where a program reads it (json, sarif, github), else to standard error.
    """
    from driftlang.build.emit import build_study
    from driftlang.validity.load import load_checked
    from driftlang.validity.proof.stage import prove_model

    sources, sink = Sources(), Sink()
    model = load_checked(path, sources, sink)
    folders = []
    if model is not None and not sink.has_errors:
        chosen = _choose(model, study, path)
        proof = prove_model(model, sources, sink)
        folders = [build_study(each, model, path.name, output, sink, proof=proof) for each in chosen]
    is_built = model is not None and not sink.has_errors
    _print_findings(sink, sources, form, is_built=is_built)
    if not is_built:
        return ExitStatus.FINDING
    _print_built(folders, form)
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


def _print_findings(sink: Sink, sources: Sources, form: Form, *, is_built: bool) -> None:
    """Print what was found; a build that went well says in JSON what was built, and warns people beside it."""
    if form == "json" and is_built:
        form = "full"
    is_for_people = form in {"full", "concise"}
    color = sys.stderr.isatty() if is_for_people else False
    click.echo(render(sink.found, sources, form, color), err=is_for_people, nl=False)


def _print_built(folders: "Sequence[Path]", form: Form) -> None:
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
    if form == "json":
        click.echo(json.dumps({"built": built}, indent=2))
        return
    for entry in built:
        counted = {
            what: f"{entry[what]} {noun if entry[what] == 1 else plural}" for what, (noun, plural) in _COUNTED.items()
        }
        click.echo(
            "{study}: {cells} of {runs}, {trials}, {repositories} in {path}".format(**{**entry, **counted}),
            # Standard output is the SARIF log, which a further line would spoil.
            err=form == "sarif",
        )
