"""Whatever fails in one trial is recorded as what it is, in time and whole, and touches no other trial."""

from pathlib import Path

import pytest
from agent_fault_list import AGENT_FAULTS, FINDINGS, OUTSIDE
from fault_expectations import ENDS, Expected
from fault_provider import Fault
from fault_runs import SECRET, FaultRun
from provider_fault_list import PROVIDER_FAULTS
from runner_faults import RunnerFault
from server_fault_list import SERVER_FAULTS

pytestmark = pytest.mark.opencode

FAULTS = (*PROVIDER_FAULTS, *SERVER_FAULTS, *AGENT_FAULTS)
ENDING = [(fault, expected) for fault, expected in FAULTS if expected.status == ENDS]
GOING_ON = [(fault, expected) for fault, expected in FAULTS if expected.status != ENDS]
every_fault = pytest.mark.parametrize(("fault", "expected"), FAULTS, ids=[fault.name for fault, _ in FAULTS])
every_end = pytest.mark.parametrize(("fault", "expected"), ENDING, ids=[fault.name for fault, _ in ENDING])
every_other = pytest.mark.parametrize(("fault", "expected"), GOING_ON, ids=[fault.name for fault, _ in GOING_ON])


@every_fault
def test_it_is_recorded_as_what_it_is(faulty: FaultRun, fault: Fault, expected: Expected):
    record = faulty.witnesses[fault.name].result.record
    assert (record.status, record.attempts) == (expected.status, 1)
    assert expected.reason in record.reason
    assert "\n" not in record.reason
    assert bool(record.reason) == (expected.status == ENDS)


@every_fault
def test_it_struck(faulty: FaultRun, fault: Fault, expected: Expected):
    del expected
    assert faulty.witnesses[fault.name].plant.strikes > 0


@every_end
def test_it_is_never_a_score(faulty: FaultRun, fault: Fault, expected: Expected):
    """Step 1 broke the constraint before the fault struck: even that is in no rate."""
    del expected
    assert faulty.witnesses[fault.name].outcomes == ("error", "error")


@every_other
def test_a_trial_that_goes_on_has_the_outcomes_that_its_agent_earned(
    faulty: FaultRun, fault: Fault, expected: Expected
):
    assert faulty.witnesses[fault.name].outcomes == ("broken", expected.outcome)
    if expected.same_tree:
        assert faulty.ends[fault.name] == faulty.undisturbed[0].end


@every_fault
def test_it_is_told_within_its_bound(faulty: FaultRun, fault: Fault, expected: Expected):
    assert faulty.witnesses[fault.name].detected < expected.within


@every_fault
def test_nothing_that_happened_before_is_lost(faulty: FaultRun, fault: Fault, expected: Expected):
    del expected
    assert faulty.witnesses[fault.name].lost == ()


@every_fault
def test_the_trials_around_it_are_clean(faulty: FaultRun, fault: Fault, expected: Expected):
    """Faults strike in step 2 of trials that run behind and beside others: step 1 is as if there were none."""
    del expected
    if fault.step > 1:
        assert faulty.beginnings[fault.name] == faulty.undisturbed[0].beginning


def test_trials_without_a_fault_in_the_same_run_are_as_if_there_were_none(faulty: FaultRun):
    first, second = faulty.undisturbed
    assert first == second
    assert first.outcomes == ("broken", "broken")


def test_neither_a_process_nor_a_folder_is_left(faulty: FaultRun):
    assert (faulty.processes, faulty.folders) == ((), ())


def test_once_the_trouble_is_over_the_next_run_comes_to_what_an_undisturbed_one_comes_to(faulty: FaultRun):
    assert faulty.again.failed == ()
    assert len(faulty.mended) > 2
    for end in faulty.mended.values():
        assert end == faulty.undisturbed[0].end


def test_the_journal_is_good(faulty: FaultRun):
    assert faulty.integrity == "ok"


def test_whatever_befalls_the_runner_its_trials_come_to_what_they_would_have(
    faulty: FaultRun, disturbed: tuple[RunnerFault, ...]
):
    for found in disturbed:
        assert (found.name, found.end, found.lost) == (found.name, faulty.undisturbed[0].end, ())
        assert found.outcomes == ("broken", "broken")


def test_a_second_runner_in_the_same_folder_is_refused(disturbed: tuple[RunnerFault, ...]):
    said = {found.name: found.said for found in disturbed}
    assert "another" in said["two runners in one folder"]


def test_how_long_a_step_took_is_told_by_no_clock_that_can_be_moved(disturbed: tuple[RunnerFault, ...]):
    (record,) = (found.record for found in disturbed if found.name == "clock moved")
    assert all(0 < step.seconds < 60 for step in record.steps)
    assert 0 < record.seconds < 120


def _findings(faulty: FaultRun, name: str) -> str:
    """What the agent wrote down in the step that was struck."""
    changes = faulty.witnesses[name].result.observation.steps[1].changes
    (found,) = (change.after for change in changes if change.path == FINDINGS)
    return (found or b"").decode()


def test_what_is_written_outside_of_the_work_tree_is_nowhere(faulty: FaultRun):
    assert faulty.witnesses["writes outside"].plant.strikes == 1
    assert [path for path in OUTSIDE if Path(path).exists()] == []


def test_an_agent_that_reads_environments_finds_a_dummy_and_nothing_of_the_host(faulty: FaultRun):
    found = _findings(faulty, "environment read")
    assert "HOME=/home/robin" in found
    for told in (SECRET, str(Path.home()), "sk-", "drift", "breaker", "opposing"):
        assert told not in found


def test_sockets_reach_the_agents_own_server_and_the_model_and_nothing_else(faulty: FaultRun):
    reached = [line for line in _findings(faulty, "sockets opened").splitlines() if line.endswith("reached")]
    assert reached == ["127.0.0.1 4096 reached", "127.0.0.1 8080 reached"]
