"""Everything that may happen between turns, through the real OpenCode: what a provider is sent, what is on record."""

from pathlib import Path

import pytest
from session_plans import BY_ADDRESS, BY_NUMBER, EARLIER, FILLER, MESSAGE, PROBE, REMINDER, Ran, Scenario, run_scenario

from driftlang.run.events import PAD_OPENING
from driftlang.run.records import ProbeRecord

pytestmark = pytest.mark.opencode

EVENTS = f"""
  mode    continue
  prefix  from "talk.jsonl"
  pad     400 tokens before step 2 from "log.txt"
  remind  at step 2 "{REMINDER}"
  probe   rules at step 2 {{ ask "{PROBE}" }}
  switch  constraint at step 3 to by_address
  compact before step 3
  remind  at step 3 verbatim
"""
CHECKS = 'check "grep -q log.info {{ target }}"\n check "grep -q customer.number {{ target }}"'


@pytest.fixture(scope="module")
def in_agents_file(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> Ran:
    """A trial with every event, the constraint in the agents file, beside one of the repository's own."""
    scenario = Scenario(
        EVENTS, checks=CHECKS, commit='file "AGENTS.md" """\n      Lines have at most 100 characters.\n    """'
    )
    return run_scenario(tmp_path_factory.mktemp("agents-file") / "study", scenario, opencode)


@pytest.fixture(scope="module")
def in_first_turn(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> Ran:
    """A trial whose constraint stands in the first turn, switched before the second, with a fork at the third."""
    session = """
  mode    continue
  switch  constraint at step 2 to by_address
  fork    at step 3 into placebo
"""
    scenario = Scenario(session, place="first_turn")
    return run_scenario(tmp_path_factory.mktemp("first-turn") / "study", scenario, opencode)


@pytest.fixture(scope="module")
def in_system_prompt(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> Ran:
    """The same with the constraint in the system prompt, and a probe behind the switch."""
    session = f"""
  mode    continue
  switch  constraint at step 2 to by_address
  probe   rules at step 2 {{ ask "{PROBE}" }}
  fork    at step 3 into placebo
"""
    scenario = Scenario(session, place="system_prompt")
    return run_scenario(tmp_path_factory.mktemp("system-prompt") / "study", scenario, opencode)


def _said(request: list[tuple[str, str]], *roles: str) -> list[str]:
    return [text for role, text in request if role in roles]


def _ask(ran: Ran, position: int) -> str:
    return ran.script.turns[position - 1].text


def test_the_trial_is_finished_and_what_happened_is_on_record(in_agents_file: Ran):
    record = in_agents_file.result.record
    assert (record.status, record.reason) == ("finished", "")
    assert [step.events for step in record.steps] == [
        (),
        ("pad of 400 tokens", "remind", "probe rules"),
        ("switch to by_address", "compact", "remind"),
    ]


def test_a_prefix_stands_before_the_first_turn(in_agents_file: Ran):
    request = in_agents_file.requests(1)[0]
    assert request[1:] == [*EARLIER, ("user", _ask(in_agents_file, 1))]


def test_filler_and_reminder_are_said_before_the_turn_without_an_answer(in_agents_file: Ran):
    request = in_agents_file.requests(2)[0]
    filler, reminder, turn = request[-3:]
    assert filler[0] == "user"
    assert filler[1].startswith(f"{PAD_OPENING}\n\n{FILLER}")
    assert 1500 < len(filler[1]) - len(PAD_OPENING) < 1603
    assert (reminder, turn) == (("user", REMINDER), ("user", _ask(in_agents_file, 2)))


def test_a_probe_is_asked_behind_them_and_is_on_record(in_agents_file: Ran):
    (request,) = in_agents_file.requests(2, purpose="probe")
    assert request[-2:] == [("user", REMINDER), ("user", PROBE)]
    (probe,) = in_agents_file.result.record.steps[1].probes
    assert probe == ProbeRecord("rules", PROBE, "I do what I was asked to do here, step by step.")


def test_a_turn_never_learns_of_a_probe(in_agents_file: Ran):
    turns = [request for position in (1, 2, 3) for request in in_agents_file.requests(position)]
    assert len(turns) == sum(step.model_calls for step in in_agents_file.result.record.steps)
    assert not [request for request in turns if PROBE in str(request)]


def test_calls_before_the_turn_are_not_counted_as_the_turn_s(in_agents_file: Ran):
    calls = {(one.position, one.purpose): one for one in in_agents_file.exchanges if one.purpose}
    assert set(calls) == {(2, "probe"), (3, "compact")}
    second = [one for one in in_agents_file.exchanges if one.position == 2 and not one.purpose]
    assert in_agents_file.result.record.steps[1].prompt_tokens == sum(one.prompt_tokens for one in second)


def test_a_compaction_is_asked_of_the_model_without_tools(in_agents_file: Ran):
    (exchange,) = [one for one in in_agents_file.exchanges if one.purpose == "compact"]
    assert exchange.status == 200
    assert b'"tools"' not in exchange.request
    assert exchange.session == in_agents_file.exchanges[0].session


def test_behind_a_compaction_the_history_is_a_summary(in_agents_file: Ran):
    request = in_agents_file.requests(3)[0]
    assert request[1:] == [
        ("user", "What did we do so far?"),
        ("assistant", "Work in this repository"),
        ("user", BY_ADDRESS),
        ("user", _ask(in_agents_file, 3)),
    ]


def test_the_constraint_in_force_stands_once_in_the_agents_file(in_agents_file: Ran):
    for position, stands, other in ((1, BY_NUMBER, BY_ADDRESS), (2, BY_NUMBER, BY_ADDRESS), (3, BY_ADDRESS, BY_NUMBER)):
        for request in in_agents_file.requests(position):
            (system,) = _said(request, "system")
            assert (system.count(stands), system.count(other)) == (1, 0)
            assert system.rstrip().endswith(
                f"Lines have at most 100 characters.\n\nModules are small.\n{stands}\nNames follow the glossary."
            )


def test_a_switch_in_the_agents_file_is_not_the_agent_s_work(in_agents_file: Ran):
    third = in_agents_file.result.observation.steps[2]
    assert "AGENTS.md" in [change.path for change in third.injected]
    assert "AGENTS.md" not in [change.path for change in third.changes]


def test_the_simulated_model_follows_the_constraint_in_force(in_agents_file: Ran):
    written = [
        (change.after or b"").decode()
        for step in in_agents_file.result.observation.steps
        for change in step.changes
        if change.path.startswith("shop/")
    ]
    assert ["customer.number" in text for text in written] == [True, True, False]
    assert ["customer.email" in text for text in written] == [False, False, True]


def test_checks_are_on_record_and_nobody_is_told_of_them(in_agents_file: Ran):
    steps = in_agents_file.result.record.steps
    assert [[check.passed for check in step.checks] for step in steps] == [[True, True], [True, True], [True, False]]
    assert [step.done for step in steps] == ["yes", "yes", "no"]
    assert not [one for one in in_agents_file.exchanges if b"grep -q" in one.request]


def test_a_switch_of_the_first_turn_rewrites_it(in_first_turn: Ran):
    for position, branch, stands, other in (
        (1, "", BY_NUMBER, BY_ADDRESS),
        (2, "", BY_ADDRESS, BY_NUMBER),
        (3, "", BY_ADDRESS, BY_NUMBER),
        (3, "placebo", BY_ADDRESS, BY_NUMBER),
    ):
        requests = in_first_turn.requests(position, branch)
        assert requests, "there were calls"
        for request in requests:
            first, *others = _said(request, "user")
            assert (str(request).count(stands.split("'")[-1]), other in str(request)) == (1, False)
            assert first.startswith(f"Modules are small.\n{stands}\nNames")
            assert len(others) == position - 1


def test_a_switch_of_the_system_prompt_holds_from_there_on_in_probes_and_branches(in_system_prompt: Ran):
    for position, branch, purpose, stands, other in (
        (1, "", "", BY_NUMBER, BY_ADDRESS),
        (2, "", "probe", BY_ADDRESS, BY_NUMBER),
        (2, "", "", BY_ADDRESS, BY_NUMBER),
        (3, "placebo", "", BY_ADDRESS, BY_NUMBER),
        (3, "", "", BY_ADDRESS, BY_NUMBER),
    ):
        requests = in_system_prompt.requests(position, branch, purpose)
        assert requests, "there were calls"
        for request in requests:
            (system,) = _said(request, "system")
            assert (system.count(stands), system.count(other)) == (1, 0)
            assert not [text for text in _said(request, "user") if BY_NUMBER in text or BY_ADDRESS in text]


def test_a_branch_is_another_session_with_the_same_history(in_first_turn: Ran):
    sessions = {(one.branch, one.session) for one in in_first_turn.exchanges}
    assert len(dict(sessions)) == len({session for _, session in sessions}) == 2
    own, branch = in_first_turn.requests(3)[0], in_first_turn.requests(3, "placebo")[0]
    assert own == branch
    # What the files say differs by arm from the first reading on.
    assert MESSAGE in str(in_first_turn.requests(3)[1][-1])
    assert MESSAGE not in str(in_first_turn.requests(3, "placebo")[1][-1])
