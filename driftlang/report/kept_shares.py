"""What models cost and what runners were, in a run as far as it has come.

In: a run's folder. Out: `ModelShare`s and `RunnerShare`s as `run.overview` has them, kept in the run's store under the
digest of the journal's last record, from which they follow.
Refuses to do: counting anything itself.
"""

import json
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from driftlang.report.kept_store import KeptStore
from driftlang.run.overview import ModelShare, RunnerShare, overview
from driftlang.run.records import RunnerStamp

#: The version of what is kept; raised with the forms.
_KIND = "shares 1"


@frozen
class RunShares:
    """Shares of models, and of runners."""

    models: tuple[ModelShare, ...]
    runners: tuple[RunnerShare, ...]


def read_shares(run: Path, store: KeptStore, last: str, plan_digest: str) -> RunShares:
    """The shares of a run.

    Args:
        run: its folder.
        store: its store.
        last: the digest of the journal's last record.
        plan_digest: that of its plan, which says what model a trial is of.

    Raises:
        Failure: there is no journal or no plan, or one is damaged.
    """
    key = sha256(f"{last}\n{plan_digest}".encode()).hexdigest()
    stored = store.find(_KIND).get(key)
    if stored is not None:
        try:
            return _loaded(json.loads(stored))
        except (ValueError, TypeError, KeyError, ArithmeticError):
            pass  # of another shape: counted anew
    seen = overview(run)
    shares = RunShares(seen.models, seen.runners)
    store.drop(_KIND, frozenset())
    store.keep(_KIND, {key: json.dumps(asdict(shares), default=str).encode()})
    return shares


def _loaded(stated: Any) -> RunShares:  # noqa: ANN401 - as JSON gives it
    models = (
        ModelShare(**(one | {"dollars": None if one["dollars"] is None else Decimal(one["dollars"])}))
        for one in stated["models"]
    )
    runners = (RunnerShare(RunnerStamp(**one["stamp"]), one["attempts"]) for one in stated["runners"])
    return RunShares(tuple(models), tuple(runners))
