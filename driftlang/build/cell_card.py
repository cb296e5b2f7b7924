"""Cells → cell card: what the cells of a study share and where they differ, for a reader.

In: a study and its cells. Out: Markdown.
Refuses to do: leaving out what differs. Tables show the first run; the plan holds all.
"""

from collections.abc import Sequence

from attrs import frozen

from driftlang.build.confusion import confusion_table
from driftlang.build.plan import Plan
from driftlang.build.rubric import template
from driftlang.build.session_card import session_lines
from driftlang.cells.forms import Cell, Spot, Turn
from driftlang.model.forms import ARMS, Scenario, Study
from driftlang.model.schedules import TOP
from driftlang.validity.proof.forms import Proof

_ARMS_SAY = {
    "bare": "nothing",
    "placebo": "neutral sentences: the slot, step, form and length (within 10 %) of the opposing message",
    "opposing": "messages toward the other value",
    "supporting": "messages toward the constraint's own value",
    "unrelated": "messages toward a value outside the conflict",
}


@frozen
class _Script:
    """The first run of a direction, at levels that inject alike: one table of the card."""

    direction: str
    levels: tuple[str, ...]
    arms: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def render_cell_card(study: Study, cells: Sequence[Cell], plan: Plan, proof: Proof) -> str:
    """The cell card of a study; `plan` was made from the same cells, `proof` is that of its model."""
    commits = {cell.id: cell.commit for cell in plan.cells}
    return template("cells.md.jinja").render(
        study=study,
        cells=[(cell, commits[cell.id][:12], _level_names(cell)) for cell in cells],
        trials=len(plan.trials),
        models=", ".join(f"`{model.id}`" for model in study.models),
        scenarios=[
            {
                "scenario": scenario,
                "arms": [(arm, _ARMS_SAY[arm]) for arm in ARMS if arm in scenario.arms],
                "directions": _directions(scenario, cells),
                "places": sorted({cell.place for cell in cells if cell.variant == scenario.key}),
                "sessions": session_lines(scenario),
                "scripts": _scripts([cell for cell in cells if cell.variant == scenario.key]),
                "confusion": confusion_table(proof, scenario.key),
            }
            for scenario in study.scenarios
        ],
    )


def _level_names(cell: Cell) -> str:
    return ", ".join(f"{factor}={level}" for factor, level in cell.levels.items())


def _directions(scenario: Scenario, cells: Sequence[Cell]) -> list[tuple[str, str, str, list[str]]]:
    """Name, favoured value, other value and the texts that the constraint has over the levels."""
    found: dict[str, tuple[str, str, str, list[str]]] = {}
    for cell in cells:
        if cell.variant == scenario.key:
            texts = found.setdefault(cell.direction, (cell.direction, cell.favors, cell.against, []))[3]
            if cell.constraint not in texts:
                texts.append(cell.constraint)
    return list(found.values())


def _scripts(cells: Sequence[Cell]) -> list[_Script]:
    """A table a direction and distinct schedule of injections, with the levels that it holds at."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.direction, _level_names(cell)), []).append(cell)
    tables: dict[tuple[str, tuple[tuple[str, ...], ...]], _Script] = {}
    for (direction, levels), members in groups.items():
        speaking = [cell for cell in members if cell.arm != "bare"]
        rows = _rows(members, speaking)
        earlier = tables[direction, rows].levels if (direction, rows) in tables else ()
        names = (*earlier, levels) if levels else earlier
        tables[direction, rows] = _Script(direction, names, tuple(cell.arm for cell in speaking), rows)
    return list(tables.values())


def _rows(members: Sequence[Cell], speaking: Sequence[Cell]) -> tuple[tuple[str, ...], ...]:
    first = members[0].scripts[0]
    return tuple(
        (
            str(turn.position),
            f"`{turn.step}`",
            ", ".join(f"`{target}`" for target in turn.targets),
            *(_said(cell.scripts[0].turns[turn.position - 1]) for cell in speaking),
        )
        for turn in first.turns
    )


def _said(turn: Turn) -> str:
    if not turn.injections:
        return ""
    first = turn.injections[0]
    copies = sum(one.spots == first.spots for one in turn.injections)
    times = f", {copies} times" if copies > 1 else ""
    words = " ".join(first.text.split())
    return f"({first.severity}{times}{_where(turn)}) {words}".replace("|", "\\|")


def _where(turn: Turn) -> str:
    """Where it is said, unless that is at the top of the first target and nowhere else."""
    chains = tuple(dict.fromkeys(injection.spots for injection in turn.injections))
    if chains == tuple((Spot(TOP, target),) for target in turn.targets[:1]):
        return ""
    return f", {'; '.join(', else '.join(spot.words for spot in chain) for chain in chains)}"
