"""What an author accepts, against what there was to accept.

In: allowances, and the findings that a sink has kept apart. Out: warnings for allowances that accept nothing; each
allowance with what it accepted.
Refuses to do: telling of a finding that a later stage may yet make.
"""

from collections.abc import Iterator

from driftlang.diagnostics.catalogue import CATALOGUE
from driftlang.diagnostics.diagnostic import Diagnostic, Label, Sink
from driftlang.model.forms import Allowance, Model
from driftlang.source import Span


def tell_unused(model: Model, sink: Sink, *, is_proved: bool) -> None:
    """Warn of allowances that accepted nothing, in the file that was asked for: its imports may serve others as well.

    Args:
        model: what the file declares; of one without scenarios nothing is told, since most rules need one.
        sink: what was found, and gets the warnings.
        is_proved: whether the proofs are over, whose allowances are told of then; before, those of the design are.
    """
    if not model.scenarios:
        return
    # A file is read before what it imports.
    asked_for = min(span.file for span in _spans(model))
    for allowance in model.allowances:
        is_of_proof = CATALOGUE[allowance.id].stage != "check"
        if allowance.span.file == asked_for and is_of_proof is is_proved and not accepted_by(allowance, sink):
            where = f" about `{allowance.path}`" if allowance.path else ""
            sink.warn(
                "unused-allowance",
                f"nothing here has the finding `{allowance.id}`{where}, which is accepted",
                allowance.span,
                help=_action(allowance, sink),
                labels=tuple(
                    Label(one.span, "this one is not within the block") for one in _elsewhere(allowance, sink)
                ),
            )


def _elsewhere(allowance: Allowance, sink: Sink) -> tuple[Diagnostic, ...]:
    """The first finding of the id that the allowance does not reach, if there is one."""
    return tuple(one for one in sink.found if one.id == allowance.id)[:1]


def _action(allowance: Allowance, sink: Sink) -> str:
    if _elsewhere(allowance, sink):
        return "move it into the block that the finding points at"
    return "remove it, so that the report does not speak of a weakness that is not there"


def _spans(model: Model) -> Iterator[Span]:
    yield from (allowance.span for allowance in model.allowances)
    yield from (scenario.span for scenario in model.scenarios)
    yield from (study.span for study in model.studies)


def accepted_by(allowance: Allowance, sink: Sink) -> tuple[Diagnostic, ...]:
    """The findings that the allowance accepts, by file and place."""
    return tuple(diagnostic for diagnostic in sink.accepted if allowance.acceptance.covers(diagnostic))
