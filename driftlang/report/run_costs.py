"""What a run has cost and who made it, read once for each state of its journal.

In: a run's folder, its store, and the model of each trial. Out: `RunCosts`.
Refuses to do: reading the plan, which takes longer than all else.
"""

import json
import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from attrs import asdict, frozen

from driftlang.report.kept_store import KeptStore
from driftlang.run.overview import ModelShare, RunnerShare, model_shares, runner_shares
from driftlang.run.records import RunnerStamp
from driftlang.run.schema import reading

#: The version of what is kept; raised with the forms below.
_KIND = "costs 1"


@frozen
class RunCosts:
    """What each model has done and cost, and who made the attempts."""

    models: tuple[ModelShare, ...] = ()
    runners: tuple[RunnerShare, ...] = ()


def read_costs(run: Path, store: KeptStore, models: Mapping[str, str]) -> RunCosts:
    """The costs of the run in `run`; `models` gives that of each trial, in the order in which they are to be told.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    with reading(run) as connection:
        key = _key(connection, models)
        stored = store.find(_KIND).get(key)
        if stored is not None:
            try:
                return _loaded(json.loads(stored))
            except (ValueError, TypeError, KeyError):
                pass  # of another shape: made anew
        found = RunCosts(model_shares(connection, models), runner_shares(connection))
    store.keep(_KIND, {key: json.dumps(asdict(found), default=str).encode()})
    return found


def _key(connection: sqlite3.Connection, models: Mapping[str, str]) -> str:
    """The journal's last record and its number of calls, which may come before their step is recorded."""
    head = connection.execute("SELECT number, digest FROM records ORDER BY number DESC LIMIT 1").fetchone()
    calls = connection.execute("SELECT count(*) FROM exchanges").fetchone()
    stated = repr((tuple(head or ()), tuple(calls), list(models.items())))
    return sha256(stated.encode()).hexdigest()


def _loaded(stated: Mapping[str, list[dict[str, object]]]) -> RunCosts:
    models = (
        ModelShare(**(one | {"dollars": None if one["dollars"] is None else Decimal(str(one["dollars"]))}))  # type: ignore[arg-type]  # as they were written
        for one in stated["models"]
    )
    runners = (
        RunnerShare(RunnerStamp(**one["stamp"]), int(str(one["attempts"])))  # type: ignore[arg-type]  # as above
        for one in stated["runners"]
    )
    return RunCosts(tuple(models), tuple(runners))
