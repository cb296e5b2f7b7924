"""`driftlang power`: what a study can show at its size, what it would take, and what that costs.

In: a .drift file. Out: a table for each study, or JSON.
Refuses to do: a verdict on real models. What it supposes of the runs stands above the table.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from driftlang.diagnostics.failure import ExitStatus, Failure

if TYPE_CHECKING:
    from driftlang.estimate.power import Capacity
    from driftlang.model.forms import Detect, Model, Study
    from driftlang.run.forecast import ModelForecast

_HEADINGS = ("estimate", "persistence", "power", "smallest", "runs needed")


@frozen
class _Supposed:
    """What is supposed of the runs; a persistence below 0 stands for all that are tried."""

    base: float
    persistence: float
    studies: int


@frozen
class _StudyPower:
    """What one study can show, and what one more run of all of its cells takes of each model."""

    study: "Study"
    detect: "Detect"
    is_declared: bool
    steps: int
    capacities: "tuple[Capacity, ...]"
    per_run: "tuple[ModelForecast, ...]"

    @property
    def is_short(self) -> bool:
        """Whether the declared effect takes more runs than there are, with the most persistence that was tried."""
        from driftlang.estimate.power import EFFECT

        effects = [one.needed for one in self.capacities if one.measure == EFFECT]
        return self.is_declared and not 0 < effects[-1] <= self.study.repeat

    @property
    def needed(self) -> int:
        """The most runs that any of the estimates needs; 0 where one of them has no number."""
        found = [one.needed for one in self.capacities]
        return max(found) if all(found) else 0


@click.command(name="power")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--study", "name", default="", help="Which study (default: every one).")
@click.option("--base", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.05, show_default=True,
              help="Rate at which the control breaks.")  # fmt: skip
@click.option("--persistence", type=click.FloatRange(0, 1), default=None,
              help="Probability that a step repeats the one before (default: 0, 0.3 and 1 are tried).")  # fmt: skip
@click.option("--studies", type=click.IntRange(min=100), default=1000, show_default=True,
              help="How many studies are simulated for each figure.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def command(  # noqa: PLR0913 - click passes one argument an option
    path: Path, name: str, base: float, persistence: float | None, studies: int, *, as_json: bool
) -> int:
    """Say which difference a study can detect at its size, and how many runs a declared one takes.

    Whole studies are simulated, and estimated as `driftlang report` does. Ends with status 1 where a study is too small
    for the difference that it declares in `detect`.
    """
    found = tuple(_powers(path, name, _Supposed(base, -1.0 if persistence is None else persistence, studies)))
    if as_json:
        click.echo(json.dumps([_told(one) for one in found], indent=2))
    else:
        for one in found:
            _print(one, base)
    return ExitStatus.FINDING if any(one.is_short for one in found) else ExitStatus.OK


def _powers(path: Path, name: str, supposed: _Supposed) -> Iterator[_StudyPower]:
    from driftlang.diagnostics.diagnostic import Sink
    from driftlang.diagnostics.full import render_full
    from driftlang.model.load import load_model
    from driftlang.source import Sources

    if path.is_dir():
        raise Failure(f"`{path}` is a folder", help="give the .drift file of the study", status=ExitStatus.MISUSE)
    sources, sink = Sources(), Sink()
    model = load_model(path, sources, sink)
    if sink.has_errors or model is None:
        click.echo(render_full(sink.found, sources, color=False), err=True, nl=False)
        raise Failure(f"`{path}` has mistakes", help="mend what `driftlang check` says", status=ExitStatus.FINDING)
    chosen = [study for study in model.studies if name in {"", study.name}]
    if not chosen:
        names = ", ".join(f"`{study.name}`" for study in model.studies)
        advice = f"choose of {names}" if names else "add a `study`"
        message = f"{path} has no study `{name}`" if name else f"{path} declares no study"
        raise Failure(message, help=advice, status=ExitStatus.MISUSE)
    for study in chosen:
        yield _power(study, model, path, supposed)


def _power(study: "Study", model: "Model", path: Path, supposed: _Supposed) -> _StudyPower:
    from driftlang.estimate.power import ASYMMETRY, EFFECT, PERSISTENCES, World, capacity
    from driftlang.model.forms import Detect

    steps = max(len(scenario.tasks.steps) for scenario in study.scenarios)
    detect = study.detect[0] if study.detect else Detect(0.2, 0.8, 0.05, study.span)
    tried = [share for _, share in PERSISTENCES] if supposed.persistence < 0 else [supposed.persistence]
    two_sided = any(len(scenario.constraints) > 1 for scenario in study.scenarios)
    capacities = tuple(
        capacity(measure, World(supposed.base, share, steps, detect.alpha, supposed.studies), study.repeat,
                 detect.difference, detect.power)
        for measure in ((EFFECT, ASYMMETRY) if two_sided else (EFFECT,))
        for share in tried
    )  # fmt: skip
    return _StudyPower(study, detect, bool(study.detect), steps, capacities, _per_run(study, model, path))


def _per_run(study: "Study", model: "Model", path: Path) -> "tuple[ModelForecast, ...]":
    """What one run of every cell takes of each model; nothing where the study cannot be built yet."""
    from tempfile import TemporaryDirectory

    from attrs import evolve

    from driftlang.build.emit import build_study
    from driftlang.build.plan_toml import read_plan
    from driftlang.diagnostics.diagnostic import Sink
    from driftlang.run.forecast import forecast, pricing_of
    from driftlang.run.selection import Selection, select_jobs
    from driftlang.run.services import load_services

    with TemporaryDirectory() as scratch:
        sink: Sink = Sink()
        folder = build_study(evolve(study, repeat=1), model, path.name, Path(scratch), sink)
        if sink.has_errors:
            return ()
        plan = read_plan(folder)
        services = load_services(Path(scratch) / "run")
        jobs = select_jobs(plan, Selection())
        return forecast(plan, jobs, Path(scratch) / "run", jobs=1, pricing=pricing_of(services)).models


def _print(one: _StudyPower, base: float) -> None:
    detect, study = one.detect, one.study
    source = "declared" if one.is_declared else "the study declares no `detect`; supposed"
    click.echo(f"{study.name}: {study.repeat} runs of a cell, {one.steps} steps each")
    click.echo(f"difference {detect.difference:.0%}, power {detect.power:.0%}, alpha {detect.alpha:.0%} ({source}); "
               f"control at {base:.0%}")  # fmt: skip
    rows = [_HEADINGS, *map(_row, one.capacities)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        left = "  ".join(text.ljust(width) for text, width in zip(row[:2], widths[:2], strict=True))
        right = "  ".join(text.rjust(width) for text, width in zip(row[2:], widths[2:], strict=True))
        click.echo(f"  {left}  {right}")
    click.echo("persistence: none, each step by itself; weak, 3 in 10 steps repeat the former; strong, a run breaks "
               "all steps or none")  # fmt: skip
    error = one.capacities[0].error
    click.echo(f"by {_studies_of(error)} simulated studies a figure: a power is right to about {2 * error:.1%}")
    for line in _costs(one):
        click.echo(line)
    click.echo()


def _studies_of(error: float) -> str:
    return f"{round(0.25 / error**2):,}"


def _row(one: "Capacity") -> tuple[str, ...]:
    from driftlang.estimate.power import MOST_RUNS

    smallest = f"{one.smallest:.0%}" if one.smallest else "none"
    needed = f"{one.needed:,}" if one.needed else f"over {MOST_RUNS:,}"
    return (one.measure, one.persistence, f"{one.power:.0%}", smallest, needed)


def _costs(one: _StudyPower) -> Iterator[str]:
    """What the study takes as it is, and with the runs that it needs."""
    if not one.per_run:
        yield "cost: not known, since the study cannot be built yet: `driftlang build` says why"
        return
    yield _cost("as it is", one.study.repeat, one.per_run)
    if one.needed and one.needed != one.study.repeat:
        yield _cost("with the most runs of these", one.needed, one.per_run)


def _cost(what: str, runs: int, models: "tuple[ModelForecast, ...]") -> str:
    from decimal import Decimal

    from driftlang.cli.run_forecast import count, dollars

    trials, turns = (runs * sum(getattr(model, name) for model in models) for name in ("trials", "turns"))
    tokens = runs * sum(model.tokens.prompt + model.tokens.completion for model in models)
    priced = [model.dollars for model in models if model.dollars is not None]
    none = Decimal(0)
    money = (runs * sum((one for one, _ in priced), none), runs * sum((one for _, one in priced), none))
    unpriced = "" if len(priced) == len(models) else ", models without a price left out"
    said = f"${dollars(money)}{unpriced}" if priced else "no price known"
    return f"cost {what} ({runs:,} runs): {trials:,} trials, {turns:,} turns, {count(tokens)} tokens, {said}"


def _told(one: _StudyPower) -> dict[str, object]:
    from attrs import asdict

    return {
        "study": one.study.name,
        "repeat": one.study.repeat,
        "steps": one.steps,
        "difference": one.detect.difference,
        "power": one.detect.power,
        "alpha": one.detect.alpha,
        "declared": one.is_declared,
        "runs_needed": one.needed,
        "estimates": [asdict(capacity) for capacity in one.capacities],
        "one_run": [
            {
                "model": model.model,
                "trials": model.trials,
                "turns": model.turns,
                "tokens": model.tokens.prompt + model.tokens.completion,
                "dollars_least": None if model.dollars is None else float(model.dollars[0]),
                "dollars_most": None if model.dollars is None else float(model.dollars[1]),
            }
            for model in one.per_run
        ],
    }
