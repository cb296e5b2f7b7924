"""The table of faults that is kept with the project is the one that the runs give."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from agent_fault_list import AGENT_FAULTS
from fault_expectations import Expected
from fault_provider import Fault
from fault_runs import FaultRun
from fault_table import Row, render_table
from provider_fault_list import PROVIDER_FAULTS
from runner_faults import RunnerFault
from server_fault_list import SERVER_FAULTS

pytestmark = pytest.mark.opencode

TABLE = Path(__file__).parents[3] / "generated" / "faults.md"


def _rows(faulty: FaultRun, faults: Iterable[tuple[Fault, Expected]]) -> list[Row]:
    rows = []
    for fault, expected in faults:
        witness = faulty.witnesses[fault.name]
        record = witness.result.record
        rows.append(
            Row(
                fault=fault.name,
                done=fault.done,
                status=record.status,
                steps=witness.outcomes,
                reason=expected.varies or record.reason,
                within=expected.within,
                lost=witness.lost,
            )
        )
    return rows


def _row(found: RunnerFault) -> Row:
    reason = found.said or found.record.reason
    return Row(found.name, found.done, found.record.status, found.outcomes, reason, 60.0, found.lost)


def test_the_table_is_what_the_runs_give(faulty: FaultRun, disturbed: tuple[RunnerFault, ...]):
    actual = render_table(
        (
            ("Of the model's provider", _rows(faulty, PROVIDER_FAULTS)),
            ("Of OpenCode", _rows(faulty, SERVER_FAULTS)),
            ("Of the agent", _rows(faulty, AGENT_FAULTS)),
            ("Of the runner", [_row(found) for found in disturbed]),
        )
    )
    if os.environ.get("DRIFTLANG_BLESS"):
        TABLE.write_text(actual, encoding="utf-8")
    assert actual == TABLE.read_text(encoding="utf-8")
