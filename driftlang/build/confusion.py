"""Proof → the confusion table of a scenario, for the cell card.

In: what the proofs of a model came to, a scenario's key. Out: the table's head and rows, as texts.
Refuses to do: judging; a build with a wrong outcome is none.
"""

from attrs import frozen

from driftlang.score.forms import Outcome
from driftlang.validity.proof.forms import ConfusionRow, Proof


@frozen
class ConfusionTable:
    """Rows of kind and expectation, columns of outcomes: those that came up, then what could not be made."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def confusion_table(proof: Proof, key: str) -> tuple[ConfusionTable, ...]:
    """The table of a scenario; none where it was not proved."""
    found = next((scenario.confusion for scenario in proof.scenarios if scenario.name == key), ())
    if not found:
        return ()
    outcomes = [outcome.value for outcome in Outcome if any(outcome.value in row.outcomes for row in found)]
    return (ConfusionTable((*outcomes, "not made"), tuple(_row(row, outcomes) for row in found)),)


def _row(row: ConfusionRow, outcomes: list[str]) -> tuple[str, ...]:
    counts = (*(row.outcomes.get(outcome, 0) for outcome in outcomes), row.not_made)
    return (row.kind, row.expected, *(str(count) if count else "" for count in counts))
