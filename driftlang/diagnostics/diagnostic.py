"""The one diagnostic type, and the sink that stages add to.

In: an id of the catalogue, a message, a span. Out: `Diagnostic`s in the order they were found.
Refuses to do: rendering (see `render.py`) and raising.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from enum import Enum

from attrs import field

from driftlang.record import frozen
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
        path: the file of a repository that it is about, or empty.
        blocks: further blocks that it is about, in each of which it may be accepted as well as where it is.
    """

    id: str
    message: str
    span: Span
    severity: Severity = Severity.ERROR
    help: str = ""
    labels: tuple[Label, ...] = ()
    path: str = ""
    blocks: tuple[Span, ...] = ()


@frozen
class Acceptance:
    """Findings that the author accepts: of one id, within a span, about some paths of a repository where it says so.

    Attributes:
        is_about: whether a path is one of them; of none, every finding is.
    """

    id: str
    within: Span
    is_about: Callable[[str], bool] | None = None

    def covers(self, diagnostic: Diagnostic) -> bool:
        """Whether the finding is one of those."""
        return (
            diagnostic.id == self.id
            and (self.is_about is None or self.is_about(diagnostic.path))
            and any(self._holds(span) for span in (diagnostic.span, *diagnostic.blocks))
        )

    def _holds(self, span: Span) -> bool:
        return span.file == self.within.file and self.within.start <= span.start and span.end <= self.within.end


#: Findings of one severity that are kept; nobody reads more, and a hostile file could make millions.
MOST_KEPT = 1000


@frozen
class Sink:
    """Collects diagnostics of one compilation; frozen in its identity, growing in its content.

    At most `MOST_KEPT` errors and as many warnings are kept. Those that the author accepts are kept apart.
    """

    _found: list[Diagnostic] = field(factory=list)
    _seen: set[tuple[str, Span, str, bool]] = field(factory=set, repr=False)
    _counts: Counter[Severity] = field(factory=Counter, repr=False)
    _acceptances: list[Acceptance] = field(factory=list, repr=False)
    _accepted: list[Diagnostic] = field(factory=list, repr=False)

    def accept(self, acceptance: Acceptance) -> None:
        """From now on, keep such findings apart."""
        self._acceptances.append(acceptance)

    def add(self, diagnostic: Diagnostic) -> bool:
        """Keep a finding, the same id at the same span once; whether it counts: the author does not accept it.

        One about another path of a repository is another, and what one scenario accepts is found by the next.
        """
        is_accepted = any(acceptance.covers(diagnostic) for acceptance in self._acceptances)
        key = (diagnostic.id, diagnostic.span, diagnostic.path, is_accepted)
        if key not in self._seen and self._counts[diagnostic.severity] < MOST_KEPT:
            self._seen.add(key)
            self._counts[diagnostic.severity] += 1
            (self._accepted if is_accepted else self._found).append(diagnostic)
        return not is_accepted

    def error(self, id: str, message: str, span: Span, *, help: str = "", labels: tuple[Label, ...] = ()) -> bool:
        """Add an error; whether it counts (see `add`)."""
        return self.add(Diagnostic(id, message, span, Severity.ERROR, help, labels))

    def warn(self, id: str, message: str, span: Span, *, help: str = "", labels: tuple[Label, ...] = ()) -> bool:
        """Add a warning; whether it counts (see `add`)."""
        return self.add(Diagnostic(id, message, span, Severity.WARNING, help, labels))

    def take_back(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Drop findings that turn out to follow from others; said again, they are not kept either."""
        dropped = frozenset(diagnostics)
        self._found[:] = [diagnostic for diagnostic in self._found if diagnostic not in dropped]

    @property
    def has_errors(self) -> bool:
        """Whether a later stage must not start."""
        return any(d.severity is Severity.ERROR for d in self._found)

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """All findings, by file and place."""
        return _in_order(self._found)

    @property
    def accepted(self) -> tuple[Diagnostic, ...]:
        """Findings that the author accepts, by file and place."""
        return _in_order(self._accepted)


def _in_order(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=lambda d: (d.span.file, d.span.start, d.span.end)))
