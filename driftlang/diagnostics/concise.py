"""Diagnostics → one line each, `path:line:column: error[id] message`, as editors and `grep` take it.

In: diagnostics and the files they speak of. Out: a string.
Refuses to do: labels, help and a count of what is found; those are for `full`.
"""

from collections.abc import Sequence

from driftlang.diagnostics.diagnostic import Diagnostic
from driftlang.diagnostics.full import printable
from driftlang.source import Sources


def render_concise(found: Sequence[Diagnostic], sources: Sources) -> str:
    """One line for each diagnostic; line and column count from 1, the column in code points."""
    return "".join(_line(diagnostic, sources) for diagnostic in found)


def _line(diagnostic: Diagnostic, sources: Sources) -> str:
    source = sources[diagnostic.span.file]
    line, column = source.position(diagnostic.span.start)
    # `printable` also takes line ends: whatever a message quotes, it stays on its line.
    place = f"{printable(source.path)}:{line}:{column}"
    return f"{place}: {diagnostic.severity.value}[{diagnostic.id}] {printable(diagnostic.message)}\n"
