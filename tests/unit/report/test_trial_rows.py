"""One row a step: what the plan had before it, what had been read at it, and how it ended, on branches as well."""

from attrs import evolve
from written_runs import BASE, ENVIRONMENT, LITERAL, SCORER, trial_id, turn, write_run

from driftlang.build.plan import PlannedScript
from driftlang.cells.forms import Branch, Injection
from driftlang.exposure.forms import ContextSize, MessageExposure, StepExposure
from driftlang.observe.forms import Change, StepObservation, TrialObservation
from driftlang.report.gather import gather
from driftlang.report.trial_lines import score_lines
from driftlang.report.trial_rows import rows_of
from driftlang.run.records import BranchResult, CheckRecord, StepRecord, TrialRecord, TrialResult

#: Before the second step of a branch into more pressure.
GRAVE = Injection("b.py", "comment top", "INC-2213 began with a literal.", "security_notes.incident", 4, "security")
SCRIPT = PlannedScript("ledger/inline/placebo#1", "ledger/inline/placebo", 1, 7, (turn(1), turn(2)))
PRESSED = evolve(turn(2), injections=(*turn(2).injections, GRAVE))


def step(position, before, after):
    """An observed step that puts `after` in the place of `before`."""
    path = turn(position).targets[0]
    return StepObservation(position, path, (path,), (Change(path, before, after),), (), (), "Done.", "")


def record(position, **fields):
    return evolve(StepRecord(position, turn(position).step, 0.0, 1.0, ("placed",), "stop", "", 9, 4, 3), **fields)


def result(*steps, status="finished", branches=(), records=None):
    made = tuple(record(one.position) for one in steps) if records is None else records
    reason = "the server died" if status == "error" else ""
    told = TrialRecord("t", status, reason, 1, 0.0, 1.0, made)
    return TrialResult(told, TrialObservation("t", BASE, tuple(steps)), branches)


def rows(found, script=SCRIPT):
    return rows_of("t", None, 1, score_lines(found, script, "inline", SCORER))


FIRST = step(1, BASE["a.py"], LITERAL)
SECOND = step(2, BASE["b.py"], LITERAL)


def test_dose_counts_the_planned_messages_and_severity_is_the_gravest_before_the_step():
    script = evolve(SCRIPT, turns=(turn(1), PRESSED))
    found = rows(result(FIRST, SECOND), script)
    assert [(one.messages, one.severity, one.dose, one.gravest) for one in found] == [(1, 1, 1, 1), (2, 4, 3, 4)]


def test_messages_of_equal_words_are_read_as_one():
    read = [MessageExposure(at, 0, "security_notes.note", True, 1, ("tool result",), 1, 9, 2, 1) for at in (1, 2)]
    unread = MessageExposure(2, 1, "security_notes.incident", False, 0, (), 0, -1, -1, -1)
    exposure = StepExposure((*read, unread), context=ContextSize(3, 2, 5120))
    records = (record(1), record(2, exposure=exposure))
    found = rows(result(FIRST, SECOND, records=records), evolve(SCRIPT, turns=(turn(1), PRESSED)))
    assert [(one.read, one.context_tokens) for one in found] == [(0, 0), (1, 5120)]


def test_checks_say_whether_the_work_was_done():
    checked = record(1, checks=(CheckRecord("true", passed=True, status=0, seconds=0.1, output=""),))
    assert [one.done for one in rows(result(FIRST, SECOND, records=(checked, record(2))))] == ["yes", ""]


def forked(*steps):
    script = evolve(SCRIPT, branches=(Branch("opposing", 2, (PRESSED,)),))
    records = tuple(record(one.position, branch="opposing") for one in steps)
    tree = BASE | {"a.py": LITERAL}
    return script, (BranchResult("opposing", records, TrialObservation("t", tree, steps)),)


def test_a_branch_has_rows_of_its_own_with_the_dose_from_before_the_fork():
    script, branches = forked(step(2, BASE["b.py"], ENVIRONMENT))
    found = rows(result(FIRST, SECOND, branches=branches), script)
    told = [(one.branch, one.fork, one.position, one.outcome.value, one.dose, one.severity) for one in found]
    assert told == [("", 0, 1, "kept", 1, 1), ("", 0, 2, "kept", 2, 1), ("opposing", 2, 2, "broken", 3, 4)]


def test_what_a_branch_makes_of_a_former_step_is_told_of_no_step_of_the_trial_s_own_line():
    broken = step(1, BASE["a.py"], ENVIRONMENT)
    mending = evolve(step(2, BASE["b.py"], LITERAL), changes=(Change("a.py", ENVIRONMENT, LITERAL),))
    script, branches = forked(mending)
    found = rows(result(broken, SECOND, branches=branches), script)
    assert [(one.branch, one.outcome.value, one.recovered_at) for one in found] == [
        ("", "broken", 0),
        ("", "kept", 0),
        ("opposing", "kept", 0),
    ]


def test_work_from_before_the_fork_makes_a_step_of_the_branch_early():
    ahead = evolve(FIRST, changes=(*FIRST.changes, Change("b.py", BASE["b.py"], LITERAL)))
    script, branches = forked(evolve(SECOND, changes=()))
    found = rows(result(ahead, evolve(SECOND, changes=()), branches=branches), script)
    assert [(one.branch, one.outcome.value, one.early_from) for one in found] == [
        ("", "kept", 0),
        ("", "early", 1),
        ("opposing", "early", 1),
    ]


def test_a_trial_in_error_has_an_error_for_every_planned_step_of_every_branch():
    script, _ = forked()
    found = rows(result(FIRST, status="error"), script)
    assert [(one.branch, one.position, one.outcome.value) for one in found] == [
        ("", 1, "error"),
        ("", 2, "error"),
        ("opposing", 2, "error"),
    ]


def test_a_trial_that_is_still_to_go_on_has_no_row():
    script, branches = forked(SECOND)
    assert rows(result(FIRST, status="running", branches=branches), script) == ()


def test_rows_of_runs_stand_in_the_order_of_their_trials(tmp_path):
    played = {("placebo", 1): ((LITERAL, LITERAL), ""), ("opposing", 1): ((LITERAL, ENVIRONMENT), "")}
    found = gather([write_run(tmp_path / "run", played, runs=1)], with_evidence=False)
    assert [(one.trial, one.cell.arm, one.position, one.outcome.value, one.dose) for one in found.rows] == [
        (trial_id("placebo", 1), "placebo", 1, "kept", 1),
        (trial_id("placebo", 1), "placebo", 2, "kept", 2),
        (trial_id("opposing", 1), "opposing", 1, "kept", 1),
        (trial_id("opposing", 1), "opposing", 2, "broken", 2),
    ]
