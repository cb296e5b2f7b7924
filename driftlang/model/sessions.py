"""How the turns of a run follow each other.

In: nothing; this module defines. Out: `Session`.
"""

from attrs import frozen

from driftlang.source import Span


@frozen
class Session:
    """How turns follow each other: `continue` (one session) or `fresh` (a new one each step)."""

    name: str
    mode: str
    doc: str
    span: Span
