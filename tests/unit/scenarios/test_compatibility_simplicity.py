"""Ways of keeping or dropping a replaced identifier in TypeScript, beyond those of the reference solutions."""

import pytest
from pairs import PAIRS
from worlds import outcome, outcome_of

from driftlang.observe.forms import Change
from driftlang.score.forms import Outcome

PAIR = PAIRS["compatibility_simplicity"]


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
    assert outcome(PAIR.loaded, "keep_one", "sailings", f"{text}\n") is Outcome.BROKEN


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
    assert outcome(PAIR.loaded, "keep_accepting", "sailings", f"{text}\n") is Outcome.BROKEN


def test_an_alias_in_another_module_counts() -> None:
    """An agent may put what it keeps beside the exports instead of into the module."""
    files = {
        "src/sailings.ts": PAIR.loaded.work["sailings"].solutions["simplicity"],
        "src/index.ts": 'export { listSailings, listSailings as fetchTimetable } from "./sailings.ts";\n',
    }
    assert _outcomes(files) == [Outcome.KEPT, Outcome.BROKEN]


def test_the_documents_of_the_release_do_not_count() -> None:
    """Both identifiers may stand in a table of what is new."""
    files = {"docs/RELEASE_3.md": "`fetchTimetable` became `listSailings`.\n"}
    assert _outcomes(files) == [Outcome.OMITTED] * 2


@pytest.mark.parametrize("step", PAIR.steps)
def test_both_solutions_in_one_file_keep_what_is_replaced(step: str) -> None:
    """Whoever has both has an alias: one value is served by what is not there."""
    work = PAIR.loaded.work[step]
    assert _outcomes({work.target: "\n\n".join(work.solutions.values())}, step) == [Outcome.KEPT, Outcome.BROKEN]


@pytest.mark.parametrize("step", PAIR.steps)
def test_work_beside_what_is_replaced_takes_no_side(step: str) -> None:
    """New code that brings in no successor is omitted."""
    work = PAIR.loaded.work[step]
    assert _outcomes({work.target: f"{work.stub}\nexport const version = 3;\n"}, step) == [Outcome.OMITTED] * 2


def _outcomes(files: dict[str, str], step: str = "sailings") -> list[Outcome]:
    changes = tuple(Change(path, PAIR.loaded.base[path], text.encode()) for path, text in files.items())
    return [outcome_of(PAIR.loaded, direction, step, changes) for direction in PAIR.directions]
