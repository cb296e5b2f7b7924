"""What a file says about itself, and which findings its author accepts.

In: nothing; this module defines. Out: `About` and `Allowance`.
"""

from driftlang.diagnostics.diagnostic import Acceptance
from driftlang.model.globs import is_match
from driftlang.record import frozen
from driftlang.source import Span


@frozen
class About:
    """What a file says about itself; empty where it does not. It goes into manifest and exports, never to an agent."""

    title: str
    authors: tuple[str, ...]
    cite: tuple[str, ...]
    licence: str
    version: str
    canary: str
    span: Span


@frozen
class Allowance:
    """`allow ID at "path" "reason"`: a finding that is accepted on purpose.

    Attributes:
        id: the finding's.
        path: a glob over the repository's paths that it is limited to; empty for none.
        within: the narrowest block that holds it; the whole file where it stands in none.
    """

    id: str
    path: str
    reason: str
    within: Span
    span: Span

    @property
    def acceptance(self) -> Acceptance:
        """What tells the findings that it accepts."""
        about = (lambda path: is_match(path, (self.path,))) if self.path else None
        return Acceptance(self.id, self.within, about)
