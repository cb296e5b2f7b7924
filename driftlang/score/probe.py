"""Which expressions of a pattern take part in what a step did.

In: a pattern of the bank, a step. Out: a `Probe` for each unit of the pattern's surface.
Refuses to do: deciding what hits; that is the bank's. A probe says why it did or did not.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from driftlang.model.globs import path_matcher
from driftlang.observe.forms import StepObservation
from driftlang.score.bank import compile_expression
from driftlang.score.forms import BankPattern
from driftlang.score.units import Unit, units


@frozen
class Probe:
    """A unit beside the pattern.

    Attributes:
        is_path: whether the pattern's globs cover its path.
        match, unless: positions of the expressions that match its text.
    """

    unit: Unit
    is_path: bool
    match: tuple[int, ...]
    unless: tuple[int, ...]


def probe(pattern: BankPattern, step: StepObservation, tree: Mapping[str, bytes]) -> tuple[Probe, ...]:
    """Every unit of the pattern's surface beside its expressions; a path that it does not cover is not searched."""
    is_path = path_matcher(pattern.include, pattern.exclude)
    found = []
    for unit in units(pattern.surface, step, tree):
        if unit.path and not is_path(unit.path):
            found.append(Probe(unit, is_path=False, match=(), unless=()))
        else:
            match, unless = (
                tuple(_matching(pattern.name, sources, unit.text)) for sources in (pattern.match, pattern.unless)
            )
            found.append(Probe(unit, is_path=True, match=match, unless=unless))
    return tuple(found)


def _matching(name: str, sources: Sequence[str], text: str) -> Iterator[int]:
    for position, source in enumerate(sources):
        if compile_expression(name, source)(text):
            yield position
