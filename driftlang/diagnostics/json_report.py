"""Diagnostics → JSON for programs.

In: diagnostics and the files they speak of. Out: a string.
Refuses to do: sorting or filtering; what is given is shown.
"""

import json
from collections.abc import Sequence

from driftlang.diagnostics.diagnostic import Diagnostic, Severity
from driftlang.source import Sources, Span


def render_json(found: Sequence[Diagnostic], sources: Sources) -> str:
    """A JSON object: `diagnostics`, each with file, lines and columns from 1 (in code points, the end exclusive)."""
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in found)
    report = {
        "diagnostics": [_as_json(diagnostic, sources) for diagnostic in found],
        "errors": errors,
        "warnings": len(found) - errors,
    }
    return json.dumps(report, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _as_json(diagnostic: Diagnostic, sources: Sources) -> dict[str, object]:
    return {
        "id": diagnostic.id,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        **_place(diagnostic.span, sources),
        "labels": [{"text": label.text, **_place(label.span, sources)} for label in diagnostic.labels],
    }


def _place(span: Span, sources: Sources) -> dict[str, object]:
    source = sources[span.file]
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    return {"path": source.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}
