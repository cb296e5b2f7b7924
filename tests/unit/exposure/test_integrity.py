"""The constraint stands where it should, once and unedited, and the user is quoted byte for byte; else it is said."""

import pytest
from attrs import evolve
from recorded_calls import PROTOCOLS, SYSTEM, Talk, Use

from driftlang.exposure.forms import Demand, StepFacts
from driftlang.exposure.integrity import History, check_integrity
from driftlang.exposure.requests import RequestReader

CONSTRAINT = "Keep every key inline."
INSTRUCTIONS = "Modules are small.\nKeep every key inline.\nNames follow the glossary."
ASK = "Write a.py.\n"
FACTS = StepFacts(1, "ses_1", (ASK,), (), Demand("agents_file", CONSTRAINT, INSTRUCTIONS))
IN_TURNS = f"{INSTRUCTIONS}\n\n{ASK}"
NONE = History(())


def _violations(*talks: Talk, facts: StepFacts = FACTS, history: History = NONE, protocol: str = "chat"):
    asked = [RequestReader().read(talk.body(protocol)) for talk in talks]
    return check_integrity(asked, facts, history).violations


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_is_said_where_all_is_as_planned(protocol: str):
    assert _violations(Talk((ASK,)), Talk((ASK, ("say", "Done."))), protocol=protocol) == ()


@pytest.mark.parametrize(
    ("system", "violation"),
    [
        ("You are an agent.", "the constraint stands nowhere in the system message, not once"),
        (SYSTEM + CONSTRAINT, "the constraint stands twice in the system message, not once"),
        (SYSTEM.replace("inline", "in place"), "the constraint stands nowhere in the system message, not once"),
        (
            SYSTEM.replace("glossary", "list"),
            "the instructions around the constraint stand nowhere in the system message",
        ),
    ],
)
def test_a_constraint_that_is_missing_doubled_or_edited_is_noticed(system: str, violation: str):
    assert _violations(Talk((ASK,), system)) == (f"the only call: {violation}",)


def test_a_violation_names_its_calls():
    talks = (Talk((ASK,)), Talk((ASK,), "None."), Talk((ASK,), "None."), Talk((ASK,)))
    said = "the constraint stands nowhere in the system message, not once"
    assert _violations(*talks) == (f"calls 2 to 3 of 4: {said}",)
    assert _violations(*talks[:2]) == (f"call 2 of 2: {said}",)
    assert _violations(*talks[1:3]) == (f"every call: {said}",)
    assert _violations(*talks[1:4:2], talks[0], talks[1]) == (f"calls 1, 4 of 4: {said}",)


@pytest.mark.parametrize("shown", [ASK.strip(), ASK + "\n", ASK.replace("a.py", "b.py"), f"{ASK}Now."])
def test_a_turn_that_is_not_quoted_byte_for_byte_is_noticed(shown: str):
    assert _violations(Talk((shown,))) == ("the only call: what the user said does not stand there as it was said",)


@pytest.mark.parametrize("place", ["first_turn", "every_turn", "reminder"])
def test_a_constraint_of_the_users_turns_stands_as_often_as_it_was_said(place: str):
    facts = evolve(FACTS, said=(IN_TURNS,), demand=Demand(place, CONSTRAINT, INSTRUCTIONS))
    bare = "You are an agent."
    assert _violations(Talk((IN_TURNS,), bare), facts=facts) == ()
    assert _violations(Talk((IN_TURNS, IN_TURNS), bare), facts=facts, history=History((IN_TURNS,))) == ()
    assert _violations(Talk((IN_TURNS, IN_TURNS), bare), facts=facts) == (
        "the only call: the constraint stands twice in what the user said, not once",
    )
    assert _violations(Talk((IN_TURNS,), SYSTEM), facts=facts) == (
        "the only call: the constraint stands once in the system message, not nowhere",
    )


def test_after_compaction_former_turns_may_be_gone_and_this_one_may_not():
    facts = evolve(FACTS, said=(IN_TURNS,), demand=Demand("every_turn", CONSTRAINT, INSTRUCTIONS))
    history = History((IN_TURNS, IN_TURNS), is_compacted=True)
    assert _violations(Talk(("What did we do?", IN_TURNS), "None."), facts=facts, history=history) == ()
    assert _violations(Talk(("What did we do?",), "None."), facts=facts, history=history) == (
        "the only call: what the user said does not stand there as it was said",
        "the only call: the constraint stands nowhere in what the user said, not 3 times",
    )


def test_an_absent_constraint_is_not_missed():
    facts = evolve(FACTS, demand=Demand("agents_file", "", ""))
    assert _violations(Talk((ASK,), "None."), facts=facts) == ()


def test_an_agents_file_that_the_agent_changed_is_noticed():
    assert _violations(Talk((ASK,)), facts=evolve(FACTS, agents_file=("aa", "bb"))) == (
        "the agent changed its agents file",
    )
    assert _violations(Talk((ASK,)), facts=evolve(FACTS, agents_file=("aa", ""))) == (
        "the agent removed its agents file",
    )


def test_a_constraint_that_the_agent_reads_in_the_file_is_counted_and_no_violation():
    read = Use("read", {"filePath": "/w/AGENTS.md"}, f"1: {CONSTRAINT}")
    asked = [RequestReader().read(Talk((ASK, read)).body("chat"))]
    found = check_integrity(asked, FACTS, NONE)
    assert (found.violations, found.elsewhere) == ((), 1)
