"""Which steps of a run are judged.

In: a run's folder. Out: a `Sample`: keys of steps of finished trials, all of them or a number drawn by chance.
Refuses to do: drawing by outcome, which would bias every rate that is made of the labels. The draw follows from the
steps alone, so that a larger sample holds the smaller one.
"""

from hashlib import sha256
from pathlib import Path

from attrs import frozen

from driftlang.judge.forms import StepKey
from driftlang.run.schema import reading

_FINISHED = """
SELECT records.trial, records.branch, records.position
FROM records JOIN trials ON trials.trial = records.trial AND trials.attempts = records.attempt
WHERE trials.status = 'finished' AND records.kind = 'step'
"""


@frozen
class Sample:
    """The steps that are judged."""

    keys: frozenset[StepKey]

    def __contains__(self, key: object) -> bool:
        return key in self.keys

    def __len__(self) -> int:
        return len(self.keys)


def every_step(run_folder: Path) -> Sample:
    """Every step of the finished trials of a run."""
    with reading(run_folder) as connection:
        rows = connection.execute(_FINISHED).fetchall()
    return Sample(frozenset(StepKey(row["trial"], row["branch"], row["position"]) for row in rows))


def draw_steps(run_folder: Path, number: int) -> Sample:
    """`number` of those steps, each as likely as any other."""
    return Sample(frozenset(sorted(every_step(run_folder).keys, key=_rank)[:number]))


def _rank(key: StepKey) -> str:
    return sha256(f"{key.trial}/{key.branch}/{key.position}".encode()).hexdigest()
