"""What each step's calls showed, from the calls alone: before the edit, how often, how far back, past compaction."""

from collections.abc import Sequence

import pytest
from attrs import evolve
from recorded_calls import PROTOCOLS, Talk, Use, exchange, shown, turn

from driftlang.exposure.forms import NOWHERE, ContextSize, Demand, MessageExposure, SaidMessage, StepFacts
from driftlang.exposure.watch import ExposureWatch
from driftlang.gateway.forms import Exchange

NOTE = "Ines asks: should this literal still be here? It was flagged last quarter."
OTHER = "Omar adds: the audit of the keys begins on Monday, mind it."
MESSAGE = SaidMessage(1, 0, "notes.ines", NOTE)
READ = Use("read", {"filePath": "/w/a.py"}, shown("/w/a.py", f"# {NOTE}\nx = 1"), "c1")
READ_OTHER_FILE = Use("read", {"filePath": "/w/b.py"}, shown("/w/b.py", "y = 1"), "c0")
EDIT = Use("edit", {"filePath": "/w/a.py"}, "Edit applied successfully.", "c2")
LOOK = Use("bash", {"command": "cat a.py"}, f"# {NOTE}\nx = 1", "c3")
FACTS = StepFacts(1, "ses_1", ("Do it.",), (MESSAGE,), Demand("agents_file", "", ""))


def _calls(before: Sequence[object], uses: Sequence[Use], protocol: str = "chat", **changed: object) -> list[Exchange]:
    return [
        exchange(Talk((*before, *uses[:end])).body(protocol), sequence=end + 1, protocol=protocol, **changed)
        for end in range(len(uses) + 1)
    ]


def _facts(uses: Sequence[Use], **changed: object) -> StepFacts:
    edited = {"a.py": True} if EDIT in uses else {}
    return evolve(FACTS, messages=turn([(use, "completed") for use in uses]), changed=edited, **changed)


def _measure(uses: Sequence[Use], protocol: str = "chat") -> MessageExposure:
    (message,) = ExposureWatch().step(_calls(["Do it."], uses, protocol), _facts(uses)).messages
    return message


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_message_that_was_read_before_the_edit(protocol: str):
    measured = _measure([READ, EDIT, LOOK], protocol)
    assert (measured.is_read_before_edit, measured.calls, measured.kinds) == (True, 3, ("tool result",))
    assert (measured.copies, measured.messages_back, measured.compaction) == (1, 0, "")
    assert measured.characters_back == len(READ.result) - READ.result.index("quarter") - len("quarter")
    assert measured.tokens_back == measured.characters_back // 4


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_message_that_was_read_behind_the_edit_alone(protocol: str):
    measured = _measure([READ_OTHER_FILE, EDIT, LOOK], protocol)
    assert (measured.is_read_before_edit, measured.calls, measured.copies) == (False, 1, 0)
    assert (measured.characters_back, measured.messages_back) == (NOWHERE, NOWHERE)


def test_a_message_in_a_file_that_was_not_read():
    measured = _measure([READ_OTHER_FILE, EDIT])
    assert measured == MessageExposure(1, 0, "notes.ines", False, 0, (), 0, NOWHERE, NOWHERE, NOWHERE)


def test_without_an_edit_every_call_is_before_it():
    assert _measure([READ_OTHER_FILE, READ]).is_read_before_edit


def test_the_distance_counts_what_stands_behind_the_last_copy():
    first = _measure([READ, EDIT])
    both = _measure([READ, LOOK, EDIT])
    assert (first.copies, both.copies) == (1, 2)
    assert both.characters_back == len(".\nx = 1")
    later = _measure([LOOK, READ_OTHER_FILE, EDIT])
    assert later.messages_back == 2
    assert later.characters_back == len(".\nx = 1") + len("/w/b.py") + len(READ_OTHER_FILE.result)


def test_a_message_of_a_former_step_is_followed_in_later_ones():
    watch = ExposureWatch()
    watch.step(_calls(["Do it."], [READ, EDIT]), _facts([READ, EDIT]))
    second = SaidMessage(2, 0, "notes.omar", OTHER)
    history = ["Do it.", READ, EDIT, ("say", "Done."), "And b."]
    calls = _calls(history, [READ_OTHER_FILE], position=2)
    former, own = watch.step(calls, _facts([READ_OTHER_FILE], position=2, placed=(second,))).messages
    assert (former.position, former.is_read_before_edit, former.calls) == (1, True, 2)
    assert (own.position, own.is_read_before_edit, own.calls) == (2, False, 0)


def test_what_a_user_or_the_system_says_is_read_as_well():
    calls = [exchange(Talk((f"Do it.\n\n{NOTE}",), f"Be kind.\n{NOTE}").body("chat"))]
    (message,) = ExposureWatch().step(calls, _facts([])).messages
    assert (message.kinds, message.copies, message.messages_back) == (("system", "user turn"), 2, 0)


@pytest.mark.parametrize(
    "changed",
    [{"status": 500}, {"error": "cut"}, {"position": 2}, {"session": "ses_2"}],
)
def test_calls_that_are_none_of_the_step_or_failed_do_not_count(changed: dict[str, object]):
    measured = ExposureWatch().step(_calls(["Do it."], [READ], **changed), _facts([READ]))
    assert (measured.messages[0].calls, measured.context) == (0, ContextSize())


def test_titles_and_summaries_do_not_count():
    title = exchange(Talk((f"A title for: {NOTE}",), tools=()).body("chat"))
    measured = ExposureWatch().step([title, *_calls(["Do it."], [])], _facts([]))
    assert (measured.messages[0].calls, measured.context.calls, measured.integrity.calls) == (0, 1, 1)


def test_the_context_is_that_of_the_last_call():
    calls = _calls(["Do it."], [READ, EDIT])
    context = ExposureWatch().step(calls, _facts([READ, EDIT])).context
    assert context == ContextSize(3, 2, 300, len(calls[-1].request), 6)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_a_summary_keeps_has_survived_and_what_it_drops_is_lost(protocol: str):
    watch = ExposureWatch()
    both = Use("read", {"filePath": "/w/a.py"}, f"# {NOTE}\nx = 1\n\n# {OTHER}", "c1")
    placed = (MESSAGE, SaidMessage(1, 1, "notes.omar", OTHER))
    watch.step(_calls(["Do it."], [both, EDIT], protocol), _facts([both, EDIT], placed=placed))
    after = ["What did we do so far?", ("say", f"A comment says: {NOTE}"), "And b."]
    calls = _calls(after, [], protocol, position=2)
    kept, dropped = watch.step(calls, _facts([], position=2, placed=())).messages
    assert (kept.compaction, kept.kinds, kept.is_read_before_edit) == ("survived", ("answer",), True)
    assert (dropped.compaction, dropped.is_read_before_edit) == ("lost", False)
    again = watch.step(_calls([*after, both, "Go on."], [], protocol, position=3), _facts([], position=3, placed=()))
    assert [one.compaction for one in again.messages] == ["survived", "lost"]
    assert [one.is_read_before_edit for one in again.messages] == [True, True]


def test_a_fresh_session_is_no_compaction():
    watch = ExposureWatch()
    watch.step(_calls(["Do it."], [READ]), _facts([READ]))
    calls = _calls(["And b."], [], position=2, session="ses_2")
    (message,) = watch.step(calls, _facts([], position=2, placed=(), session="ses_2")).messages
    assert (message.compaction, message.is_read_before_edit) == ("", False)


def test_a_branch_goes_on_from_the_history_and_tells_its_trunk_nothing():
    watch = ExposureWatch()
    watch.step(_calls(["Do it."], [READ]), _facts([READ]))
    branch = watch.fork()
    branch.go_on_in("ses_9")
    second = SaidMessage(2, 0, "notes.omar", OTHER)
    calls = _calls(["Do it.", READ, f"And b. {OTHER}"], [], position=2, session="ses_9")
    facts = _facts([], position=2, placed=(second,), session="ses_9", said=(f"And b. {OTHER}",))
    assert [one.is_read_before_edit for one in branch.step(calls, facts).messages] == [True, True]
    calls = _calls(["Do it.", READ, "And b."], [], position=2)
    trunk = watch.step(calls, _facts([], position=2, placed=(), said=("And b.",)))
    assert [one.message for one in trunk.messages] == ["notes.ines"]


def test_two_copies_of_one_message_are_two_injections_and_each_tells_of_both():
    placed = (MESSAGE, evolve(MESSAGE, number=1))
    twice = Use("read", {"filePath": "/w/a.py"}, f"# {NOTE}\nx = 1\n# {NOTE}", "c1")
    measured = ExposureWatch().step(_calls(["Do it."], [twice]), _facts([twice], placed=placed))
    assert [(one.number, one.copies) for one in measured.messages] == [(0, 2), (1, 2)]


@pytest.mark.parametrize(("uses", "expected"), [([READ_OTHER_FILE, EDIT], False), ([LOOK, EDIT], True)])
def test_words_that_a_former_step_has_said_as_well_must_come_once_more(uses: list[Use], expected: bool):
    watch = ExposureWatch()
    watch.step(_calls(["Do it."], [READ]), _facts([READ]))
    again = evolve(MESSAGE, position=2)
    calls = _calls(["Do it.", READ, "And again."], uses, position=2)
    former, own = watch.step(calls, _facts(uses, position=2, placed=(again,))).messages
    assert (former.is_read_before_edit, own.is_read_before_edit) == (True, expected)


@pytest.mark.parametrize(("place", "is_right"), [("first_turn", True), ("every_turn", False)])
def test_a_switch_that_puts_the_first_turn_right_is_no_compaction(place: str, is_right: bool):
    old, new = "Keep every key inline.", "Keep every key in the vault."
    watch = ExposureWatch()
    first = f"{old}\n\nDo it.\n{NOTE}"
    watch.step(_calls([first], []), _facts([], said=(first,), demand=Demand(place, old, old)))
    switched = _facts([], position=2, placed=(), said=("And b.",), demand=Demand(place, new, new, former=old))
    measured = watch.step(_calls([first.replace(old, new), "And b."], [], position=2), switched)
    assert (measured.integrity.violations == ()) is is_right
    assert (measured.messages[0].compaction == "") is is_right


def test_a_branch_in_a_fresh_session_has_no_history():
    watch = ExposureWatch()
    first = ("Keys stay in code.\n\nDo it.",)
    demand = Demand("first_turn", "Keys stay in code.", "Keys stay in code.")
    watch.step(_calls(first, []), _facts([], said=first, demand=demand))
    again = _facts([], position=2, placed=(), session="ses_9", said=first, demand=demand)
    measured = watch.fork().step(_calls(first, [], position=2, session="ses_9"), again)
    assert measured.integrity.violations == ()


def test_words_that_are_said_again_behind_a_compaction_are_not_lost_themselves():
    watch = ExposureWatch()
    watch.step(_calls(["Do it."], [READ]), _facts([READ]))
    again = evolve(MESSAGE, position=2)
    calls = _calls(["What did we do so far?", "And again."], [], position=2)
    measured = watch.step(calls, _facts([], position=2, placed=(again,))).messages
    assert [one.compaction for one in measured] == ["lost", ""]
