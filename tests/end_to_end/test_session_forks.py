"""Forks through the real OpenCode: branches begin alike, and leave no trace in each other or in the trial's own line.

The agent of these trials keeps count in every place that it can write to: a file of the work tree, the repository's
history, its home and its temporary folder. So a step that shows another number than its own has met another line.
"""

from pathlib import Path

import pytest
from session_plans import MESSAGE, Ran, Scenario, run_scenario
from small_plans import markers_of

from driftlang.observe.forms import StepObservation
from driftlang.run.reaping import marked
from driftlang.run.sandbox.confinement import BUBBLEWRAP, NONE

pytestmark = pytest.mark.opencode

#: Each command of the agent's adds one to a count, or writes down what all of them have come to.
_COUNTING = (
    "echo x >> notes.txt; echo x >> ~/.trace; echo x >> $TMPDIR/trace; chmod 755 notes.txt; ln -sf notes.txt latest",
    "git add -A; git commit -qm 'Log more'",
    "wc -l < notes.txt > seen.txt; wc -l < ~/.trace >> seen.txt; wc -l < $TMPDIR/trace >> seen.txt",
    "git rev-list --count HEAD >> seen.txt; pgrep -fc [t]ick-$PWD >> seen.txt; tally >> seen.txt",
    "(exec -a tick-$PWD sleep 600 > /dev/null 2>&1) &",
)
_RUNS = "\n".join(f'run "{command}"' for command in _COUNTING)


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> Ran:
    """A trial of four steps that forks into three arms at its third, and once more into one of them at its fourth."""
    session = """
  mode   continue
  fork   at step 3 into opposing, placebo, bare
  fork   at step 4 into placebo
"""
    scenario = Scenario(
        session,
        steps=("orders", "returns", "letters", "calls"),
        runs=_RUNS,
        checks='check "tally && test $(wc -l < notes.txt) -ge 1"',
        repository='network none\n  program "tally" """\n    #!/bin/sh\n    echo tallied\n  """',
    )
    return run_scenario(tmp_path_factory.mktemp("forked") / "study", scenario, opencode, sandbox=BUBBLEWRAP)


def _seen(step: StepObservation) -> list[str]:
    (content,) = [change.after or b"" for change in step.changes if change.path == "seen.txt"]
    return content.decode().split()


def test_every_line_goes_to_its_end(forked: Ran):
    record, branches = forked.result.record, forked.result.branches
    assert (record.status, record.reason) == ("finished", "")
    assert [step.position for step in record.steps] == [1, 2, 3, 4]
    assert [(one.arm, [step.position for step in one.steps]) for one in branches] == [
        ("bare", [3, 4]),
        ("opposing", [3, 4]),
        ("placebo@3", [3, 4]),
        ("placebo@4", [4]),
    ]
    assert {step.error for one in branches for step in one.steps} == {""}


def test_a_line_meets_its_own_past_alone(forked: Ran):
    """Lines of notes, of traces at home and in the temporary folder; commits; programs left running; the stub."""
    lines = [forked.result.observation, *(one.observation for one in forked.result.branches)]
    seen = {(line, step.position): _seen(step) for line, one in enumerate(lines) for step in one.steps}
    assert seen == {
        (line, position): [*[str(position)] * 3, str(position + 1), str(position - 1), "tallied"]
        for line, position in seen
    }


def test_branches_begin_byte_for_byte_alike(forked: Ran):
    branches = {one.arm: one.observation for one in forked.result.branches}
    own = forked.result.observation.steps
    assert branches["opposing"].base == branches["bare"].base == branches["placebo@3"].base
    # The branch into the cell's own arm is injected the same, and so is found and left the same.
    assert branches["opposing"].steps == own[2:]
    assert branches["bare"].steps[0].injected == ()
    assert branches["bare"].base["notes.txt"] == b"x\nx\n"


def test_histories_are_equal_up_to_the_fork_and_go_apart_behind_it(forked: Ran):
    own = forked.requests(3)
    for name in ("opposing", "placebo@3", "bare"):
        assert forked.requests(3, name)[0] == own[0]
    assert MESSAGE in str(own[-1])
    assert MESSAGE in str(forked.requests(3, "opposing")[-1])
    assert str(forked.requests(3, "bare")[-1]).count(MESSAGE) == str(own[0]).count(MESSAGE)
    assert forked.requests(4, "placebo@4")[0] == forked.requests(4)[0]
    assert forked.requests(4, "bare")[0] != forked.requests(4)[0]


def test_every_branch_has_a_session_of_its_own(forked: Ran):
    sessions = {(one.branch, one.session) for one in forked.exchanges}
    assert len(sessions) == len(dict(sessions)) == len({session for _, session in sessions}) == 5


def test_checks_of_branches_find_the_stub_programs(forked: Ran):
    steps = [*forked.result.record.steps, *(step for one in forked.result.branches for step in one.steps)]
    assert [(step.done, [check.output for check in step.checks]) for step in steps] == [("yes", ["tallied"])] * 11


def test_nothing_of_any_line_is_left_running(forked: Ran):
    assert [process for marker in markers_of(forked.folder) for process in marked(marker)] == []


def test_fresh_sessions_fork_by_their_files_alone_also_without_a_sandbox(tmp_path: Path, opencode: Path):
    scenario = Scenario(
        "mode fresh\n  fork at step 2 into placebo",
        steps=("orders", "returns"),
        runs=_RUNS,
        repository='program "tally" """\n    #!/bin/sh\n    echo tallied\n  """',
    )
    ran = run_scenario(tmp_path / "study", scenario, opencode, sandbox=NONE)
    (branch,) = ran.result.branches
    assert [_seen(step) for step in (*ran.result.observation.steps, *branch.observation.steps)] == [
        ["1", "1", "1", "2", "0", "tallied"],
        ["2", "2", "2", "3", "1", "tallied"],
        ["2", "2", "2", "3", "1", "tallied"],
    ]
    assert len({one.session for one in ran.exchanges}) == 3
    users = [[text for role, text in request if role == "user"] for request in ran.requests(2, "placebo")]
    assert users
    assert users == [[ran.script.turns[1].text]] * len(users)
