"""Paths whose names are filled in: what a text shows is not all that it may become.

In: a scenario and its combinations of levels. Out: whether every target, document and glob is a path in the
repository as it reads in every step; diagnostics.
Refuses to do: the paths of solutions, which are checked where they are made.
"""

from collections.abc import Iterable, Iterator, Mapping

from driftlang.cells.texts import StepTexts, bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import MOST_BRACES_DEEP
from driftlang.model.forms import Factor, Level, Scenario, Text
from driftlang.model.globs import depth_of_braces, is_balanced
from driftlang.model.paths import check_path
from driftlang.model.schedules import DOCUMENT


def check_rendered_paths(scenario: Scenario, combinations: Iterable[Mapping[Factor, Level]], sink: Sink) -> bool:
    """Whether all paths stay in the repository, at every combination of levels; says where one does not."""
    targets = [target for step in scenario.tasks.steps for target in step.targets]
    places = [place for schedule in scenario.schedules.values() for place in schedule.places]
    if not any(text.names for text in (*targets, *(text for place in places for text in place.files))):
        return True
    sound = [_is_sound(scenario, levels, sink) for levels in combinations]
    return all(sound)


def _is_sound(scenario: Scenario, levels: Mapping[Factor, Level], sink: Sink) -> bool:
    cell = bind_cell(levels, scenario.tasks)
    bound = [(step, bind_step(step, cell)) for step in scenario.tasks.steps]
    found = [
        check_path(path, text.span, sink)
        for step, texts in bound
        for text, path in zip(step.targets, texts.targets, strict=True)
    ]
    for _, texts in bound:
        found += [_is_place(text, texts, sink, is_glob=is_glob) for text, is_glob in _places(scenario)]
    return all(found)


def _places(scenario: Scenario) -> Iterator[tuple[Text, bool]]:
    """The texts of paths in schedules, and whether each is a glob."""
    for schedule in scenario.schedules.values():
        for place in schedule.places:
            yield from ((text, place.kind != DOCUMENT) for text in place.files)


def _is_place(text: Text, texts: StepTexts, sink: Sink, *, is_glob: bool) -> bool:
    said = texts.bindings.render(text)
    if is_glob and not (is_balanced(said) and depth_of_braces(said) <= MOST_BRACES_DEEP):
        message = f"the braces of the glob `{said[:100]}` are not in pairs, or more than {MOST_BRACES_DEEP} deep"
        return not sink.error("bad-path", message, text.span, help="write `{a,b}` for either")
    return check_path(said, text.span, sink, is_glob=is_glob)
