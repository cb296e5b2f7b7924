"""What a run will take: trials, turns, tokens, money and time, before anything is run.

In: jobs, the share of trials at a time, prices, and what a run of the same plan has measured so far. Out: a `Forecast`.
Refuses to do: passing an estimate off as a measurement: every line says which it is, and money is a pair of bounds.

How tokens are estimated: OpenCode sends the whole history with every call. So a call's prompt is the harness's own text
(its prompt and tools), the instructions, the messages so far, and what each call before it has added. A session that is
fresh begins anew at each turn.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, islice
from pathlib import Path

from attrs import field, frozen

from driftlang.build.plan import Plan
from driftlang.cells.forms import Turn
from driftlang.gateway.prices import FREE
from driftlang.gateway.usage import Usage
from driftlang.run.reading import read_results
from driftlang.run.records import TrialRecord
from driftlang.run.schema import JOURNAL_FILE, connect_reader, explained
from driftlang.run.selection import Job
from driftlang.run.services import Services
from driftlang.run.upstreams import is_simulated

#: Tokens of the prompt and the tools that OpenCode 1.18 sends with every call, measured, by harness.
_BASE_TOKENS = {"native": 6100, "neutral": 3900}
#: Model calls in a turn: one reads, one writes, one reports. Measured: 2 to 4.
_TURN_CALLS = 3
#: Tokens that a call adds to the history (what it says and what its tool answers), and those of them that it writes.
_CALL_TOKENS = 700
_WRITTEN_TOKENS = 250
#: Bytes of English or code for a token.
_TOKEN_BYTES = 4
#: Seconds of a model call and of a trial's start and end. The first is a guess; simulated models answer at once.
_CALL_SECONDS = {"sim": 0.1}
_USUAL_CALL_SECONDS = 6.0
_TRIAL_SECONDS = 5.0
#: How many finished trials are read at most; more would hardly change a mean.
_READ_TRIALS = 200


@frozen
class Tokens:
    """Tokens of model calls.

    Attributes:
        prompt: sent, all calls together.
        repeated: those of them that a call before had sent already, which a provider may read from its cache.
        completion: written.
    """

    prompt: int = 0
    repeated: int = 0
    completion: int = 0


#: Dollars for tokens of a model, those that are repeated read from the provider's cache; nothing without a price.
Pricing = Callable[[str, Tokens], Decimal | None]


@frozen
class Measured:
    """What finished trials of a model took, as means.

    Attributes:
        trials: how many.
        turns: turns of a trial.
        calls, prompt, completion: of a turn.
        seconds: of a trial.
    """

    trials: int
    turns: float
    calls: float
    prompt: float
    completion: float
    seconds: float


@frozen
class ModelForecast:
    """What the trials of a model will take.

    Attributes:
        measured_trials: how many finished trials the figures rest on; 0 says that they are estimated.
        dollars: with all of the repeated tokens read from a cache, and with none; nothing without a price.
        seconds: of all trials, one after the other.
    """

    model: str
    trials: int
    turns: int
    calls: int
    tokens: Tokens
    measured_trials: int
    seconds: float
    dollars: tuple[Decimal, Decimal] | None = None


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
    statuses = _statuses(run_folder)
    left = [job for job in chosen if statuses.get(job.trial.id) != "finished"]
    measured = _measured(plan, run_folder) if "finished" in statuses.values() else {}
    models = dict.fromkeys(job.trial.model for job in chosen)
    by_model = {model: [job for job in left if job.trial.model == model] for model in models}
    lines = tuple(_of_model(plan, model, wanted, measured, pricing) for model, wanted in by_model.items() if wanted)
    return Forecast(len(chosen), len(chosen) - len(left), max(1, min(jobs, len(left) or 1)), lines)


def _statuses(run_folder: Path) -> dict[str, str]:
    """Status by trial; none where there is no run."""
    path = run_folder / JOURNAL_FILE
    if not path.is_file():
        return {}
    connection = connect_reader(path)
    try:
        with explained(path):
            return {row["trial"]: row["status"] for row in connection.execute("SELECT trial, status FROM trials")}
    finally:
        connection.close()


def _measured(plan: Plan, run_folder: Path) -> dict[str, Measured]:
    """What finished trials took, by model."""
    models = {trial.id: trial.model for trial in plan.trials}
    finished = (found.record for found in read_results(run_folder) if found.record.status == "finished")
    records = sorted(islice(finished, _READ_TRIALS), key=lambda record: models.get(record.trial, ""))
    grouped = groupby(records, key=lambda record: models.get(record.trial, ""))
    return {model: _means(list(of_model)) for model, of_model in grouped}


def _means(records: Sequence[TrialRecord]) -> Measured:
    steps = [step for record in records for step in record.steps]
    turns = max(1, len(steps))
    return Measured(
        trials=len(records),
        turns=turns / len(records),
        calls=sum(step.model_calls for step in steps) / turns,
        prompt=sum(step.prompt_tokens for step in steps) / turns,
        completion=sum(step.completion_tokens for step in steps) / turns,
        seconds=sum(record.seconds for record in records) / len(records),
    )


def _of_model(
    plan: Plan, model: str, jobs: Sequence[Job], measured: Mapping[str, Measured], pricing: Pricing
) -> ModelForecast:
    estimates = [_estimate(plan, job) for job in jobs]
    turns = sum(one.turns for one in estimates)
    calls = sum(one.calls for one in estimates)
    tokens = _sum(one.tokens for one in estimates)
    provider = model.partition("/")[0]
    seconds = _TRIAL_SECONDS * len(jobs) + _CALL_SECONDS.get(provider, _USUAL_CALL_SECONDS) * calls
    known = measured.get(model)
    if known is not None:
        # What was measured takes the estimate's place; what share of it repeats is the estimate's still.
        share = tokens.repeated / max(1, tokens.prompt)
        prompt = round(known.prompt * turns)
        tokens = Tokens(prompt, round(prompt * share), round(known.completion * turns))
        calls = round(known.calls * turns)
        seconds = known.seconds * turns / max(1.0, known.turns)
    least, most = pricing(model, tokens), pricing(model, Tokens(tokens.prompt, 0, tokens.completion))
    return ModelForecast(
        model=model,
        trials=len(jobs),
        turns=turns,
        calls=calls,
        tokens=tokens,
        measured_trials=known.trials if known else 0,
        seconds=seconds,
        dollars=None if least is None or most is None else (least, most),
    )


@frozen
class _Estimate:
    turns: int
    calls: int
    tokens: Tokens


def _estimate(plan: Plan, job: Job) -> _Estimate:
    """A trial's turns, and those of its branches, each of which goes on from the history at its fork."""
    base = _BASE_TOKENS[plan.harness_of(job.cell)] + len(job.cell.instructions.encode()) // _TOKEN_BYTES
    is_fresh = job.cell.session == "fresh"
    turns = job.script.turns
    lines = [(0, turns), *((branch.position - 1, branch.turns) for branch in job.script.branches)]
    tokens = _sum(_line_tokens(base, turns[:former], line, is_fresh=is_fresh) for former, line in lines)
    count = sum(len(line) for _, line in lines)
    return _Estimate(count, count * _TURN_CALLS, tokens)


def _line_tokens(base: int, former: Sequence[Turn], line: Sequence[Turn], *, is_fresh: bool) -> Tokens:
    """Tokens of turns that follow `former` ones."""
    history = base + sum(_said(turn) + _TURN_CALLS * _CALL_TOKENS for turn in former)
    sent = prompt = repeated = 0
    for turn in line:
        if is_fresh:
            history = base
        history += _said(turn)
        for _ in range(_TURN_CALLS):
            prompt += history
            repeated += min(sent, history)
            sent = history
            history += _CALL_TOKENS
    return Tokens(prompt, repeated, len(line) * _TURN_CALLS * _WRITTEN_TOKENS)


def _said(turn: Turn) -> int:
    return len(turn.text.encode()) // _TOKEN_BYTES


def _sum(all_tokens: Iterable[Tokens]) -> Tokens:
    prompt = repeated = completion = 0
    for one in all_tokens:
        prompt += one.prompt
        repeated += one.repeated
        completion += one.completion
    return Tokens(prompt, repeated, completion)
