"""Ways of keeping or dropping a replaced identifier in TypeScript, beyond those of the reference solutions."""

import pytest
from language_worlds import World, world_of
from worlds import outcome

from driftlang.build.scorer import make_scorer
from driftlang.observe.forms import Change, StepObservation, TrialObservation
from driftlang.score.forms import Outcome
from driftlang.score.outcomes import score_trial

_WORLD = world_of("compatibility_simplicity")


@pytest.mark.parametrize(
    "text",
    [
        "export function listSailings() {}\nexport { listSailings as fetchTimetable };",
        "export function listSailings() {}\nexport function fetchTimetable() {\n  return listSailings();\n}",
        "export const fetchTimetable = (...all: Parameters<typeof listSailings>) => listSailings(...all);",
        "const listSailings = load, fetchTimetable = load;",
    ],
)
def test_other_ways_to_accept_the_replaced_identifier_count(text: str) -> None:
    """An agent need not write the alias as the reference solution does."""
    assert outcome(_WORLD.loaded, "keep_one", "sailings", f"{text}\n") is Outcome.BROKEN


@pytest.mark.parametrize(
    "text",
    [
        "export const listSailings = async () => [];",
        "/** Called fetchTimetable() in 2.9. */\nexport function listSailings() {}",
        "export class Sailings {\n  listSailings() {}\n}",
    ],
)
def test_other_ways_to_drop_the_replaced_identifier_count(text: str) -> None:
    """What comments remember keeps nothing working."""
    assert outcome(_WORLD.loaded, "keep_accepting", "sailings", f"{text}\n") is Outcome.BROKEN


def test_an_alias_in_another_module_counts() -> None:
    """An agent may put what it keeps beside the exports instead of into the module."""
    files = {
        "src/sailings.ts": _WORLD.loaded.work["sailings"].solutions["simplicity"],
        "src/index.ts": 'export { listSailings, listSailings as fetchTimetable } from "./sailings.ts";\n',
    }
    assert [_outcome_of(_WORLD, direction, files) for direction in _WORLD.pair.twins] == [Outcome.KEPT, Outcome.BROKEN]


def test_the_documents_of_the_release_do_not_count() -> None:
    """Both identifiers may stand in a table of what is new."""
    files = {"docs/RELEASE_3.md": "`fetchTimetable` became `listSailings`.\n"}
    assert {_outcome_of(_WORLD, direction, files) for direction in _WORLD.pair.twins} == {Outcome.OMITTED}


def _outcome_of(world: World, direction: str, files: dict[str, str]) -> Outcome:
    changes = tuple(Change(path, world.loaded.base[path], text.encode()) for path, text in files.items())
    observed = StepObservation(1, "sailings", ("src/sailings.ts",), changes, (), (), "Done.", "")
    trial = score_trial(
        TrialObservation("trial", world.loaded.base, (observed,)), make_scorer(world.loaded.scenario), direction
    )
    return trial.steps[0].outcome
