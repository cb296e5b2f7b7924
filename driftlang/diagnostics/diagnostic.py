"""The one diagnostic type, and the sink that stages add to.

In: an id of the catalogue, a message, a span. Out: `Diagnostic`s in the order they were found.
Refuses to do: rendering (see `render.py`) and raising.
"""

from collections import Counter
from enum import Enum

from attrs import field, frozen

from driftlang.source import Span


class Severity(Enum):
    """How much a diagnostic matters: an error stops the pipeline after its stage, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@frozen
class Label:
    """A secondary place that carries the reason, such as the block that an entry belongs to."""

    span: Span
    text: str


@frozen
class Diagnostic:
    """One finding.

    Attributes:
        id: permanent kebab-case id, declared in `catalogue.py`.
        message: a lower-case sentence without full stop: what was found, what was expected; code in backticks.
        span: where.
        severity: error or warning.
        help: an action that mends it, or empty.
        labels: further places.
    """

    id: str
    message: str
    span: Span
    severity: Severity = Severity.ERROR
    help: str = ""
    labels: tuple[Label, ...] = ()


#: Findings of one severity that are kept; nobody reads more, and a hostile file could make millions.
MOST_KEPT = 1000


@frozen
class Sink:
    """Collects diagnostics of one compilation; frozen in its identity, growing in its content.

    At most `MOST_KEPT` errors and as many warnings are kept.
    """

    _found: list[Diagnostic] = field(factory=list)
    _seen: set[tuple[str, Span]] = field(factory=set, repr=False)
    _counts: Counter[Severity] = field(factory=Counter, repr=False)

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a finding; the same id at the same span is kept once."""
        key = (diagnostic.id, diagnostic.span)
        if key not in self._seen and self._counts[diagnostic.severity] < MOST_KEPT:
            self._seen.add(key)
            self._counts[diagnostic.severity] += 1
            self._found.append(diagnostic)

    def error(self, id: str, message: str, span: Span, *, help: str = "", labels: tuple[Label, ...] = ()) -> None:
        """Add an error."""
        self.add(Diagnostic(id, message, span, Severity.ERROR, help, labels))

    def warn(self, id: str, message: str, span: Span, *, help: str = "", labels: tuple[Label, ...] = ()) -> None:
        """Add a warning."""
        self.add(Diagnostic(id, message, span, Severity.WARNING, help, labels))

    @property
    def has_errors(self) -> bool:
        """Whether a later stage must not start."""
        return any(d.severity is Severity.ERROR for d in self._found)

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """All findings, by file and place."""
        return tuple(sorted(self._found, key=lambda d: (d.span.file, d.span.start, d.span.end)))
