"""The runs that the tests of faults look at: each is made once."""

from pathlib import Path

import pytest
from agent_fault_list import AGENT_FAULTS
from fault_runs import FaultRun, run_faults
from provider_fault_list import PROVIDER_FAULTS
from runner_faults import RUNNER_FAULTS, RunnerFault
from server_fault_list import SERVER_FAULTS

#: Faults whose trials are run once more when all is well again; they come first.
_AGAIN = (
    *("slow drip without end", "pipe in place of a later file", "command without end"),  # all wait for a turn's bound
    *("401", "hang mid-stream", "answer without end", "OpenCode killed", "OpenCode hung", "many files"),
)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> FaultRun:
    """The run in which each trial meets a fault of its own."""
    faults = [fault for fault, _ in (*PROVIDER_FAULTS, *SERVER_FAULTS, *AGENT_FAULTS)]
    faults.sort(key=lambda fault: _AGAIN.index(fault.name) if fault.name in _AGAIN else len(_AGAIN))
    return run_faults(tmp_path_factory.mktemp("faulty"), tuple(faults), opencode, again=len(_AGAIN))


@pytest.fixture(scope="session")
def disturbed(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> tuple[RunnerFault, ...]:
    """Runs whose runner met a fault."""
    return tuple(befall(tmp_path_factory.mktemp("disturbed"), opencode) for befall in RUNNER_FAULTS)
