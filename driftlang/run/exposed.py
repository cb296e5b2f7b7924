"""What a step's model had read: from the runner's own forms, while a trial runs and from its journal.

In: a step as the plan has it, and what came of it. Out: `StepFacts` for the watch; and the measures of all trials of a
run, measured anew from what its journal holds.
Refuses to do: taking a measure from the record. What is measured anew must equal what was recorded.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from attrs import evolve, frozen

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
from driftlang.run.line import branch_name
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


def exposure_of_run(run_folder: Path) -> Mapping[tuple[str, str], tuple[StepExposure, ...]]:
    """What each step of the last attempt at a trial showed, measured from the calls in the journal.

    By trial and branch, whose name is empty for the trial's own line; see `line.branch_name`.

    Raises:
        Failure: there is no journal or no plan, or one is damaged.
    """
    plan = read_plan(run_folder / PLAN_FOLDER)
    cells = {cell.id: cell for cell in plan.cells}
    scripts = {script.id: script for script in plan.scripts}
    measured: dict[tuple[str, str], tuple[StepExposure, ...]] = {}
    with reading(run_folder) as connection:
        for trial in plan.trials:
            script = scripts[trial.script]
            again = _Again(connection, cells[script.cell], script, list(read_exchanges(run_folder, trial.id)))
            measured |= {(trial.id, name): steps for name, steps in again.measure(trial.id).items()}
    return measured


@frozen
class _Again:
    """The calls of a trial, to be measured anew."""

    connection: sqlite3.Connection
    cell: PlannedCell
    script: PlannedScript
    calls: Sequence[Exchange]

    def measure(self, trial: str) -> Mapping[str, tuple[StepExposure, ...]]:
        """Each line of the trial; a branch begins where the trial's own line stood before that step."""
        query = (
            "SELECT branch, record, session, before, after, messages FROM steps WHERE trial = ? "
            "AND attempt = (SELECT attempts FROM trials WHERE trial = ?) ORDER BY position"
        )
        rows: dict[str, list[sqlite3.Row]] = {"": []}
        for row in self.connection.execute(query, (trial, trial)):
            rows.setdefault(row["branch"], []).append(row)
        branches = {branch_name(branch, self.script): branch for branch in self.script.branches}
        watch, own, measured = ExposureWatch(), list[StepExposure](), dict[str, tuple[StepExposure, ...]]()
        for turn, row in zip_longest(self.script.turns, rows[""]):
            for name, branch in branches.items():
                if name in rows and turn and branch.position == turn.position:
                    turns = (*self.script.turns[: turn.position - 1], *branch.turns)
                    measured[name] = self._branch(watch.fork(), turns, rows[name])
            if row is not None:
                own.append(self._step(watch, self.script.turns, row))
        return {"": tuple(own), **measured}

    def _branch(
        self, watch: ExposureWatch, turns: Sequence[Turn], rows: Sequence[sqlite3.Row]
    ) -> tuple[StepExposure, ...]:
        if self.cell.session != "fresh":
            watch.go_on_in(rows[0]["session"])
        return tuple(self._step(watch, turns, row) for row in rows)

    def _step(self, watch: ExposureWatch, turns: Sequence[Turn], row: sqlite3.Row) -> StepExposure:
        record = load_form(StepRecord, row["record"])
        turn = next(turn for turn in turns if turn.position == record.position)
        demand = demand_on(self.cell, turns, record.position)
        trees = (load_tree(self._content(row["before"])), load_tree(self._content(row["after"])))
        facts = facts_of(turn, record.injected, demand, row["session"], trees, unpack(row["messages"]))
        return watch.step((call for call in self.calls if call.position == record.position), facts)

    def _content(self, digest: str) -> bytes:
        row = self.connection.execute("SELECT content FROM blobs WHERE digest = ?", (digest,)).fetchone()
        return unpack(row[0])
