"""What a step's model had read: from the runner's own forms, while a trial runs and from its journal.

In: a step as the plan has it, and what came of it. Out: `StepFacts` for the watch; and the measures of all trials of a
run, measured anew from what its journal holds.
Refuses to do: taking a measure from the record. What is measured anew must equal what was recorded.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import evolve

from driftlang.build.plan import PlannedCell, PlannedScript
from driftlang.build.plan_toml import read_plan
from driftlang.cells.events import RemindEvent, SwitchEvent
from driftlang.cells.forms import Turn
from driftlang.exposure.forms import Demand, SaidMessage, StepExposure, StepFacts
from driftlang.exposure.watch import ExposureWatch
from driftlang.gateway.forms import Exchange
from driftlang.observe.forms import Tree
from driftlang.run.folder import PLAN_FOLDER
from driftlang.run.injections import is_placed, spoken_text
from driftlang.run.reading import read_exchanges
from driftlang.run.records import StepRecord
from driftlang.run.schema import reading
from driftlang.run.stored_forms import load_form, load_tree, unpack

#: The repository's file of instructions for agents.
AGENTS_FILE = "AGENTS.md"


def demand_on(cell: PlannedCell, turns: Sequence[Turn], position: int) -> Demand:
    """The constraint in force at a step: the cell's, or that of the last switch up to it."""
    now, former = Demand(cell.place, cell.constraint if cell.instructions else "", cell.instructions), ""
    for turn in turns:
        for event in turn.events:
            if isinstance(event, SwitchEvent) and turn.position <= position:
                former = now.instructions if turn.position == position else ""
                now = Demand(cell.place, event.text, event.instructions)
    return evolve(now, former=former)


def facts_of(  # noqa: PLR0913, PLR0917 - the parts of one form, each of a type of its own
    turn: Turn, went: Sequence[str], demand: Demand, session: str, trees: tuple[Tree, Tree], messages: bytes
) -> StepFacts:
    """What is known of a step beside its calls.

    `went` is what the journal says of its injections, `trees` are the snapshots before the turn and behind it, and
    `messages` the turn's messages as OpenCode gives them.
    """
    before, after = trees
    pairs = enumerate(zip(turn.injections, went, strict=True))
    return StepFacts(
        position=turn.position,
        session=session,
        said=(*(event.text for event in turn.events if isinstance(event, RemindEvent)), spoken_text(turn, went)),
        placed=tuple(
            SaidMessage(turn.position, number, one.message, one.text) for number, (one, how) in pairs if is_placed(how)
        ),
        demand=demand,
        messages=messages,
        changed=_changed(before, after),
        agents_file=(_digest(before), _digest(after)),
    )


def _changed(before: Tree, after: Tree) -> Mapping[str, bool]:
    paths = sorted({*before.entries, *after.entries})
    return {path: path in before.entries for path in paths if before.entries.get(path) != after.entries.get(path)}


def _digest(tree: Tree) -> str:
    entry = tree.entries.get(AGENTS_FILE)
    return entry.digest if entry else ""


def exposure_of_run(run_folder: Path) -> Mapping[str, tuple[StepExposure, ...]]:
    """By trial, what each step of the last attempt's own line showed, measured from the calls in the journal.

    Raises:
        Failure: there is no journal or no plan, or one is damaged.
    """
    plan = read_plan(run_folder / PLAN_FOLDER)
    cells = {cell.id: cell for cell in plan.cells}
    scripts = {script.id: script for script in plan.scripts}
    with reading(run_folder) as connection:
        return {
            trial.id: _measure(connection, run_folder, trial.id, scripts[trial.script], cells) for trial in plan.trials
        }


def _measure(
    connection: sqlite3.Connection,
    run_folder: Path,
    trial: str,
    script: PlannedScript,
    cells: Mapping[str, PlannedCell],
) -> tuple[StepExposure, ...]:
    calls: dict[int, list[Exchange]] = {}
    for call in read_exchanges(run_folder, trial):
        calls.setdefault(call.position, []).append(call)
    turns = {turn.position: turn for turn in script.turns}
    rows = connection.execute(
        "SELECT record, session, before, after, messages FROM steps WHERE trial = ? AND branch = '' "
        "AND attempt = (SELECT attempts FROM trials WHERE trial = ?) ORDER BY position",
        (trial, trial),
    ).fetchall()
    watch, measured = ExposureWatch(), []
    for row in rows:
        record = load_form(StepRecord, row["record"])
        demand = demand_on(cells[script.cell], script.turns, record.position)
        trees = (load_tree(_content(connection, row["before"])), load_tree(_content(connection, row["after"])))
        messages = _content(connection, row["messages"])
        facts = facts_of(turns[record.position], record.injected, demand, row["session"], trees, messages)
        measured.append(watch.step(calls.get(record.position, ()), facts))
    return tuple(measured)


def _content(connection: sqlite3.Connection, digest: str) -> bytes:
    row = connection.execute("SELECT content FROM blobs WHERE digest = ?", (digest,)).fetchone()
    return unpack(row[0])
