"""Where a schedule speaks at a step, file by file.

In: a schedule, the texts of a step, the paths that there are. Out: for each file a chain of `Spot`s.
Refuses to do: opening files. Whether a place is in a file shows when the agent has worked on it.
"""

from collections.abc import Collection

from driftlang.cells.forms import Spot
from driftlang.cells.texts import StepTexts
from driftlang.model.forms import Place, Regex, Scenario, Schedule
from driftlang.model.globs import path_matcher
from driftlang.model.schedules import COMMIT, DOCUMENT, USER_TURN


def paths_of(scenario: Scenario, texts: Collection[StepTexts]) -> frozenset[str]:
    """The paths that a glob may mean: files of the repository and targets of steps."""
    return frozenset(scenario.repo.files).union(*(one.targets for one in texts))


def chains_of(
    schedule: Schedule, texts: StepTexts, paths: Collection[str], author: str
) -> tuple[tuple[Spot, ...], ...]:
    """A chain for each file of the first place that any file has; its first spot is tried first.

    What stands behind `else` follows in each chain, with every file of a glob in the order of their names. Nothing
    when no place has a file: no target where it is asked for, no path that matches.

    Args:
        schedule: the schedule.
        texts: names and targets of the step.
        paths: what globs may mean.
        author: who signs a commit, as `Name <address>`.
    """
    for number, place in enumerate(schedule.places):
        spots = _spots_of(place, texts, paths, author)
        if spots:
            others = (_spots_of(other, texts, paths, author) for other in schedule.places[number + 1 :])
            rest = tuple(spot for found in others for spot in found)
            return tuple((spot, *rest) for spot in spots)
    return ()


def _spots_of(place: Place, texts: StepTexts, paths: Collection[str], author: str) -> tuple[Spot, ...]:
    if place.kind == USER_TURN:
        return (Spot(place.kind),)
    if place.kind == COMMIT:
        return (Spot(place.kind, anchor=author),)
    anchor = "".join([*map(texts.bindings.render, place.symbol), *map(_source, place.regex)])
    return tuple(Spot(place.kind, path, anchor) for path in _files_of(place, texts, paths))


def _files_of(place: Place, texts: StepTexts, paths: Collection[str]) -> tuple[str, ...]:
    if place.is_of_target:
        return texts.targets[:1]
    named = texts.bindings.render(place.files[0])
    if place.kind == DOCUMENT:
        return (named,)
    return tuple(sorted(filter(path_matcher((named,), ()), paths)))


def _source(regex: Regex) -> str:
    return f"(?{regex.flags}){regex.source}" if regex.flags else regex.source
