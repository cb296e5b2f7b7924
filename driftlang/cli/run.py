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
    from decimal import Decimal

    from driftlang.model.studies import Model, Study
    from driftlang.run.selection import Selection
    from driftlang.run.summary import RunSummary


@frozen
class _Wishes:
    """How a plan is to be run; see `run_plan`."""

    output: Path
    selection: "Selection"
    jobs: int
    provider_jobs: int
    retries: int
    keeps_going: bool
    dask: str
    sandbox: str
    is_dry: bool
    is_json: bool
    is_quiet: bool
    money: "_Money"
    replay: Path | None


@frozen
class _Money:
    """What may be spent, where, and what it costs; nothing leaves each as it is without."""

    budget: "Decimal | None"
    providers: Path | None
    prices: Path | None


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
    "--jobs-per-provider",
    "provider_jobs",
    type=click.IntRange(min=1),
    default=None,
    help="Trials at once with models of one provider (default: as many as `--jobs`).",
)
@click.option(
    "--retries",
    type=click.IntRange(min=0, max=100),
    default=1,
    show_default=True,
    help="How often a trial that ended in an error is tried again.",
)
@click.option(
    "--keep-going", "keeps_going", is_flag=True, help="Give no model up, however often its trials fail alike."
)
@click.option(
    "--dask", metavar="ADDRESS", default="", help="Run on the workers of this Dask scheduler, not on this machine."
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="Play this recorded run again, with no provider: the same plan, the real OpenCode, the recorded answers.",
)
@click.option(
    "--sandbox",
    type=click.Choice(("auto", "bubblewrap", "none")),
    default="auto",
    show_default=True,
    help="What confines the agent; `auto` lets simulated models alone run without one where none works.",
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Print what the run would take, and run nothing.")
@click.option(
    "--budget",
    default="",
    metavar="DOLLARS",
    help="Spend no more than this in the run's folder, earlier runs included (default: the study's `limit cost`).",
)
@click.option("--providers", type=click.Path(path_type=Path), default=None, help="A TOML file of providers.")
@click.option("--prices", type=click.Path(path_type=Path), default=None, help="A TOML file of prices.")
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
    provider_jobs: int | None,
    retries: int,
    keeps_going: bool,
    dask: str,
    replay: Path | None,
    sandbox: str,
    is_dry: bool,
    budget: str,
    providers: Path | None,
    prices: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run every trial of a plan (a folder that `driftlang build` wrote) or of a .drift file.

    The same command again goes on where it was cut off; finished trials are never run again.
    """
    from tempfile import TemporaryDirectory

    from driftlang.run.selection import Selection

    selection = Selection(models, repeat or 0, retry or "")
    wishes = _Wishes(
        output=output,
        selection=selection,
        jobs=jobs or 0,
        provider_jobs=provider_jobs or 0,
        retries=retries,
        keeps_going=keeps_going,
        dask=dask,
        sandbox=sandbox,
        is_dry=is_dry,
        is_json=as_json,
        is_quiet=quiet,
        money=_Money(_read_dollars(budget), providers, prices),
        replay=replay,
    )
    if path.is_dir():
        return _run(path, wishes, path)
    with TemporaryDirectory() as scratch:
        plan = build_plan(path, study, selection, Path(scratch))
        if plan is None:
            return ExitStatus.FINDING
        return _run(plan, wishes, path)


def _read_dollars(text: str) -> "Decimal | None":
    """An amount such as `2.50` or `$2.50`."""
    from decimal import Decimal, InvalidOperation

    if not text:
        return None
    try:
        dollars = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        dollars = Decimal(-1)
    if not dollars.is_finite() or dollars <= 0:
        raise Failure(
            f"`{text}` is no amount of dollars", help="give one such as `--budget 2.50`", status=ExitStatus.MISUSE
        )
    return dollars


def build_plan(path: Path, name: str, selection: "Selection", out: Path) -> Path | None:
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


def _run(plan: Path, wishes: _Wishes, given: Path) -> int:
    import asyncio

    from driftlang.build.plan_toml import read_plan
    from driftlang.cli.run_display import open_display
    from driftlang.run.folder import take_frozen
    from driftlang.run.runner import run_plan

    study = read_plan(plan).study.name
    folder = wishes.output / study
    if wishes.is_dry:
        _forecast(plan, folder, wishes)
        return ExitStatus.OK
    take_frozen(given, study, folder)
    with open_display(is_quiet=wishes.is_quiet or wishes.is_json) as progress:
        summary = asyncio.run(
            run_plan(
                plan,
                folder,
                jobs=wishes.jobs,
                provider_jobs=wishes.provider_jobs,
                retries=wishes.retries,
                keeps_going=wishes.keeps_going,
                selection=wishes.selection,
                progress=progress,
                dask=wishes.dask,
                sandbox=wishes.sandbox,
                budget=wishes.money.budget,
                providers=wishes.money.providers,
                prices=wishes.money.prices,
                replay=wishes.replay,
            )
        )
    _print_json(summary) if wishes.is_json else _print_summary(summary)
    is_cut = summary.failed or summary.stopped or summary.spending.exceeded
    return ExitStatus.INFRASTRUCTURE if is_cut else ExitStatus.OK


def _forecast(plan_folder: Path, run_folder: Path, wishes: _Wishes) -> None:
    from driftlang.build.plan_toml import read_plan
    from driftlang.cli.run_forecast import print_forecast, print_forecast_json
    from driftlang.run.capacity import default_jobs
    from driftlang.run.forecast import forecast, pricing_of
    from driftlang.run.selection import select_jobs
    from driftlang.run.services import load_services

    plan = read_plan(plan_folder)
    chosen = select_jobs(plan, wishes.selection)
    services = load_services(run_folder, providers=wishes.money.providers, prices=wishes.money.prices)
    jobs = wishes.jobs or default_jobs()
    found = forecast(plan, chosen, run_folder, jobs=jobs, pricing=pricing_of(services))
    print_forecast_json(found) if wishes.is_json else print_forecast(found)


def _print_json(summary: "RunSummary") -> None:
    import json

    failed = [
        {"trial": one.trial, "script": one.script, "model": one.model, "reason": one.reason} for one in summary.failed
    ]
    stopped = [{"model": one.model, "reason": one.reason, "trials_left": one.trials_left} for one in summary.stopped]
    told = {
        "run": summary.folder.as_posix(),
        "trials": summary.trials,
        "finished": summary.finished,
        "finished_before": summary.finished_before,
        "failed": failed,
        "stopped": stopped,
        "ended": summary.ended,
        "notices": list(summary.notices),
        "dollars": str(summary.spending.dollars),
        "unpriced": list(summary.spending.unpriced),
        "over_budget": summary.spending.exceeded,
        "seconds": round(summary.seconds, 3),
        "head": summary.head.digest,
    }
    click.echo(json.dumps(told, indent=2))


def _print_summary(summary: "RunSummary") -> None:
    before = f", {summary.finished_before} of them before" if summary.finished_before else ""
    for notice in summary.notices:
        click.echo(f"note: {notice}", err=True)
    click.echo(f"{summary.finished} of {summary.trials} trials finished{before} ({summary.seconds:.0f} s)")
    spending = summary.spending
    if spending.dollars:
        click.echo(f"${spending.dollars:.4f} spent")
    for model in spending.unpriced:
        click.echo(f"note: the price of {model} is not known, so what it cost is not counted", err=True)
    for one in summary.failed:
        click.echo(f"error: trial {one.trial} ({one.script}, {one.model}): {one.reason}", err=True)
    if spending.exceeded:
        click.echo(f"error: the run was ended: {spending.exceeded}", err=True)
        click.echo("help: the same command with a larger `--budget` goes on", err=True)
    elif summary.ended:
        click.echo(f"error: the run was ended: {summary.ended}", err=True)
    else:
        _print_stopped(summary)
    click.echo(f"next: driftlang report {summary.folder} -o report")


def _print_stopped(summary: "RunSummary") -> None:
    for model in summary.stopped:
        click.echo(f"error: `{model.model}` was given up, {model.trials_left} trials untried: {model.reason}", err=True)
    if summary.failed or summary.stopped:
        click.echo("help: the same command tries these trials again", err=True)
