"""Files → checked model: what a file declares, held against the rules of the design.

In: the path of a file. Out: `Model`, and diagnostics.
Refuses to do: judging the design of a file with an error in it: what a declaration seems to lack may stand on the line
that has the error.
"""

from collections.abc import Sequence
from pathlib import Path

from driftlang.diagnostics.diagnostic import Diagnostic, Severity, Sink
from driftlang.model.forms import Model
from driftlang.model.load import load_model
from driftlang.source import Sources
from driftlang.validity.check import check_design


def load_checked(path: Path, sources: Sources, sink: Sink) -> Model | None:
    """The model of a file as `load_model` gives it, its design checked.

    What was found of other files before is no reason to pass over this one.

    Raises:
        Failure: the file cannot be read as text (status `MISUSE`).
    """
    first = len(sources)
    model = load_model(path, sources, sink)
    is_broken = any(one.span.file >= first and one.severity is Severity.ERROR for one in sink.found)
    if model is None or is_broken:
        return model
    check_design(model, sink)
    if model.allowances:
        from driftlang.validity.allowances import tell_unused

        tell_unused(model, sink, is_proved=False)
    return model


def can_prove(sink: Sink, earlier: Sequence[Diagnostic] = ()) -> bool:
    """Whether nothing worse was found, beside what was `earlier`, than of a design that leaves something to be desired.

    What must render, inject and score can be told then, so that an author sees it in the same pass.
    """
    if not sink.has_errors:
        return True
    from driftlang.diagnostics.catalogue import ACCEPTABLE

    known = frozenset(earlier)
    errors = (one for one in sink.found if one.severity is Severity.ERROR and one not in known)
    return all(one.id in ACCEPTABLE for one in errors)
