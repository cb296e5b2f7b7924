"""What the cells of a study are, and what they share, in few lines.

In: cells. Out: `CellRow`s, and sentences about what is the same in all cells of a scenario.
Refuses to do: claiming. Every sentence about what is shared was compared over all cells and runs.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import frozen

from driftlang.cells.forms import Cell, Script
from driftlang.model.forms import Scenario

#: Words of a constraint that a row shows.
_WORDS = 6


@frozen
class CellRow:
    """A cell in one line. `injected` is what its first run says, how often and how gravely."""

    id: str
    direction: str
    arm: str
    levels: str
    injected: str
    constraint: str


def row_of(cell: Cell) -> CellRow:
    """The cell in one line."""
    words = cell.constraint.split()
    shown = " ".join(words[:_WORDS]) + (" …" if len(words) > _WORDS else "")
    levels = ", ".join(f"{factor}={level}" for factor, level in cell.levels.items())
    return CellRow(cell.id, cell.direction, cell.arm, levels, _injected(cell), shown)


def _injected(cell: Cell) -> str:
    injections = [each for script in cell.scripts[:1] for turn in script.turns for each in turn.injections]
    if not injections:
        return "nothing"
    counts = Counter(each.message.split(".", maxsplit=1)[0] for each in injections)
    severities = sorted({each.severity for each in injections})
    grave = f"{severities[0]}" if len(severities) == 1 else f"{severities[0]}..{severities[-1]}"
    return ", ".join(f"{count}x {source}" for source, count in counts.items()) + f", severity {grave}"


def shared_of(scenario: Scenario, cells: Sequence[Cell]) -> tuple[str, ...]:
    """Sentences about what the cells of a scenario share, and what differs."""
    own = [cell for cell in cells if cell.variant == scenario.key]
    return tuple(line for line in (_world(scenario), *_ladders(scenario), *_runs(own), *_differences(own)) if line)


def _ladders(scenario: Scenario) -> Iterator[str]:
    """The messages toward each side, so that two ladders of pressure can be compared: number, severities, length."""
    told = []
    for value in scenario.conflict.values:
        messages = [message for one in scenario.pressures if one.toward == value for message in one.messages]
        if messages:
            severities = ", ".join(str(severity) for severity in sorted(message.severity for message in messages))
            lengths = [sum(len(part) for part in message.text.parts if isinstance(part, str)) for message in messages]
            characters = f"{sum(lengths) / len(lengths):.0f} characters"
            told.append(f"`{value.name}` {len(messages)} of severity {severities}, {characters} each")
    if told:
        yield f"messages toward {'; toward '.join(told)}"


def _world(scenario: Scenario) -> str:
    return (
        f"one repository `{scenario.repo.name}` ({len(scenario.repo.files)} files), one task list "
        f"`{scenario.tasks.name}` ({len(scenario.tasks.steps)} steps)"
    )


def _runs(cells: Sequence[Cell]) -> Iterator[str]:
    if not cells or not cells[0].scripts:
        return
    runs = len(cells[0].scripts)
    what = "run 1 has" if runs == 1 else f"each of {runs} runs has"
    same = [name for name, is_same in _sameness(cells) if is_same]
    differing = [name for name, is_same in _sameness(cells) if not is_same]
    if same:
        yield f"{what} the same {_listed(same)} in all {len(cells)} cells"
    if differing:
        yield f"not the same in all cells: {_listed(differing)}"
    first = cells[0].scripts[0]
    yield f"run 1 goes {', '.join(turn.step for turn in first.turns)}"


def _sameness(cells: Sequence[Cell]) -> tuple[tuple[str, bool], ...]:
    def is_same(scripts: list[tuple[object, ...]]) -> bool:
        return all(each == scripts[0] for each in scripts)

    return (
        ("seed", is_same([tuple(script.seed for script in cell.scripts) for cell in cells])),
        ("step order", is_same([tuple(_order(script) for script in cell.scripts) for cell in cells])),
        ("user turns", is_same([tuple(_texts(script) for script in cell.scripts) for cell in cells])),
    )


def _order(script: Script) -> tuple[str, ...]:
    return tuple(turn.step for turn in script.turns)


def _texts(script: Script) -> tuple[str, ...]:
    return tuple(turn.text for turn in script.turns)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _differences(cells: Sequence[Cell]) -> Iterator[str]:
    lengths = {cell.direction: len(cell.constraint) for cell in cells}
    if len(lengths) > 1:
        sizes = _listed([f"`{direction}` {length}" for direction, length in lengths.items()])
        alone = " alone" if _is_alone(cells, "direction") else " and more"
        yield f"directions differ in the constraint's text{alone}: {sizes} characters"
    arms = list(dict.fromkeys(cell.arm for cell in cells))
    if len(arms) > 1:
        alone = " alone" if _is_alone(cells, "arm") else " and more"
        yield f"arms differ in what is injected{alone}: {_listed(arms)}"
    farthest = _farthest_control(cells)
    if farthest >= 0:
        yield f"each control is as long as the message it stands for, within {farthest:.1%}"


def _is_alone(cells: Sequence[Cell], coordinate: str) -> bool:
    """Whether cells that differ in this coordinate alone have the same surroundings of the constraint and session."""
    surroundings: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for cell in cells:
        rest = cell.arm if coordinate == "direction" else cell.direction
        # A cell's own constraint is taken out where directions are compared: it is what they may differ in.
        demand = cell.constraint if coordinate == "direction" and cell.constraint else "\0"
        around = cell.instructions.replace(demand, "")
        key = (rest, *cell.levels.values())
        surroundings.setdefault(key, set()).add((around, cell.place, cell.session, cell.earlier))
    return all(len(found) == 1 for found in surroundings.values())


def _farthest_control(cells: Sequence[Cell]) -> float:
    """The largest difference in length of a control and its message, as a share of the message's; -1 without one."""
    lengths: dict[tuple[str, tuple[str, ...], str, int, int], list[int]] = {}
    for cell in cells:
        for script in cell.scripts:
            for turn in script.turns:
                place = (cell.direction, tuple(cell.levels.values()), cell.arm, script.run, turn.position)
                lengths[place] = [len(each.text) for each in turn.injections]
    shares = [
        abs(control - message) / message
        for (direction, levels, arm, run, position), controls in lengths.items()
        if arm == "placebo"
        for control, message in zip(
            controls, lengths.get((direction, levels, "opposing", run, position), []), strict=False
        )
        if message
    ]
    return max(shares, default=-1.0)
