"""What an author accepts, against what there was to accept.

In: allowances, and the findings that a sink has kept apart. Out: warnings for allowances that accept nothing; each
allowance with what it accepted.
Refuses to do: telling of a finding that a later stage may yet make.
"""

from collections.abc import Sequence

from driftlang.diagnostics.catalogue import CATALOGUE
from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.model.forms import Allowance


def tell_unused(allowances: Sequence[Allowance], stage: str, sink: Sink) -> None:
    """Warn of allowances of findings of `stage` (see `Explanation.stage`), which is over, that accepted none."""
    for allowance in allowances:
        if CATALOGUE[allowance.id].stage == stage and not accepted_by(allowance, sink):
            where = f" about `{allowance.path}`" if allowance.path else ""
            sink.warn(
                "unused-allowance",
                f"nothing here has the finding `{allowance.id}`{where}, which is accepted",
                allowance.span,
                help="remove it, so that the report does not speak of a weakness that is not there",
            )


def accepted_by(allowance: Allowance, sink: Sink) -> tuple[Diagnostic, ...]:
    """The findings that the allowance accepts, by file and place."""
    return tuple(diagnostic for diagnostic in sink.accepted if allowance.acceptance.covers(diagnostic))
