"""`injection-changes-code`: a message that enters a file leaves its code as it was.

In: scenarios and their cells. Out: an error in the sink for each place whose message changes the code of a file.
Refuses to do: judging whether there is a place at all; see `anchors` and `speech`.

Why: an arm that changes the program differs from the others in more than what is said.
Limits: each message is tried in the file as it is before the first step, or as the first solution makes it, and one
message for each place in the file as each reference solution leaves it: a comment that ends early does so in any file,
and a file that a comment harms is harmed by any. What an agent makes of a file may be anything else.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from driftlang.cells.forms import Cell, Spot
from driftlang.diagnostics.diagnostic import Sink
from driftlang.inject.forms import CHANGES_CODE, Inserted
from driftlang.inject.insert import insert
from driftlang.inject.same_code import same_code
from driftlang.model.forms import Scenario, Schedule
from driftlang.model.schedules import DOCSTRING, DOCUMENT, OUTSIDE_FILES
from driftlang.validity.proof.plays import Play, untouched


def check_exact_injection(scenario: Scenario, plays: Sequence[Play], cells: Sequence[Cell], sink: Sink) -> None:
    """Put each message of the cells into its file, and one into each text that the file may have."""
    contents = _contents(scenario, plays)
    seen: set[tuple[Schedule, Spot]] = set()
    for schedule, spot, text, is_last in dict.fromkeys(_said(scenario, cells)):
        every = contents.get(spot.path, ())
        tried = every[:1] if (schedule, spot) in seen else every
        seen.add((schedule, spot))
        if not all(_is_exact(content, spot, text, is_last=is_last) for content in tried):
            _report(schedule, spot, text, sink)


@lru_cache(maxsize=4096)
def _is_exact(content: bytes, spot: Spot, text: str, *, is_last: bool) -> bool:
    """Whether the code of a file is the same with the text in it, or it may be said elsewhere or has no place there.

    Studies share scenarios, and scenarios share messages: what was tried is known.
    """
    found = insert(content, spot.path, text, spot.place, anchor=spot.anchor)
    if not isinstance(found, Inserted):
        return not (is_last and found.reason == CHANGES_CODE)
    return same_code(content, found.source, spot.path, without_docstrings=spot.place == DOCSTRING)


def _contents(scenario: Scenario, plays: Sequence[Play]) -> Mapping[str, tuple[bytes, ...]]:
    """The texts that each file may have: untouched, and behind each solution."""
    found: dict[str, dict[bytes, None]] = {}
    for tree in (untouched(scenario.repo), *(play.tree for play in plays)):
        for path, content in tree.items():
            found.setdefault(path, {})[content] = None
    return {path: tuple(contents) for path, contents in found.items()}


def _said(scenario: Scenario, cells: Sequence[Cell]) -> Iterator[tuple[Schedule, Spot, str, bool]]:
    """What is said where, in files whose code it could change, and whether it is said there or nowhere."""
    for cell in cells:
        if cell.variant != scenario.key:
            continue
        name = cell.levels.get("schedule", scenario.schedule.name)
        schedule = scenario.schedules.get(name, scenario.schedule)
        for script in cell.scripts:
            for turn in script.turns:
                for one in turn.injections:
                    for spot in one.spots:
                        if spot.place not in {*OUTSIDE_FILES, DOCUMENT}:
                            is_last = len(one.spots) == 1 and not schedule.places[-1].may_be_nothing
                            yield schedule, spot, one.text, is_last


def _report(schedule: Schedule, spot: Spot, text: str, sink: Sink) -> None:
    words = " ".join(text.split())
    sink.error(
        "injection-changes-code",
        f"`{schedule.name}` says `{words[:60]}` at {spot.words}, and the code of the file is not the same behind it",
        schedule.places[0].span,
        help="let it speak at another place, or in another file",
    )
