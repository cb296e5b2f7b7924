"""What a run has come to: its trials and attempts, what they cost, and who made them.

In: a run's folder, also while a run goes on. Out: `Overview`, and `Happening`s, one a record.
Refuses to do: outcomes, which are scored elsewhere; and money where a call's price is not known.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from attrs import field, frozen

from driftlang.build.plan import Plan
from driftlang.build.plan_toml import read_plan
from driftlang.run.chain import Head
from driftlang.run.folder import PLAN_FOLDER, is_held
from driftlang.run.reading import read_stamps
from driftlang.run.records import RunnerStamp
from driftlang.run.schema import BEGUN, CUT, ENDED, PLAN, STEP, reading

#: What a reason begins with that says where it happened.
_WHERE = re.compile(r"^step \d+ \([^)]*\)( of the branch \S+)?: ")
#: Statuses of trials, in the order in which they are shown.
STATUSES = ("finished", "error", "running", "pending")


@frozen
class ModelShare:
    """What one model has done and cost, in all attempts.

    Attributes:
        trials: number of its trials by status.
        calls, prompt_tokens, completion_tokens: of all its model calls.
        dollars: what is known of their cost; nothing where no call has a price.
        unpriced: calls without one.
        seconds: wall time of its attempts that ended.
    """

    model: str
    trials: Mapping[str, int]
    calls: int
    prompt_tokens: int
    completion_tokens: int
    dollars: Decimal | None
    unpriced: int
    seconds: float


@frozen
class FailureGroup:
    """Attempts that ended for one reason."""

    reason: str
    attempts: int
    trials: int


@frozen
class RunnerShare:
    """A runner, or several alike, and how many attempts it began."""

    stamp: RunnerStamp
    attempts: int


@frozen
class Retried:
    """A trial that took more than one attempt: how each ended, in order (`finished`, `cut` or the reason)."""

    trial: str
    attempts: tuple[str, ...]


@frozen
class Overview:
    """A run.

    Attributes:
        is_held: whether a runner is at work.
        trials, attempts: numbers by status; an attempt may also be `cut`.
        began, last: seconds since the epoch, UTC, of the first attempt and the last record with a time; 0 without any.
        plans: digests of the plans that it had, the present one last.
    """

    folder: Path
    study: str
    is_held: bool
    trials: Mapping[str, int]
    attempts: Mapping[str, int]
    retried: tuple[Retried, ...]
    failures: tuple[FailureGroup, ...]
    models: tuple[ModelShare, ...]
    runners: tuple[RunnerShare, ...]
    began: float
    last: float
    plans: tuple[str, ...]
    source_digest: str
    records: int
    head: Head


_ATTEMPTS = "SELECT trial, attempt, status, reason, started, seconds, runner FROM attempts ORDER BY trial, attempt"


def overview(run_folder: Path) -> Overview:
    """What the run in `run_folder` has come to.

    Raises:
        Failure: there is no run, or it is damaged.
    """
    held = is_held(run_folder)
    with reading(run_folder) as connection:
        connection.execute("BEGIN")  # all of it as of one moment
        plan = read_plan(run_folder / PLAN_FOLDER)
        trials = connection.execute("SELECT trial, status FROM trials").fetchall()
        attempts = connection.execute(_ATTEMPTS).fetchall()
        head = connection.execute("SELECT number, digest FROM records ORDER BY number DESC LIMIT 1").fetchone()
        return Overview(
            folder=run_folder,
            study=plan.study.name,
            is_held=held,
            trials=_by_status(row["status"] for row in trials),
            attempts=dict(Counter(row["status"] for row in attempts)),
            retried=_retried(attempts),
            failures=_failures(attempts),
            models=model_shares(connection, {trial.id: trial.model for trial in plan.trials}),
            runners=runner_shares(connection),
            began=min((row["started"] for row in attempts), default=0.0),
            last=_last(connection),
            plans=_plans(connection),
            source_digest=plan.source_digest,
            records=head["number"] if head else 0,
            head=Head(*head) if head else Head(),
        )


def _by_status(statuses: Iterator[str]) -> dict[str, int]:
    counts = Counter(statuses)
    return {status: counts[status] for status in STATUSES}


def _retried(attempts: list[sqlite3.Row]) -> tuple[Retried, ...]:
    endings: dict[str, list[str]] = {}
    for row in attempts:
        endings.setdefault(row["trial"], []).append(row["reason"] or row["status"])
    return tuple(Retried(trial, tuple(ended)) for trial, ended in endings.items() if len(ended) > 1)


def _failures(attempts: list[sqlite3.Row]) -> tuple[FailureGroup, ...]:
    groups: dict[str, list[str]] = {}
    for row in attempts:
        if row["reason"]:
            groups.setdefault(_WHERE.sub("", row["reason"]), []).append(row["trial"])
    found = (FailureGroup(reason, len(trials), len(set(trials))) for reason, trials in groups.items())
    return tuple(sorted(found, key=lambda group: (-group.attempts, group.reason)))


@frozen
class _Calls:
    """Sums over the model calls of one model."""

    count: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prices: list[str] = field(factory=list)


def model_shares(connection: sqlite3.Connection, models: Mapping[str, str]) -> tuple[ModelShare, ...]:
    """What each model has done, in the order of `models`, which gives that of each trial."""
    trials = connection.execute("SELECT trial, status FROM trials").fetchall()
    seconds: Counter[str] = Counter()
    for row in connection.execute(_ATTEMPTS):
        seconds[models.get(row["trial"], "")] += row["seconds"]
    calls = _calls(connection, models)
    return tuple(
        ModelShare(
            model=model,
            trials=_by_status(row["status"] for row in trials if models.get(row["trial"]) == model),
            calls=sums.count,
            prompt_tokens=sums.prompt_tokens,
            completion_tokens=sums.completion_tokens,
            dollars=sum(map(Decimal, sums.prices), Decimal(0)) if sums.prices else None,
            unpriced=sums.count - len(sums.prices),
            seconds=seconds[model],
        )
        for model in dict.fromkeys(models.values())
        for sums in (calls.get(model, _Calls()),)
    )


def _calls(connection: sqlite3.Connection, models: Mapping[str, str]) -> dict[str, _Calls]:
    query = (
        "SELECT trial, count(*) AS count, sum(json_extract(record, '$.prompt_tokens')) AS prompt, "
        "sum(json_extract(record, '$.completion_tokens')) AS completion, "
        "json_group_array(json_extract(record, '$.dollars')) AS dollars FROM exchanges GROUP BY trial"
    )
    found: dict[str, _Calls] = {}
    for row in connection.execute(query):
        model = models.get(row["trial"], "")
        former = found.get(model, _Calls())
        former.prices.extend(str(price) for price in json.loads(row["dollars"]) if price is not None)
        found[model] = _Calls(
            former.count + row["count"],
            former.prompt_tokens + row["prompt"],
            former.completion_tokens + row["completion"],
            former.prices,
        )
    return found


def runner_shares(connection: sqlite3.Connection) -> tuple[RunnerShare, ...]:
    """Who made the attempts."""
    stamps = read_stamps(connection)
    counts = Counter(stamps.get(row["runner"], RunnerStamp()) for row in connection.execute(_ATTEMPTS))
    return tuple(RunnerShare(stamp, count) for stamp, count in counts.items())


def _plans(connection: sqlite3.Connection) -> tuple[str, ...]:
    query = "SELECT json_extract(content, '$.digest') FROM records WHERE trial = '' AND attempt = 0 AND kind = ?"
    return tuple(digest for (digest,) in connection.execute(query + " ORDER BY position", (PLAN,)))


def _last(connection: sqlite3.Connection) -> float:
    """When the last step ended or the last attempt began, by the clocks of the time."""
    query = (
        "SELECT max(coalesce(json_extract(content, '$.record.started') + json_extract(content, '$.record.seconds'), "
        "json_extract(content, '$.started'))) FROM records WHERE kind IN (?, ?)"
    )
    return float(connection.execute(query, (STEP, BEGUN)).fetchone()[0] or 0.0)


@frozen
class Happening:
    """A record in words.

    Attributes:
        number: the record's.
        kind: one of those of `schema.py`.
        model, script: of its trial; empty for records about the run.
        told: what happened.
    """

    number: int
    kind: str
    trial: str
    attempt: int
    model: str
    script: str
    told: str


def happenings(connection: sqlite3.Connection, plan: Plan, behind: int) -> Iterator[Happening]:
    """What the records behind number `behind` tell, in order, but that of a repository at its start."""
    trials = {trial.id: trial for trial in plan.trials}
    query = (
        "SELECT number, kind, trial, attempt, branch, position, content FROM records WHERE number > ? ORDER BY number"
    )
    for row in connection.execute(query, (behind,)).fetchall():
        told = _tell(row, json.loads(row["content"]))
        if told:
            planned = trials.get(row["trial"])
            model, script = (planned.model, planned.script) if planned else ("", "")
            yield Happening(row["number"], row["kind"], row["trial"], row["attempt"], model, script, told)


def _tell(row: sqlite3.Row, content: Mapping[str, object]) -> str:
    kind = row["kind"]
    if kind == STEP:
        step = content["record"]
        assert isinstance(step, dict)  # noqa: S101 - the form of a step's record
        branch = f" of the branch {row['branch']}" if row["branch"] else ""
        error = f": {step['error']}" if step["error"] else ""
        calls = f"{step['model_calls']} calls, {step['seconds']:.1f} s"
        return f"step {row['position']} ({step['step']}){branch}, {calls}{error}"
    if kind == ENDED:
        return f"error: {content['reason']}" if content["reason"] else f"finished, {content['seconds']:.1f} s"
    words = {
        PLAN: "the plan was noted",
        "opened": "a runner began",
        "closed": "the runner ended in order",
        "lost": "records were lost",
        BEGUN: "an attempt began",
        CUT: "cut off: what it left was removed",
    }
    return words.get(kind, "")
