"""`driftlang run`: drive the real OpenCode through a plan.

In: a plan's folder, or a `.drift` file, which is built first. Out: the run's folder, and how the run went.
Refuses to do: running anything twice. The same command again goes on where it was cut off, or says that all is done.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from driftlang.diagnostics.failure import ExitStatus, Failure

if TYPE_CHECKING:
    from driftlang.model.studies import Model, Study
    from driftlang.run.runner import RunSummary
    from driftlang.run.selection import Selection


@frozen
class _Wishes:
    """How a plan is to be run; `jobs` 0 is as many as fit."""

    output: Path
    selection: "Selection"
    jobs: int
    is_json: bool
    is_quiet: bool
    sandbox: str


@click.command(name="run")
@click.argument("path", metavar="PLAN|FILE", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder of runs; this one goes to STUDY in it.",
)
@click.option("--study", default="", help="Which study of a .drift file (default: its only one).")
@click.option(
    "--model",
    "models",
    multiple=True,
    help="Run this model alone (may be given again); a .drift file's study may be run with a model it does not name.",
)
@click.option(
    "--repeat",
    type=click.IntRange(min=1, max=1000),
    default=None,
    help="Run the first N repeats of each cell; a .drift file with fewer is made that long.",
)
@click.option(
    "--retry",
    type=click.Choice(("errors", "none")),
    default=None,
    help="Run only trials that ended in an error, or none of them (default: they are tried again with the others).",
)
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Trials at once (default: by cores and memory).")
@click.option(
    "--sandbox",
    type=click.Choice(("auto", "bubblewrap", "none")),
    default="auto",
    show_default=True,
    help="What confines the agent; `auto` lets simulated models alone run without one where none works.",
)
@click.option("--json", "as_json", is_flag=True, help="Print how the run went as JSON.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(  # noqa: PLR0913, PLR0917 - click passes one argument an option
    path: Path,
    output: Path,
    study: str,
    models: tuple[str, ...],
    repeat: int | None,
    retry: str | None,
    jobs: int | None,
    sandbox: str,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run every trial of a plan (a folder that `driftlang build` wrote) or of a .drift file.

    The same command again goes on where it was cut off; finished trials are never run again.
    """
    from tempfile import TemporaryDirectory

    from driftlang.run.selection import Selection

    selection = Selection(models, repeat or 0, retry or "")
    wishes = _Wishes(output, selection, jobs or 0, as_json, quiet, sandbox)
    if path.is_dir():
        return _run(path, wishes)
    with TemporaryDirectory() as scratch:
        plan = _build(path, study, selection, Path(scratch))
        if plan is None:
            return ExitStatus.FINDING
        return _run(plan, wishes)


def _build(path: Path, name: str, selection: "Selection", out: Path) -> Path | None:
    """Build the study of a `.drift` file; nothing when the file has mistakes, which are printed."""
    from driftlang.build.emit import build_study
    from driftlang.diagnostics.diagnostic import Sink
    from driftlang.diagnostics.full import render_full
    from driftlang.source import Sources
    from driftlang.validity.load import load_checked
    from driftlang.validity.proof.stage import prove_model

    sources, sink = Sources(), Sink()
    model = load_checked(path, sources, sink)
    plan = None
    if model is not None and not sink.has_errors:
        chosen = _with_models(_pick(model, name, path), selection)
        plan = build_study(chosen, model, path.name, out, sink, proof=prove_model(model, sources, sink))
    if sink.found:
        click.echo(render_full(sink.found, sources, color=sys.stderr.isatty()), err=True, nl=False)
    return None if sink.has_errors else plan


def _pick(model: "Model", name: str, path: Path) -> "Study":
    names = [study.name for study in model.studies]
    if not names:
        raise Failure(f"{path} declares no study", help="add a `study`", status=ExitStatus.MISUSE)
    if name and name not in names:
        raise Failure(f"{path} has no study `{name}`", help=f"choose of {', '.join(names)}", status=ExitStatus.MISUSE)
    if not name and len(names) > 1:
        raise Failure(
            f"{path} declares {len(names)} studies",
            help=f"choose one with `--study`: {', '.join(names)}",
            status=ExitStatus.MISUSE,
        )
    return next(study for study in model.studies if study.name == (name or names[0]))


def _with_models(study: "Study", selection: "Selection") -> "Study":
    """The study as it is where it covers what was asked for, else with these models and this number of repeats."""
    from attrs import evolve

    from driftlang.model.studies import ModelChoice

    known = {choice.id: choice for choice in study.models}
    if any(model not in known for model in selection.models):
        chosen = tuple(known.get(model, ModelChoice(model, {}, study.span)) for model in selection.models)
        study = evolve(study, models=chosen)
    return evolve(study, repeat=max(study.repeat, selection.repeat))


def _run(plan: Path, wishes: _Wishes) -> int:
    import asyncio

    from driftlang.build.plan_toml import read_plan
    from driftlang.cli.run_display import open_display
    from driftlang.run.runner import run_plan

    folder = wishes.output / read_plan(plan).study.name
    with open_display(is_quiet=wishes.is_quiet or wishes.is_json) as progress:
        summary = asyncio.run(
            run_plan(
                plan,
                folder,
                jobs=wishes.jobs,
                selection=wishes.selection,
                progress=progress,
                sandbox=wishes.sandbox,
            )
        )
    _print_json(summary) if wishes.is_json else _print_summary(summary)
    return ExitStatus.INFRASTRUCTURE if summary.failed else ExitStatus.OK


def _print_json(summary: "RunSummary") -> None:
    import json

    failed = [
        {"trial": one.trial, "script": one.script, "model": one.model, "reason": one.reason} for one in summary.failed
    ]
    told = {
        "run": summary.folder.as_posix(),
        "trials": summary.trials,
        "finished": summary.finished,
        "finished_before": summary.finished_before,
        "failed": failed,
        "notices": list(summary.notices),
        "seconds": round(summary.seconds, 3),
        "head": summary.head.digest,
    }
    click.echo(json.dumps(told, indent=2))


def _print_summary(summary: "RunSummary") -> None:
    before = f", {summary.finished_before} of them before" if summary.finished_before else ""
    for notice in summary.notices:
        click.echo(f"note: {notice}", err=True)
    click.echo(f"{summary.finished} of {summary.trials} trials finished{before} ({summary.seconds:.0f} s)")
    for one in summary.failed:
        click.echo(f"error: trial {one.trial} ({one.script}, {one.model}): {one.reason}", err=True)
    if summary.failed:
        click.echo("help: the same command tries these trials again", err=True)
    click.echo(f"next: driftlang report {summary.folder} -o report")
