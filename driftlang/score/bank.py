"""The bank: all patterns of a scorer, compiled.

In: `BankPattern`s, then units. Out: the hits of each pattern, at most one a unit.
Refuses to do: outcomes. Matching is RE2, linear in the text whatever the pattern.

Where a surface has many expressions an `re2.Set` tells in one pass which of them occur at all; the few that do are
then looked for one by one, for the place.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from driftlang.diagnostics.failure import Failure
from driftlang.model.globs import path_matcher
from driftlang.observe.forms import StepObservation
from driftlang.score.forms import BankCopies, BankPattern, Hit
from driftlang.score.overlap import Originals
from driftlang.score.required_texts import compile_required
from driftlang.score.units import Unit, units

#: Memory that RE2 may use for one expression or set; its default is too small for large banks.
_MEMORY = 64 << 20
#: From how many expressions on a surface a set pays.
_SET_FROM = 8
#: Instructions of all expressions of a set. A set that has more may run out of memory, and then finds nothing unsaid.
_LARGEST_SET = 50_000
#: Characters of a hit's text.
_LONGEST_TEXT = 200

#: The files before the first step of an otherwise empty repository.
NO_FILES: Mapping[str, bytes] = MappingProxyType({})

_Search = Callable[[str], Any]


@frozen
class _Compiled:
    """A pattern ready to use. `name`, `at_least` as in `BankPattern`; `is_path` tells whether a path counts."""

    name: str
    is_path: Callable[[str], bool]
    match: tuple[_Search, ...]
    unless: tuple[_Search, ...]
    copies: tuple[BankCopies, ...]


@frozen
class _Surface:
    """The patterns of one surface.

    Attributes:
        candidates: the indices of the patterns that may hit a text.
        is_possible: whether one of them may hit a part of a file, given the whole text of that, unmasked.
    """

    name: str
    patterns: tuple[_Compiled, ...]
    candidates: Callable[[str], Sequence[int]]
    is_possible: Callable[[str], bool]

    def is_wanted(self, path: str, text: str) -> bool:
        """Whether a pattern may hit a part of the file."""
        return any(pattern.is_path(path) for pattern in self.patterns) and self.is_possible(text)


@frozen
class Bank:
    """Compiled patterns by surface, and how many units each must hit (`at_least`)."""

    _surfaces: tuple[_Surface, ...]
    at_least: Mapping[str, int] = field(factory=dict)

    def hits(
        self, step: StepObservation, tree: Mapping[str, bytes], before: Mapping[str, bytes] = NO_FILES
    ) -> tuple[Hit, ...]:
        """Every unit of the step that a pattern hits, by surface, then in the order of units.

        Args:
            step: what the step did.
            tree: contents of all files at the step's end.
            before: those that the agent found, after injection: what `copies` compares with.
        """
        found = []
        originals = Originals(before)
        for surface in self._surfaces:
            for unit in units(surface.name, step, tree, surface.is_wanted):
                for index in surface.candidates(unit.text):
                    pattern = surface.patterns[index]
                    if not unit.path or pattern.is_path(unit.path):
                        found += _hit(pattern, unit) or _copied(pattern, unit, surface.name, originals)
        return tuple(found)


def compile_bank(patterns: Sequence[BankPattern]) -> Bank:
    """Compile patterns, each surface on its own.

    Raises:
        Failure: an expression is not RE2, or a surface is unknown.
    """
    from driftlang.model.forms import SURFACES

    names = list(dict.fromkeys(pattern.surface for pattern in patterns))
    for name in names:
        if name not in SURFACES:
            message = f"the scorer names a surface `{name}` that there is not"
            raise Failure(message, help="build the study again with this version")
    of_surface = {name: [pattern for pattern in patterns if pattern.surface == name] for name in names}
    surfaces = tuple(_surface(name, of_surface[name]) for name in names)
    return Bank(surfaces, {pattern.name: pattern.at_least for pattern in patterns})


def _surface(name: str, patterns: Sequence[BankPattern]) -> _Surface:
    compiled = tuple(
        _Compiled(
            pattern.name,
            path_matcher(pattern.include, pattern.exclude),
            tuple(compile_expression(pattern.name, source) for source in pattern.match),
            tuple(compile_expression(pattern.name, source) for source in pattern.unless),
            pattern.copies,
        )
        for pattern in patterns
    )
    sources = [source for pattern in patterns for source in pattern.match]
    is_measured = any(pattern.copies for pattern in patterns)
    return _Surface(name, compiled, _candidates(patterns), compile_required([] if is_measured else sources))


def _candidates(patterns: Sequence[BankPattern]) -> Callable[[str], Sequence[int]]:
    """A function from a text to the indices of the patterns that may hit it."""
    import re2

    sources = [(index, source) for index, pattern in enumerate(patterns) for source in pattern.match]
    everything = range(len(patterns))
    if len(sources) < _SET_FROM or sum(_size(source) for _, source in sources) > _LARGEST_SET:
        return lambda text: everything  # noqa: ARG005 - the signature of the other way
    bank = re2.Set.SearchSet(_options())
    for _, source in sources:
        bank.Add(source)
    bank.Compile()
    measured = {index for index, pattern in enumerate(patterns) if pattern.copies}
    return lambda text: sorted(measured.union(sources[found][0] for found in bank.Match(text) or ()))


def _size(source: str) -> int:
    """Instructions of an expression that has been compiled before, so that it compiles."""
    import re2

    size: int = re2.compile(source, _options()).programsize
    return size


def _options() -> Any:  # noqa: ANN401 - google-re2 has no types
    import re2

    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    return options


@lru_cache(maxsize=1024)
def compile_expression(name: str, source: str) -> _Search:
    """The search of one expression, of the pattern `name`.

    Raises:
        Failure: it is not RE2.
    """
    import re2

    try:
        search: _Search = re2.compile(source, _options()).search
    except re2.error as trouble:
        reason = trouble.args[0].decode() if isinstance(trouble.args[0], bytes) else str(trouble)
        message = f"the pattern `{name}` is not RE2: {reason}"
        raise Failure(message, help="build the study again: its scorer is damaged") from trouble
    return search


def _hit(pattern: _Compiled, unit: Unit) -> list[Hit]:
    """The pattern's hit of a unit: the earliest match of any expression, unless an `unless` matches."""
    matches = [found for search in pattern.match if (found := search(unit.text))]
    if not matches or any(search(unit.text) for search in pattern.unless):
        return []
    start, end = min((found.start(), found.end()) for found in matches)
    line = unit.line + unit.text.count("\n", 0, start) if unit.line else 0
    return [Hit(pattern.name, unit.path, line, _evidence(unit.text, start, end), unit.origin)]


def _copied(pattern: _Compiled, unit: Unit, surface: str, originals: Originals) -> list[Hit]:
    """The pattern's hit of a unit by its share of copied text, shown by the line at which that begins."""
    if not pattern.copies or any(search(unit.text) for search in pattern.unless):
        return []
    for copies in pattern.copies:
        found = originals.measure(unit, surface, copies)
        if found.share >= copies.share:
            lines = unit.text.split("\n")
            text = lines[found.line - unit.line] if unit.line else unit.text
            line = found.line if unit.line else 0
            return [Hit(pattern.name, unit.path, line, _evidence(text, 0, 1), unit.origin)]
    return []


def _evidence(text: str, start: int, end: int) -> str:
    """The lines that a match touches, on one line, cut to `_LONGEST_TEXT` characters around its beginning."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", max(start, end - 1))
    if start - first > _LONGEST_TEXT // 2:
        first = start
    shown = " ".join(text[first : last if last >= 0 else len(text)].split())
    return shown if len(shown) <= _LONGEST_TEXT else shown[: _LONGEST_TEXT - 1] + "…"
