"""Where the trials of a run stand, from its store where nothing was added to its journal since.

In: a run's folder. Out: `TrialStatus`es.
Refuses to do: believing the store when the journal has another last record.
"""

import json
from pathlib import Path

from driftlang.report.kept_store import KeptStore
from driftlang.run.statuses import TrialStatus, read_statuses

#: The version of what is kept; raised with the form.
_KIND = "statuses 1"
_FIELDS = ("trial", "status", "reason", "attempts", "started", "seconds", "sandbox", "digest")


def kept_statuses(run: Path, store: KeptStore, last: str) -> tuple[TrialStatus, ...]:
    """The status of every trial; `last` is the digest of the journal's last record.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    stored = store.find(_KIND).get(last)
    if stored is not None:
        try:
            return tuple(TrialStatus(*one) for one in json.loads(stored))
        except (ValueError, TypeError):
            pass  # of another shape: read anew
    statuses = read_statuses(run)
    if last:
        store.drop(_KIND, frozenset())
        store.keep(_KIND, {last: _dumped(statuses)})
    return statuses


def _dumped(statuses: tuple[TrialStatus, ...]) -> bytes:
    return json.dumps([[getattr(one, name) for name in _FIELDS] for one in statuses]).encode()
