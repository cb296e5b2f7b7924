"""How `driftlang run --dry-run` shows what a run will take.

In: a `Forecast`. Out: a table, or JSON.
Refuses to do: computing anything but sums.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from driftlang.run.forecast import Forecast, ModelForecast

_HEADINGS = ("model", "trials", "turns", "model calls", "tokens in", "tokens out", "dollars", "figures")
_HOW = """\
assumed: 3 model calls a turn, each with the whole history before it; 6.1 k tokens of OpenCode's own text (3.9 k with
  `harness neutral`) and 700 more with each call; 6 s a call of a real model, 5 s for the start of a trial
measured: the same, put right by what finished trials took in calls, tokens and seconds
dollars: between all repeated tokens read from the provider's cache and none"""


def print_forecast(forecast: "Forecast") -> None:
    """Print a line for each model, their sum, the time, and how it was found."""
    before = f", {forecast.finished} of them finished already" if forecast.finished else ""
    trials = "1 trial" if forecast.trials == 1 else f"{forecast.trials} trials"
    click.echo(f"{trials}{before}; nothing was run")
    if not forecast.models:
        return
    rows = [_HEADINGS, *(_row(model) for model in forecast.models)]
    if len(forecast.models) > 1:
        rows.append(_total(forecast.models))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        numbers = "  ".join(text.rjust(width) for text, width in zip(row[1:-1], widths[1:-1], strict=True))
        click.echo(f"{row[0].ljust(widths[0])}  {numbers}  {row[-1]}".rstrip())
    if beside := _beside(forecast.models):
        click.echo(beside)
    click.echo(f"time: about {duration(forecast.seconds)} with {forecast.jobs} at a time")
    click.echo(_HOW)


def print_forecast_json(forecast: "Forecast") -> None:
    """Print all of it as JSON."""
    told = {
        "trials": forecast.trials,
        "finished": forecast.finished,
        "jobs": forecast.jobs,
        "seconds": round(forecast.seconds),
        "models": [
            {
                "model": one.model,
                "trials": one.trials,
                "turns": one.turns,
                "model_calls": one.calls,
                "prompt_tokens": one.tokens.prompt,
                "repeated_tokens": one.tokens.repeated,
                "completion_tokens": one.tokens.completion,
                "dollars_least": None if one.dollars is None else float(one.dollars[0]),
                "dollars_most": None if one.dollars is None else float(one.dollars[1]),
                "seconds": round(one.seconds),
                "measured_trials": one.measured_trials,
                "basis": one.basis,
                "branch_turns": one.branch_turns,
                "compactions": one.compactions,
                "probes": one.probes,
            }
            for one in forecast.models
        ],
    }
    click.echo(json.dumps(told, indent=2))


def _row(one: "ModelForecast") -> tuple[str, ...]:
    figures = {
        "measured": f"measured on {one.measured_trials} trials",
        "as other models": f"as {one.measured_trials} trials of other models",
    }.get(one.basis, one.basis)
    counts = (one.trials, one.turns, one.calls)
    tokens = (count(one.tokens.prompt), count(one.tokens.completion))
    return (one.model, *map(str, counts), *tokens, dollars(one.dollars), figures)


def _beside(models: Sequence["ModelForecast"]) -> str:
    """What there is among the turns and beside them; empty where there is nothing."""
    turns = sum(one.branch_turns for one in models)
    compactions, probes = sum(one.compactions for one in models), sum(one.probes for one in models)
    said = [f"{turns} of the turns are of branches"] if turns else []
    said += [f"{number} {what}" for number, what in ((compactions, "compactions"), (probes, "probes")) if number]
    return f"counted: {', '.join(said)}" if said else ""


def _total(models: Sequence["ModelForecast"]) -> tuple[str, ...]:
    known = [one.dollars for one in models if one.dollars is not None]
    money = (sum((least for least, _ in known), Decimal(0)), sum((most for _, most in known), Decimal(0)))
    counts = (sum(one.trials for one in models), sum(one.turns for one in models), sum(one.calls for one in models))
    sent = sum(one.tokens.prompt for one in models)
    written = sum(one.tokens.completion for one in models)
    note = "" if len(known) == len(models) else "without models that have no price"
    return ("all", *map(str, counts), count(sent), count(written), dollars(money if known else None), note)


def dollars(bounds: tuple[Decimal, Decimal] | None) -> str:
    """Money between two bounds, or that no price is known."""
    if bounds is None:
        return "no price"
    least, most = (f"{bound:.2f}" for bound in bounds)
    return least if least == most else f"{least}-{most}"


def count(number: float) -> str:
    """A large number, short: `950`, `12.3 k`, `4.56 M`."""
    if number < 1000:
        return f"{number:.0f}"
    return f"{number / 1e3:.1f} k" if number < 1e6 else f"{number / 1e6:.2f} M"


def duration(seconds: float) -> str:
    """A time, short: `40 s`, `12 min`, `3 h 20 min`, `2 d 4 h`."""
    minutes, hours = round(seconds / 60), round(seconds / 3600)
    if seconds < 90:
        return f"{seconds:.0f} s"
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"
