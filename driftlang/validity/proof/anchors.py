"""Whether a schedule's anchors can ever be found.

In: scenarios and their cells. Out: findings in the sink.
Refuses to do: demanding that an anchor is there from the start: an agent may define it on the way. An anchor that
stands nowhere in the repository and in no reference solution is taken for misspelt.
"""

from collections.abc import Iterable, Iterator, Sequence

from driftlang.cells.forms import Cell, Spot
from driftlang.diagnostics.diagnostic import Sink
from driftlang.inject.outline import last_name
from driftlang.model.forms import Edit, RemoveFile, RunCommand, Scenario, Text
from driftlang.model.schedules import AFTER, BEFORE, DOCSTRING


def check_anchors(scenarios: Sequence[Scenario], cells: Sequence[Cell], sink: Sink) -> None:
    """Say of each schedule without `else`, once, that none of its anchors stands anywhere."""
    said = set()
    for scenario in scenarios:
        texts = tuple(_texts(scenario))
        for schedule in scenario.schedules.values():
            (place, *others) = schedule.places
            spots = tuple(dict.fromkeys(_spots(scenario, schedule.name, cells)))
            is_alone = not others and not place.may_be_nothing and place.kind in {BEFORE, AFTER, DOCSTRING}
            if not is_alone or place.span in said or not spots:
                continue
            if not any(_stands(spot, texts) for spot in spots):
                said.add(place.span)
                sink.error(
                    "anchor-missing",
                    f"`{spots[0].anchor}` stands nowhere in the repository and in no solution, so that nothing can be "
                    "said there",
                    place.span,
                    help="name what a file has, or give another place behind `else`",
                )


def _spots(scenario: Scenario, schedule: str, cells: Sequence[Cell]) -> Iterator[Spot]:
    """What the cells of a scenario that are under a schedule ask for."""
    for cell in cells:
        if cell.variant == scenario.key and cell.levels.get("schedule", scenario.schedule.name) == schedule:
            for script in cell.scripts:
                yield from (spot for turn in script.turns for one in turn.injections for spot in one.spots)


def _stands(spot: Spot, texts: Iterable[str]) -> bool:
    if spot.place != AFTER:
        return any(last_name(spot.anchor) in text for text in texts)
    import re2

    return any(re2.search(spot.anchor, text) is not None for text in texts)


def _texts(scenario: Scenario) -> Iterator[str]:
    """What is written in the repository, and what solutions write into it."""
    yield from (file.content.decode("utf-8", "replace") for file in scenario.repo.files.values())
    for step in scenario.tasks.steps:
        for solution in step.solutions:
            yield from (_literal(edit) for edit in solution.edits)


def _literal(edit: Edit) -> str:
    """The text of an edit; what is put in at a step stands as a blank."""
    if isinstance(edit, RemoveFile):
        return ""
    text: Text = edit.command if isinstance(edit, RunCommand) else edit.text
    return "".join(part if isinstance(part, str) else " " for part in text.parts)
