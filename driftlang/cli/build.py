"""`driftlang build`: a study's repositories, plan, scorers, rubrics, cell card and manifest.

In: a `.drift` file. Out: `OUT/STUDY/` for each of its studies, and what was built.
Refuses to do: building a file with an error in it, or one whose proofs fail.
"""

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from driftlang.cli.formats import format_options
from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.diagnostics.render import Form, render
from driftlang.source import Sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from driftlang.build.emit import Built
    from driftlang.model.forms import Model, Study


#: Artifacts between two words on how far a build has come, and the fewest that are worth any.
_STRIDE, _WORTH_TELLING = 50, 200


@frozen
class _Request:
    """What the command was asked for."""

    path: Path
    output: Path
    study: str
    jobs: int
    form: Form


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
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Artifacts written at a time.  [default: cores]")
@click.option("--watch", "is_watching", is_flag=True, help="Build again when a file changes, until Ctrl-C.")
@format_options
def command(path: Path, output: Path, study: str, jobs: int | None, is_watching: bool, form: Form) -> int:  # noqa: PLR0913, PLR0917 - its options
    """Make repositories, plan, scorers and rubrics of each study in a .drift file.

    The same source makes the same bytes. A study's folder is replaced whole, or left as it was; what has not changed
    in it is kept. What is found goes to standard output where a program reads it (json, sarif, github), else to
    standard error.
    """
    request = _Request(path, output, study, jobs or os.cpu_count() or 1, form)
    if is_watching:
        from driftlang.cli.watch import do_on_change

        return do_on_change(lambda reads: _build(request, reads.recording))
    return _build(request, nullcontext)


def _build(request: _Request, reading: Callable[[], AbstractContextManager[None]]) -> int:
    """Build once; sources are read within `reading`."""
    from driftlang.build.emit import Engine
    from driftlang.build.memory import renew_study
    from driftlang.validity.load import can_prove, load_checked
    from driftlang.validity.proof.stage import prove_model

    path, form = request.path, request.form
    sources, sink = Sources(), Sink()
    with reading():
        model = load_checked(path, sources, sink)
    built: list[Built | None] = []
    if model is not None and can_prove(sink):
        chosen = _choose(model, request.study, path)
        proof = prove_model(model, sources, sink)
        engine = Engine(request.jobs, _show_progress)
        build = partial(renew_study, model=model, source_name=path.name, out=request.output, sink=sink)
        built = [build(each, proof=proof, engine=engine) for each in chosen]
    is_built = model is not None and not sink.has_errors
    _print_findings(sink, sources, form, is_built=is_built)
    if not is_built:
        return ExitStatus.FINDING
    _print_built([study for study in built if study is not None], form)
    return ExitStatus.OK


def _show_progress(done: int, of: int) -> None:
    """Say on a terminal how far a long build has come, in one line that goes again."""
    if of >= _WORTH_TELLING and sys.stderr.isatty():
        if done == of:
            click.echo("\r\x1b[K", err=True, nl=False)
        elif done % _STRIDE == 0:
            click.echo(f"\r{done:,} of {of:,} files and repositories", err=True, nl=False)


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


def _print_built(built: "Sequence[Built]", form: Form) -> None:
    import json

    if form == "json":
        click.echo(json.dumps({"built": [_described(study) for study in built]}, indent=2))
        return
    for study in built:
        # Standard output is the SARIF log, which a further line would spoil.
        click.echo(_said(study), err=form == "sarif")


def _described(built: "Built") -> dict[str, object]:
    return {
        "study": built.study,
        "path": built.folder.as_posix(),
        "cells": built.cells,
        "runs": built.runs,
        "trials": built.trials,
        "repositories": built.repositories,
        "written": list(built.renewal.written),
        "removed": built.renewal.removed,
    }


def _said(built: "Built") -> str:
    """A line on what a study has, and what of it was written where some of it was there."""
    size = (
        f"{_count(built.cells, 'cell')} of {_count(built.runs, 'run')}, {_count(built.trials, 'trial')}, "
        f"{_count(built.repositories, 'repository', 'repositories')}"
    )
    renewal = built.renewal
    if renewal.is_first:
        return f"{built.study}: {size} in {built.folder.as_posix()}"
    repositories = sum(path.startswith("repos/") for path in renewal.written)
    changed = f"{len(renewal.written) - repositories} files and {repositories} repositories written"
    removed = f", {renewal.removed} removed" if renewal.removed else ""
    return (
        f"{built.study}: {size} in {built.folder.as_posix()}: {'unchanged' if renewal.is_idle else changed + removed}"
    )


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
