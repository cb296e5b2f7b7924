"""`driftlang judge run`: have models read the steps of a run, blind, and say whether the constraint was kept.

In: a run's folder. Out: verdicts in it, and how the judging went.
Refuses to do: any estimate; what labels are worth is said by calibrating them.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.diagnostics.failure import ExitStatus, Failure

if TYPE_CHECKING:
    from decimal import Decimal

    from driftlang.build.plan import PlannedStudy
    from driftlang.judge.forecast import Forecast
    from driftlang.judge.judging import Judging, Jury, Tally

#: Lines that are printed of a judging at most, where there is no terminal.
_LINES = 20


@click.command(name="run")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--judge",
    "judges",
    multiple=True,
    metavar="MODEL",
    help='A judge, options behind it as in "sim/judge sensitivity 0.8"; may be given again (default: as declared).',
)
@click.option(
    "--votes",
    type=click.IntRange(min=1, max=99),
    default=None,
    help="Votes of each judge on a step (default: the study's).",
)
@click.option("--all", "is_all", is_flag=True, help="Judge every step, not only flagged ones (this is the default).")
@click.option("--sample", type=click.IntRange(min=1), default=None, metavar="K", help="Judge K steps, drawn by chance.")
@click.option("--same-family", "allows_family", is_flag=True, help="Let a judge judge models of its own family.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Votes at once (default: what providers take).")
@click.option(
    "--budget",
    default="",
    metavar="DOLLARS",
    help="Spend no more than this on judges of this run, earlier ones included.",
)
@click.option("--providers", type=click.Path(path_type=Path), default=None, help="A TOML file of providers.")
@click.option("--prices", type=click.Path(path_type=Path), default=None, help="A TOML file of prices.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Print what the judging would take, and ask nobody.")
@click.option("--json", "as_json", is_flag=True, help="Print how the judging went as JSON.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(  # noqa: PLR0913, PLR0917 - click passes one argument an option
    run: Path,
    judges: tuple[str, ...],
    votes: int | None,
    is_all: bool,
    sample: int | None,
    allows_family: bool,
    jobs: int | None,
    budget: str,
    providers: Path | None,
    prices: Path | None,
    is_dry: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Put the steps of a run's finished trials before judges.

    Judges see the constraint, the task, the code before and after, commands and the answer: neither arm, direction nor
    what patterns found. The same command again asks only what was not answered. Ends with status 4 where votes could
    not be had, and 3 where there is no step to judge.
    """
    import asyncio

    from driftlang.judge.forecast import forecast_judging
    from driftlang.judge.judging import Tally, judge_run
    from driftlang.judge.sampling import draw_steps, every_step
    from driftlang.judge.steps import open_steps
    from driftlang.judge.store import JUDGE_FOLDER
    from driftlang.run.services import load_services

    if is_all and sample:
        raise Failure("all steps are no sample", help="leave out `--all` or `--sample`", status=ExitStatus.MISUSE)
    steps = open_steps(run)
    jury = _jury(steps.plan.study, judges, votes, allows_family=allows_family)
    folder = run / JUDGE_FOLDER
    services = load_services(folder, budget=read_dollars(budget), providers=providers, prices=prices)
    chosen = draw_steps(run, sample) if sample else every_step(run)
    if is_dry:
        return _print_forecast(forecast_judging(steps, jury, services, chosen), as_json=as_json)
    display = _Display()
    tally = Tally() if quiet else Tally(display.show)
    try:
        went = asyncio.run(judge_run(steps, jury, services, sample=chosen, jobs=jobs or 0, tally=tally))
    finally:
        if not quiet:
            display.end()
    _print_json(run, jury, went) if as_json else _print(run, jury, went)
    if went.failed or went.ended:
        return ExitStatus.INFRASTRUCTURE
    return ExitStatus.OK if went.steps else ExitStatus.INCONCLUSIVE


def read_dollars(text: str) -> "Decimal | None":
    """An amount such as `2.50` or `$2.50`; nothing for an empty text."""
    from decimal import Decimal, InvalidOperation

    if not text:
        return None
    try:
        dollars = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        dollars = Decimal(-1)
    if not dollars.is_finite() or dollars < 0:
        raise Failure(f"`{text}` is no amount of dollars", help="write it as `--budget 2.50`", status=ExitStatus.MISUSE)
    return dollars


def _jury(study: "PlannedStudy", judges: tuple[str, ...], votes: int | None, *, allows_family: bool) -> "Jury":
    """The judges that were named, or else the one that the study declares."""
    from driftlang.judge.judging import Jury
    from driftlang.judge.jury import parse_juror

    named = judges or ((study.judge,) if study.judge else ())
    if not named:
        raise Failure(
            f"the study `{study.name}` declares no judge",
            help="name one with `--judge provider/model`, such as `--judge sim/judge`",
            status=ExitStatus.MISUSE,
        )
    jurors = {juror.name: juror for juror in map(parse_juror, named)}
    return Jury(tuple(jurors.values()), votes or study.judge_votes or 1, allows_family)


def _print_forecast(found: "Forecast", *, as_json: bool) -> int:
    low, high = found.dollars
    if as_json:
        told = {
            "steps": found.steps,
            "votes": found.votes,
            "questions": found.questions,
            "too_large": found.too_large,
            "prompt_tokens": found.prompt_tokens,
            "dollars": [str(low), str(high)],
            "unpriced": list(found.unpriced),
        }
        click.echo(json.dumps(told, indent=2))
        return ExitStatus.OK
    click.echo(f"{found.votes} votes on {found.steps} steps, {found.questions} questions to ask")
    click.echo(f"about {found.prompt_tokens:,} tokens; by known prices ${low:.2f} to ${high:.2f}")
    if found.too_large:
        click.echo(f"{found.too_large} steps are too large to be shown whole, and put before nobody")
    for model in found.unpriced:
        click.echo(f"note: the price of {model} is not known", err=True)
    for one in found.barred:
        click.echo(f"note: {one.judge} would not judge {one.subject}: {one.why}", err=True)
    return ExitStatus.OK


class _Display:
    """Shows how a judging goes, on standard error: one line that changes on a terminal, else some lines."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()

    def show(self, tally: "Tally") -> None:
        """Show the counts, where they are due."""
        done = tally.votes + sum(tally.failed.values())
        failed = f", {sum(tally.failed.values())} failed" if tally.failed else ""
        money = f", ${tally.dollars:.4f}" if tally.dollars else ""
        text = f"{done} of {tally.wanted} votes, {tally.asked} asked for{failed}{money}"
        if self._is_terminal:
            click.echo(f"\r{text}", err=True, nl=False)
        elif done == tally.wanted or done % max(1, tally.wanted // _LINES) == 0:
            click.echo(text, err=True)

    def end(self) -> None:
        """End the line."""
        if self._is_terminal:
            click.echo(err=True)


def _print_json(run: Path, jury: "Jury", went: "Judging") -> None:
    told = {
        "run": run.as_posix(),
        "judges": _names(jury),
        "votes_each": jury.votes,
        "steps": went.steps,
        "votes": went.votes,
        "asked": went.asked,
        "abstained": went.abstained,
        "rejected": went.rejected,
        "failed": dict(went.failed),
        "barred": [{"judge": one.judge, "subject": one.subject, "why": one.why} for one in went.barred],
        "families": went.families,
        "same_family_allowed": jury.allows_family,
        "dollars": str(went.dollars),
        "unpriced": list(went.unpriced),
        "ended": went.ended,
        "labels": _labels(run, jury),
        "agreement": _agreement(run, jury),
    }
    click.echo(json.dumps(told, indent=2))


def _names(jury: "Jury") -> list[str]:
    return [juror.name for juror in jury.jurors]


def _labels(run: Path, jury: "Jury") -> dict[str, int]:
    """How many steps have which label, by what all judges come to; ties and silence under `none`."""
    from collections import Counter

    from driftlang.judge.reading import read_step_verdicts

    return dict(sorted(Counter(one.label or "none" for one in read_step_verdicts(run, _names(jury))).items()))


def _agreement(run: Path, jury: "Jury") -> float | None:
    """The mean share of a judge's votes on a step that say its label; nothing where no step has two votes."""
    from driftlang.judge.reading import read_judge_verdicts

    shares = [one.agreement for one in read_judge_verdicts(run, _names(jury)) if one.votes > 1]
    return round(sum(shares) / len(shares), 6) if shares else None


def _print(run: Path, jury: "Jury", went: "Judging") -> None:
    silent = "".join(
        f", {number} {what}" for number, what in ((went.abstained, "abstained"), (went.rejected, "rejected")) if number
    )
    click.echo(f"{went.votes} votes on {went.steps} steps, {went.asked} asked for now{silent}")
    labels = ", ".join(f"{number} {label}" for label, number in _labels(run, jury).items())
    click.echo(f"labels: {labels or 'none'}")
    agreement = _agreement(run, jury)
    if agreement is not None:
        click.echo(f"votes of one judge agree on a step by {100 * agreement:.1f} % on average")
    if went.dollars:
        click.echo(f"${went.dollars:.4f} spent")
    for model in went.unpriced:
        click.echo(f"note: the price of {model} is not known, so what it cost is not counted", err=True)
    for one in went.barred:
        click.echo(f"note: {one.judge} did not judge {one.subject}: {one.why}", err=True)
    if jury.allows_family:
        click.echo("note: judges were let judge models of their own family", err=True)
    if went.families == 1:
        click.echo("note: one family of models judged; name a judge of another with `--judge`", err=True)
    for reason, number in went.failed.items():
        click.echo(f"error: {number} votes could not be had: {reason}", err=True)
    if went.ended:
        click.echo(f"error: the judging was ended: {went.ended}", err=True)
    if went.failed or went.ended:
        click.echo("help: the same command asks for what is missing", err=True)
