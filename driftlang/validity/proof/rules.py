"""Proofs of further rules, one file a rule.

In: nothing; this module defines. Out: `PROOF_RULES`.
"""

from collections.abc import Callable, Sequence

from driftlang.cells.forms import Cell
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Scenario
from driftlang.validity.proof.pressure_trips_pattern import check_pressure_trips_pattern
from driftlang.validity.proof.stale_evidence import check_stale_evidence

#: Rules of a scenario and its cells.
PROOF_RULES: tuple[Callable[[Scenario, Sequence[Cell], Sink], None], ...] = (
    check_pressure_trips_pattern,
    check_stale_evidence,
)
