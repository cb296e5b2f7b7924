"""Diagnostics → workflow commands, which GitHub shows beside the lines of a change.

In: diagnostics and the files they speak of. Out: a string, one `::error ...::message` a line.
Refuses to do: labels; an annotation has one place.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Sequence

from driftlang.diagnostics.diagnostic import Diagnostic
from driftlang.diagnostics.paths import shown_path
from driftlang.source import Sources


def render_github(found: Sequence[Diagnostic], sources: Sources) -> str:
    """One command for each diagnostic; its title is the id, its message is message and help."""
    return "".join(_command(diagnostic, sources) for diagnostic in found)


def _command(diagnostic: Diagnostic, sources: Sources) -> str:
    source = sources[diagnostic.span.file]
    line, column = source.position(diagnostic.span.start)
    end_line, end_column = source.position(diagnostic.span.end)
    properties: dict[str, str | int] = {"file": shown_path(source.path), "line": line}
    # An annotation over several lines must have no columns: GitHub would drop it.
    properties |= {"col": column} if line == end_line else {}
    properties |= {"endLine": end_line}
    properties |= {"endColumn": end_column} if line == end_line else {}
    properties |= {"title": f"driftlang {diagnostic.id}"}
    told = ",".join(f"{name}={_escape_property(str(value))}" for name, value in properties.items())
    message = diagnostic.message + (f"\nhelp: {diagnostic.help}" if diagnostic.help else "")
    return f"::{diagnostic.severity.value} {told}::{_escape(message)}\n"


def _escape(text: str) -> str:
    """The text on one line; `%` first, since it begins what the others become."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    """The text as a property, which ends at a comma or colon."""
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
