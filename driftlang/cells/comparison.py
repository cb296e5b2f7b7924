"""A cell as lines of text, and two cells side by side.

In: cells, a run. Out: lines, and unified diffs of them.
Refuses to do: leaving out what the agent would be shown. What a turn holds beside its text and injections is listed by
the names of its fields, so that a new kind of event shows as soon as the form has it.
"""

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from attrs import fields

from driftlang.cells.events import EVENT_KINDS, TurnEvent
from driftlang.cells.forms import Cell, Injection, Turn, TurnCheck

#: Fields of a turn that are written out by hand.
_TOLD = ("position", "step", "text", "targets", "injections")
#: Fields of an event or a check that hold what is said or run.
_TEXTS = ("text", "command")


def demand_lines(cell: Cell) -> tuple[str, ...]:
    """The cell's constraint, the instructions that it stands in, and the session that both begin."""
    return (
        f"constraint {cell.direction}, which favors {cell.favors}:",
        *_indented(cell.constraint),
        f"instructions, placed as {cell.place}:",
        *_indented(cell.instructions),
        f"session {cell.session}, earlier messages {cell.earlier}",
        *(
            line
            for turn in cell.prefix
            for line in (f"before the first turn, the {turn.role} said:", *_indented(turn.text))
        ),
    )


def script_lines(cell: Cell, run: int) -> tuple[str, ...]:
    """The turns of run `run` (from 1), each with what is injected before it, and those of its branches."""
    script = next(script for script in cell.scripts if script.run == run)
    lines = [line for turn in script.turns for line in _turn_lines(turn)]
    for branch in script.branches:
        lines.append(f"branch from step {branch.position}, as in the arm {branch.arm}:")
        lines += _indented("\n".join(line for turn in branch.turns for line in _turn_lines(turn)))
    return tuple(lines)


def _turn_lines(turn: Turn) -> Iterator[str]:
    yield f"step {turn.position} {turn.step} ({', '.join(turn.targets)})"
    for injection in turn.injections:
        yield from _injection_lines(injection)
    for field in fields(Turn):
        if field.name not in _TOLD:
            for form in getattr(turn, field.name):
                yield from _form_lines(form)
    yield "  the user says:"
    yield from _indented(turn.text, "    ")


def _form_lines(form: TurnEvent | TurnCheck) -> Iterator[str]:
    """An event or a check: what it is, the values of its fields, and its texts below."""
    kind = EVENT_KINDS[type(form)] if not isinstance(form, TurnCheck) else "check"
    values = {field.name: getattr(form, field.name) for field in fields(type(form))}
    said = [f"{name} {_joined(value)}" for name, value in values.items() if name not in _TEXTS]
    yield f"  {kind}{': ' if said else ''}{', '.join(said)}"
    for name in _TEXTS:
        if values.get(name):
            yield from _indented(values[name], "    ")


def _joined(value: object) -> str:
    return (
        ", ".join(map(str, value))
        if isinstance(value, tuple)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def _injection_lines(injection: Injection) -> Iterator[str]:
    where = ", else ".join(spot.words for spot in injection.spots)
    yield f"  {injection.message}, severity {injection.severity}, {where}:"
    yield from _indented(injection.text, "    ")


def _indented(text: str, by: str = "  ") -> Iterator[str]:
    for line in text.split("\n"):
        yield f"{by}{line}".rstrip()


def compare(
    before: Sequence[str], after: Sequence[str], names: tuple[str, str], *, context: int = -1
) -> tuple[str, ...]:
    """The unified diff of two lists of lines; all lines around it, or `context` of them. Empty where they are equal."""
    around = max(len(before), len(after)) if context < 0 else context
    return tuple(unified_diff(before, after, *names, n=around, lineterm=""))
