"""Texts with their names filled in.

In: a `Text` and what its names stand for. Out: a string.
Refuses to do: expressions of any kind. A text is literal pieces and names; a name that has no value here, or that
stands in its own definition, remains as it was written: the model reports such names, rendering never fails.
"""

from collections.abc import Mapping

from attrs import evolve, field

from driftlang.model.forms import Factor, Level, Step, Tasks, Text
from driftlang.record import frozen

#: What an empty string is until its line is looked at; no text of an author holds it.
_EMPTY = "\0"


@frozen
class Bindings:
    """What names stand for.

    Attributes:
        texts: texts by name, which may use other names.
        values: finished strings by name; they win over `texts`.
    """

    texts: Mapping[str, Text] = field(factory=dict)
    values: Mapping[str, str] = field(factory=dict)

    def render(self, text: Text) -> str:
        """The text with its names filled in."""
        return self._render(text, ())

    def _render(self, text: Text, above: tuple[str, ...]) -> str:
        return "".join(part if isinstance(part, str) else self._value(part.name, above) for part in text.parts)

    def _value(self, name: str, above: tuple[str, ...]) -> str:
        if name in self.values:
            return self.values[name]
        if name in self.texts and name not in above:
            return self._render(self.texts[name], (*above, name))
        return f"{{{{ {name} }}}}"

    def having(self, **values: str) -> "Bindings":
        """These bindings and further finished strings."""
        return evolve(self, values={**self.values, **values})

    def fill(self, text: Text, **values: str) -> str:
        """The text with further finished strings; a line that an empty one had to itself goes with it."""
        empty = {name: _EMPTY for name, value in values.items() if not value.strip()}
        return _without_gaps(self.having(**{**values, **empty}).render(text))


def _without_gaps(text: str) -> str:
    """The text without the lines that hold an empty string alone, and without a second empty line in their place."""
    kept: list[str] = []
    is_gap = False
    for line in text.split("\n"):
        if line.strip() == _EMPTY:
            is_gap = True
        elif line.strip() or not is_gap or (kept and kept[-1].strip()):
            is_gap = False
            kept.append(line.replace(_EMPTY, ""))
    return "\n".join(kept)


@frozen
class StepTexts:
    """A step's names, and its target files rendered."""

    bindings: Bindings
    targets: tuple[str, ...]


def bind_cell(levels: Mapping[Factor, Level], tasks: Tasks) -> Bindings:
    """What names stand for in a cell's own texts: the free factors' levels and the task list's lets."""
    texts = {let.name: let.text for let in tasks.lets}
    for factor, level in levels.items():
        if level.text:
            texts[factor.name] = level.text[0]
    return Bindings(texts)


def bind_step(step: Step, cell: Bindings) -> StepTexts:
    """What names stand for in a step: the cell's names, the step's lets, `target` (the first) and `targets`."""
    named = evolve(cell, texts={**cell.texts, **{let.name: let.text for let in step.lets}})
    targets = tuple(named.render(target) for target in step.targets)
    return StepTexts(named.having(target=targets[0] if targets else "", targets=", ".join(targets)), targets)
