"""Diagnostics → text, in the form that its reader wants.

In: diagnostics and the files they speak of. Out: a string.
Refuses to do: sorting or filtering; what is given is shown.
"""

from collections.abc import Sequence
from typing import Literal

from driftlang.diagnostics.diagnostic import Diagnostic
from driftlang.source import Sources

Form = Literal["full", "concise", "json", "sarif", "github"]
#: The forms, the one that a person at a terminal wants first.
FORMS: tuple[Form, ...] = ("full", "concise", "json", "sarif", "github")
#: The forms that are one document, which is there even where nothing was found.
DOCUMENTS: frozenset[Form] = frozenset({"json", "sarif"})


def render(found: Sequence[Diagnostic], sources: Sources, form: Form, color: bool) -> str:
    """The diagnostics in a form; `color` counts for `full` alone. Each form's module is loaded when it is asked for."""
    match form:
        case "full":
            from driftlang.diagnostics.full import render_full

            return render_full(found, sources, color)
        case "concise":
            from driftlang.diagnostics.concise import render_concise

            return render_concise(found, sources)
        case "json":
            from driftlang.diagnostics.json_report import render_json

            return render_json(found, sources)
        case "sarif":
            from driftlang.diagnostics.sarif import render_sarif

            return render_sarif(found, sources)
        case "github":
            from driftlang.diagnostics.github import render_github

            return render_github(found, sources)
