"""What a run will take: trials, turns, tokens, money and time, before anything is run.

In: jobs, the share of trials at a time, prices, and what a run of the same plan has measured so far. Out: a `Forecast`.
Refuses to do: passing an assumption off as a measurement: every line says what it rests on, and money is a pair of
bounds.

What trials are expected to take (`expected.py`) is held against what those that are finished did take: calls, tokens
and seconds of trials to come are put right by the same factors. A model of which no trial is finished yet goes by the
others of its kind, simulated or real; where there are none, by assumptions alone.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from attrs import field, frozen

from driftlang.build.plan import Plan
from driftlang.gateway.prices import FREE
from driftlang.gateway.usage import Usage
from driftlang.run.expected import Expected, Tokens, expect
from driftlang.run.measured import MeasuredTrial, read_measured, read_statuses
from driftlang.run.selection import Job, Selection, select_jobs
from driftlang.run.services import Services
from driftlang.run.upstreams import is_simulated

#: Seconds of a model call and of a trial's start and end, assumed. Simulated models answer at once.
_CALL_SECONDS, _SIMULATED_CALL_SECONDS = 6.0, 0.1
_TRIAL_SECONDS = 5.0
#: What the figures of a model rest on.
MEASURED, AS_OTHERS, ASSUMED = BASES = ("measured", "as other models", "assumed")

#: Dollars for tokens of a model, those that are repeated read from the provider's cache; nothing without a price.
Pricing = Callable[[str, Tokens], Decimal | None]


@frozen
class ModelForecast:
    """What the trials of a model will take.

    Attributes:
        turns: of all lines, branches included.
        calls: of the model, those of compactions and probes included.
        measured_trials: how many finished trials the figures rest on.
        dollars: with all of the repeated tokens read from a cache, and with none; nothing without a price.
        seconds: of all trials, one after the other.
        branch_turns, compactions, probes: how many there are among the turns and beside them.
        basis: one of `BASES`.
    """

    model: str
    trials: int
    turns: int
    calls: int
    tokens: Tokens
    measured_trials: int
    seconds: float
    dollars: tuple[Decimal, Decimal] | None = None
    branch_turns: int = 0
    compactions: int = 0
    probes: int = 0
    basis: str = ASSUMED


@frozen
class Forecast:
    """What a run will take.

    Attributes:
        trials: those of the plan that were chosen.
        finished: those of them that are finished already, and count for nothing here.
        models: in the order of the plan.
        jobs: trials at a time.
    """

    trials: int
    finished: int
    jobs: int
    models: tuple[ModelForecast, ...] = field(factory=tuple)

    @property
    def seconds(self) -> float:
        """Wall time of the whole, about; it cannot be shorter than a trial."""
        longest = max((model.seconds / model.trials for model in self.models if model.trials), default=0.0)
        return max(longest, sum(model.seconds for model in self.models) / self.jobs)


def no_prices(model: str, tokens: Tokens) -> Decimal | None:  # noqa: ARG001 - the signature is `Pricing`'s
    """Dollars where no prices are known: simulated models cost nothing."""
    return Decimal(0) if is_simulated(model) else None


def pricing_of(services: Services) -> Pricing:
    """Dollars by the prices of a run's services."""

    def dollars(model: str, tokens: Tokens) -> Decimal | None:
        price = FREE if is_simulated(model) else services.price_of(model)
        usage = Usage(prompt_tokens=tokens.prompt, completion_tokens=tokens.completion, cached_tokens=tokens.repeated)
        return None if price is None else price.dollars_of(usage)

    return dollars


def forecast(
    plan: Plan, chosen: Sequence[Job], run_folder: Path, *, jobs: int, pricing: Pricing = no_prices
) -> Forecast:
    """What is left of the chosen trials will take, by what the run in `run_folder`, if there is one, has measured.

    Raises:
        Failure: what is in the folder cannot be read.
    """
    statuses = read_statuses(run_folder)
    left = [job for job in chosen if statuses.get(job.trial.id) != "finished"]
    factors = _factors(plan, read_measured(run_folder))
    models = dict.fromkeys(job.trial.model for job in chosen)
    by_model = {model: [job for job in left if job.trial.model == model] for model in models}
    lines = tuple(_of_model(plan, model, wanted, factors, pricing) for model, wanted in by_model.items() if wanted)
    return Forecast(len(chosen), len(chosen) - len(left), max(1, min(jobs, len(left) or 1)), lines)


@frozen
class _Factors:
    """What finished trials took, in shares of what they were expected to."""

    trials: int = 0
    calls: float = 1.0
    prompt: float = 1.0
    completion: float = 1.0
    seconds: float = 1.0
    basis: str = ASSUMED


def _factors(plan: Plan, measured: Sequence[MeasuredTrial]) -> Mapping[str, _Factors]:
    """By model; where one has none of its own, by its kind (empty for real ones, `sim` for others)."""
    jobs = {} if not measured else {job.trial.id: job for job in select_jobs(plan, Selection())}
    groups: dict[str, list[tuple[Job, MeasuredTrial]]] = {}
    for one in measured:
        if (job := jobs.get(one.trial)) is not None:
            for name in (job.trial.model, _kind_of(job.trial.model)):
                groups.setdefault(name, []).append((job, one))
    return {name: _held_against(plan, pairs, name) for name, pairs in groups.items()}


def _kind_of(model: str) -> str:
    return "sim" if is_simulated(model) else ""


def _held_against(plan: Plan, pairs: Sequence[tuple[Job, MeasuredTrial]], name: str) -> _Factors:
    expected = expect(plan, [job for job, _ in pairs])
    took = [one for _, one in pairs]
    model = pairs[0][0].trial.model
    return _Factors(
        trials=len(took),
        calls=sum(one.calls for one in took) / max(1, expected.calls),
        prompt=sum(one.prompt for one in took) / max(1, expected.tokens.prompt),
        completion=sum(one.completion for one in took) / max(1, expected.tokens.completion),
        seconds=sum(one.seconds for one in took) / _seconds(model, len(took), expected),
        basis=MEASURED if "/" in name else AS_OTHERS,
    )


def _seconds(model: str, trials: int, expected: Expected) -> float:
    """What trials are assumed to take, one after the other."""
    return (
        _TRIAL_SECONDS * trials + (_SIMULATED_CALL_SECONDS if is_simulated(model) else _CALL_SECONDS) * expected.calls
    )


def _of_model(
    plan: Plan, model: str, jobs: Sequence[Job], factors: Mapping[str, _Factors], pricing: Pricing
) -> ModelForecast:
    expected = expect(plan, jobs)
    known = factors.get(model) or factors.get(_kind_of(model)) or _Factors()
    tokens = Tokens(
        round(expected.tokens.prompt * known.prompt),
        round(expected.tokens.repeated * known.prompt),
        round(expected.tokens.completion * known.completion),
    )
    least, most = pricing(model, tokens), pricing(model, Tokens(tokens.prompt, 0, tokens.completion))
    return ModelForecast(
        model=model,
        trials=len(jobs),
        turns=expected.turns,
        calls=round(expected.calls * known.calls),
        tokens=tokens,
        measured_trials=known.trials,
        seconds=_seconds(model, len(jobs), expected) * known.seconds,
        dollars=None if least is None or most is None else (least, most),
        branch_turns=expected.branch_turns,
        compactions=expected.compactions,
        probes=expected.probes,
        basis=known.basis,
    )
