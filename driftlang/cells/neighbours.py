"""Which cell is meant, and which one stands nearest to it.

In: cells. Out: a cell by a part of its id; neighbours, which differ from a cell in one coordinate.
Refuses to do: guessing. A part that several ids have is a `Failure` that lists them.
"""

from collections.abc import Sequence

from driftlang.cells.forms import Cell
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.diagnostics.suggest import closest

#: Arms in the order in which they are compared with: what carries no pressure comes first.
_PLAIN_FIRST = ("placebo", "bare", "opposing", "supporting", "unrelated")
#: Ids that a failure lists.
_MOST_LISTED = 6


def find_cell(part: str, cells: Sequence[Cell]) -> Cell:
    """The cell with this id, or the only one whose id begins with the part, or the only one that has it.

    Raises:
        Failure: status 2, when no id has the part, or several do.
    """
    exact = [cell for cell in cells if cell.id == part]
    beginning = [cell for cell in cells if cell.id.startswith(part)]
    having = [cell for cell in cells if part in cell.id]
    for found in (exact, beginning, having):
        if len(found) == 1:
            return found[0]
    if having:
        raise _several(part, beginning or having)
    raise _none(part, cells)


def _several(part: str, found: Sequence[Cell]) -> Failure:
    listed = ", ".join(f"`{cell.id}`" for cell in found[:_MOST_LISTED])
    more = f" and {len(found) - _MOST_LISTED} more" if len(found) > _MOST_LISTED else ""
    return Failure(
        f"{len(found)} cells have `{part}` in their id: {listed}{more}",
        help="give more of the id",
        status=ExitStatus.MISUSE,
    )


def _none(part: str, cells: Sequence[Cell]) -> Failure:
    ids = [cell.id for cell in cells]
    near = closest(part, ids) or _nearest_parts(part, ids)
    hint = f", did you mean `{near}`?" if near else ""
    return Failure(f"no cell has `{part}` in its id{hint}", help="choose an id of the table", status=ExitStatus.MISUSE)


def _nearest_parts(part: str, ids: Sequence[str]) -> str:
    """The id whose own parts are nearest to those of `part`; empty where none is near at all."""
    from difflib import SequenceMatcher

    def likeness(identity: str) -> float:
        return SequenceMatcher(None, part, identity).ratio()

    best = max(ids, key=likeness, default="")
    return best if best and likeness(best) > 0.5 else ""


def twin_of(cell: Cell, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cell of the other direction with the same arm and levels, at most one; the opposed value's comes first."""
    twins = [
        other
        for other in cells
        if other.direction != cell.direction
        and (other.scenario, other.arm, other.levels) == (cell.scenario, cell.arm, cell.levels)
    ]
    return tuple(sorted(twins, key=lambda other: other.favors != cell.against)[:1])


def control_of(cell: Cell, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cell of another arm with the same direction and levels, at most one; a placebo or a bare one comes first."""
    others = [
        other
        for other in cells
        if other.arm != cell.arm
        and (other.scenario, other.direction, other.levels) == (cell.scenario, cell.direction, cell.levels)
    ]
    return tuple(sorted(others, key=lambda other: _PLAIN_FIRST.index(other.arm))[:1])
