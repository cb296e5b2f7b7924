"""Proofs of further rules, one file a rule.

In: nothing; this module defines. Out: `PROOF_RULES`.
"""

from collections.abc import Callable, Sequence

from driftlang.cells.forms import Cell
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Scenario

#: Rules of a scenario and its cells.
PROOF_RULES: tuple[Callable[[Scenario, Sequence[Cell], Sink], None], ...] = ()
