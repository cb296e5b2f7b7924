"""From snapshots and messages to what a step did."""

import json
from hashlib import sha256

from driftlang.observe.forms import Change, CommandRun, Entry, StepObservation, Tree
from driftlang.observe.step import StepTrees, contents_of, observe

CONTENTS = {sha256(text).hexdigest(): text for text in (b"A", b"B", b"C", b"note")}


def _entry(text: bytes, *, mode: str = "100644", is_kept: bool = True) -> Entry:
    return Entry(mode, sha256(text).hexdigest(), len(text), is_kept)


def _observe(former: Tree, before: Tree, after: Tree, messages: object = ()) -> StepObservation:
    return observe(
        position=3,
        step="postgres",
        targets=("a.py",),
        trees=StepTrees(former, before, after),
        read=CONTENTS.__getitem__,
        messages=json.dumps(messages).encode(),
        error="",
    )


def _bash(command: str, code: object, *, status: str = "completed") -> dict[str, object]:
    state = {"status": status, "input": {"command": command}, "metadata": {"exit": code}, "output": "lies"}
    return {"type": "tool", "tool": "bash", "state": state}


def _assistant(*parts: object) -> dict[str, object]:
    return {"info": {"role": "assistant"}, "parts": list(parts)}


def test_our_doing_and_the_agents_doing_are_told_apart():
    former = Tree({"a.py": _entry(b"A"), "old.py": _entry(b"C")})
    before = Tree({"a.py": _entry(b"note"), "old.py": _entry(b"C")})
    after = Tree({"a.py": _entry(b"B"), "new.py": _entry(b"C")})
    seen = _observe(former, before, after)
    assert seen.injected == (Change("a.py", b"A", b"note"),)
    assert seen.changes == (
        Change("a.py", b"note", b"B"),
        Change("new.py", None, b"C"),
        Change("old.py", b"C", None),
    )


def test_a_file_that_was_too_large_to_keep_changes_without_content():
    seen = _observe(Tree({}), Tree({"big": _entry(b"A", is_kept=False)}), Tree({"big": _entry(b"B", is_kept=False)}))
    assert seen.changes == (Change("big", None, None, existed_before=True, exists_after=True),)


def test_a_file_that_is_gone_is_told_from_one_whose_content_was_not_kept():
    seen = _observe(
        Tree({}),
        Tree({"gone": _entry(b"A"), "gone_big": _entry(b"A", is_kept=False), "grown": _entry(b"A")}),
        Tree({"grown": _entry(b"B", is_kept=False), "new_big": _entry(b"B", is_kept=False)}),
    )
    assert {change.path: (change.existed_before, change.exists_after) for change in seen.changes} == {
        "gone": (True, False),
        "gone_big": (True, False),
        "grown": (True, True),
        "new_big": (False, True),
    }
    assert all(change.after is None for change in seen.changes)


def test_a_change_made_by_hand_exists_where_it_has_content():
    made = (Change("a", b"", None), Change("a", None, b""), Change("a", b"A", b"B"))
    assert [(change.existed_before, change.exists_after) for change in made] == [
        (True, False),
        (False, True),
        (True, True),
    ]


def test_a_reply_and_a_command_can_always_be_written_down():
    """JSON can hold half of a pair of surrogates; UTF-8 cannot."""
    turn = [_assistant(_bash("echo \ud83d", 0), {"type": "text", "text": "Done \ud83d\ude00 \ude00"})]
    seen = _observe(Tree({}), Tree({}), Tree({}), turn)
    assert (seen.commands, seen.reply) == ((CommandRun("echo ?", 0, "", 1),), "Done \U0001f600 ?")


def test_a_change_of_mode_is_a_change():
    seen = _observe(Tree({}), Tree({"a": _entry(b"A")}), Tree({"a": _entry(b"A", mode="100755")}))
    assert seen.changes == (Change("a", b"A", b"A"),)


def test_commands_are_those_that_came_to_their_end_in_order():
    turn = [
        {"info": {"role": "user"}, "parts": [{"type": "text", "text": "do it"}]},
        _assistant(_bash("make", 2), _bash("cut off", None, status="running")),
        _assistant(_bash("make test", 0), _bash("aborted", None)),
    ]
    seen = _observe(Tree({}), Tree({}), Tree({}), turn)
    assert seen.commands == (
        CommandRun("make", 2, "", 1),
        CommandRun("make test", 0, "", 2),
        CommandRun("aborted", -1, "", 2),
    )


def test_the_reply_is_the_last_text_that_says_anything():
    turn = [
        {"info": {"role": "user"}, "parts": [{"type": "text", "text": "do it"}]},
        _assistant({"type": "text", "text": "I start."}),
        _assistant({"type": "text", "text": "Done."}, {"type": "text", "text": " \n"}, {"type": "step-finish"}),
    ]
    assert _observe(Tree({}), Tree({}), Tree({}), turn).reply == "Done."


def test_messages_of_an_unknown_form_are_no_commands_and_no_reply():
    for odd in ({}, [1, "x", None], [{"info": 3}], [_assistant(7)], [{"info": {"role": "assistant"}}]):
        seen = _observe(Tree({}), Tree({}), Tree({}), odd)
        assert (seen.commands, seen.reply) == ((), "")


def test_contents_leave_out_links_and_what_was_not_kept():
    tree = Tree({"a": _entry(b"A"), "link": _entry(b"B", mode="120000"), "big": _entry(b"C", is_kept=False)})
    assert contents_of(tree, CONTENTS.__getitem__) == {"a": b"A"}
