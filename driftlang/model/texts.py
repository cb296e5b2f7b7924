"""Texts of the model: literal pieces and placeholders.

In: nothing; this module defines. Out: `Text`. A text is still a template: names in `{{ }}` are known to exist,
their values are put in per step and per cell.
"""

from driftlang.record import frozen
from driftlang.source import Span


@frozen
class Placeholder:
    """A `{{ name }}` in a text."""

    name: str
    span: Span


@frozen
class Text:
    """A text: literal pieces (escapes resolved, block texts dedented) and placeholders, in order."""

    parts: tuple[str | Placeholder, ...]
    span: Span

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the placeholders, in order, with repeats."""
        return tuple(part.name for part in self.parts if isinstance(part, Placeholder))
