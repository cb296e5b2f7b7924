"""Measures of a step that no outcome rests on: time, tokens, money, what was placed and what was asked.

In: what was gathered. Out: `TrialMeasures`, one a scored trial.
Refuses to do: a number where nobody measured it; that is `None`, so that a table can leave it empty.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import asdict, frozen

from driftlang.build.plan import PlannedScript
from driftlang.report.forms import Gathered, TrialDetail
from driftlang.report.kept_details import KeptDetails
from driftlang.run.injections import is_placed
from driftlang.run.line import branch_name
from driftlang.run.records import StepRecord, TrialRecord, TrialResult

#: The version of what is kept; raised with the forms below.
_KIND = "measures 2"


@frozen
class StepMeasures:
    """One step.

    Attributes:
        arm, fork, position: its branch and its place, as in `StepRow`.
        started: seconds since the epoch, UTC.
        seconds: wall time of the turn; `waited` is what of it the provider had the agent wait.
        model_calls: calls that the turn made, with all that they used.
        dollars: nothing where it is not known of every call.
        placed: messages that were placed before it.
        first_edit: which of its calls made the first edit, from 1; 0 where none did.
        error: what failed; empty otherwise.
    """

    arm: str
    fork: int
    position: int
    started: float
    seconds: float
    waited: float
    model_calls: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    dollars: float | None
    placed: int
    first_edit: int
    error: str


@frozen
class TrialMeasures:
    """One trial; `steps` are those that were begun, the trial's own first."""

    trial: str
    seed: int
    status: str
    attempts: int
    sandbox: str
    opencode: str
    steps: tuple[StepMeasures, ...]


def measures_of(gathered: Gathered) -> tuple[TrialMeasures, ...]:
    """The measures of each scored trial, in the order of `gathered.trials`; `gathered` is to be with evidence."""
    details = gathered.details
    if isinstance(details, KeptDetails):
        return tuple(map(_load, details.made_of_results(_KIND, _dump)))
    return tuple(map(_of_detail, details))


def _dump(result: TrialResult, script: PlannedScript) -> bytes:
    record = result.record
    lines = {branch_name(branch, script): branch for branch in script.branches}
    steps = list(_steps("", 0, record.steps))
    for played in result.branches:
        branch = lines.get(played.arm)
        if branch is not None:
            steps += _steps(branch.arm, branch.position, played.steps)
    return json.dumps(asdict(_trial(record, script.seed, tuple(steps)))).encode()


def _trial(record: TrialRecord, seed: int, steps: tuple[StepMeasures, ...]) -> TrialMeasures:
    return TrialMeasures(record.trial, seed, record.status, record.attempts, record.sandbox, record.opencode, steps)


def _steps(arm: str, fork: int, records: Iterable[StepRecord]) -> Iterator[StepMeasures]:
    for one in records:
        yield StepMeasures(
            arm=arm,
            fork=fork,
            position=one.position,
            started=one.started,
            seconds=one.seconds,
            waited=one.waited,
            model_calls=one.model_calls,
            prompt_tokens=one.prompt_tokens,
            completion_tokens=one.completion_tokens,
            cached_tokens=one.cached_tokens,
            reasoning_tokens=one.reasoning_tokens,
            dollars=None if one.dollars is None else float(one.dollars),
            placed=sum(map(is_placed, one.injected)),
            first_edit=one.exposure.context.first_edit,
            error=one.error,
        )


def _load(content: bytes) -> TrialMeasures:
    stated: dict[str, Any] = json.loads(content)
    return TrialMeasures(**(stated | {"steps": tuple(StepMeasures(**step) for step in stated["steps"])}))


def _of_detail(detail: TrialDetail) -> TrialMeasures:
    """What a trial that is in no journal tells."""
    steps = (
        StepMeasures(
            arm="",
            fork=0,
            position=step.outcome.position,
            started=detail.started,
            seconds=step.seconds,
            waited=0.0,
            model_calls=step.model_calls,
            prompt_tokens=step.prompt_tokens,
            completion_tokens=step.completion_tokens,
            cached_tokens=0,
            reasoning_tokens=0,
            dollars=None,
            placed=sum(is_placed(went) for _, went in step.injections),
            first_edit=step.exposure.context.first_edit,
            error="",
        )
        for step in detail.steps
    )
    return TrialMeasures(detail.trial, detail.seed, detail.status, detail.attempts, "", "", tuple(steps))
