"""The first edit of a step is the first call whose answer changed a file."""

import pytest
from recorded_calls import PROTOCOLS, Talk, Use, turn

from driftlang.exposure.edits import first_edit
from driftlang.exposure.requests import Asked, RequestReader

READ = Use("read", {"filePath": "/w/a.py"}, "x", "c1")
EDIT = Use("edit", {"filePath": "/w/a.py"}, "done", "c2")
WRITE = Use("write", {"filePath": "/w/b.py"}, "done", "c3")
PATCH = Use("apply_patch", {"patchText": "*** Begin Patch\n*** Update File: pkg/a.py\n@@\n"}, "done", "c4")


def _bash(command: str, call: str = "c9") -> Use:
    return Use("bash", {"command": command}, "", call)


def _calls(uses: list[Use], protocol: str = "chat", before: tuple[object, ...] = ()) -> list[Asked]:
    """The calls that were answered with these uses, one after the other, and with a last word."""
    reader = RequestReader()
    return [reader.read(Talk((*before, "Do it.", *uses[:end])).body(protocol)) for end in range(len(uses) + 1)]


def _edit(uses: list[Use], changed: dict[str, bool], *, failed: tuple[str, ...] = (), protocol: str = "chat") -> int:
    statuses = [(use, "error" if use.id in failed else "completed") for use in uses]
    return first_edit(turn(statuses), changed, _calls(uses, protocol))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_it_is_the_call_that_was_answered_with_the_edit(protocol: str):
    assert _edit([READ, EDIT, WRITE], {"a.py": True, "b.py": False}, protocol=protocol) == 2


def test_there_is_none_where_nothing_changed():
    assert _edit([READ, EDIT], {}) == 0


def test_what_failed_is_no_edit():
    assert _edit([EDIT, READ, WRITE], {"b.py": False}, failed=("c2",)) == 3


def test_an_edit_that_left_no_change_is_none():
    assert _edit([EDIT, READ, WRITE], {"b.py": False}) == 3


def test_a_patch_names_its_files_itself():
    assert _edit([READ, PATCH], {"pkg/a.py": True}) == 2


@pytest.mark.parametrize(
    "command",
    [
        "ls -la && cat a.py | head -3",
        "git log --oneline -5; git status",
        "grep -rn key . 2>/dev/null",
        "sed -n 1,20p a.py",
        "find . -name '*.py' 2>&1",
        "git --no-pager diff",
    ],
)
def test_a_command_that_plainly_reads_made_no_edit(command: str):
    assert _edit([_bash(command, "r"), _bash("python fix.py", "w")], {"a.py": True}) == 2


@pytest.mark.parametrize(
    "command",
    [
        "sed -i s/a/b/ a.py",
        "cat > a.py <<'X'\nhello\nX",
        "echo hello >> a.py",
        "python - <<'X'\nopen('a.py', 'w')\nX",
        "find . -name a.py -exec touch {} ;",
        "git checkout -- a.py",
        "cat a.py && make",
        "sort -o a.py a.py",
        "tee a.py",
    ],
)
def test_a_command_that_may_write_made_the_edit_that_no_editing_tool_has_named(command: str):
    assert _edit([READ, _bash(command), EDIT], {"a.py": True, "c.py": True}) == 2


def test_a_command_is_innocent_where_editing_tools_have_named_every_change():
    assert _edit([_bash("make test"), READ, EDIT], {"a.py": True}) == 3


@pytest.mark.parametrize(
    "path", ["__pycache__/a.pyc", "pkg/__pycache__/a.pyc", ".pytest_cache/v", "node_modules/x/y.js"]
)
def test_what_programs_keep_for_themselves_is_nobodys_edit(path: str):
    assert _edit([_bash("make test"), READ, EDIT], {"a.py": True, path: False}) == 3
    assert _edit([_bash("make test")], {path: False}) == 0


def test_a_hidden_file_at_the_top_is_an_edit():
    assert _edit([_bash("make env")], {".env": False}) == 1


def test_several_uses_of_one_answer_are_of_one_call():
    uses = [READ, EDIT]
    asked = [RequestReader().read(Talk(("Do it.", *some)).body("chat")) for some in ((), (READ, EDIT))]
    assert first_edit(turn([(use, "completed") for use in uses]), {"a.py": True}, asked) == 1


def test_an_id_that_a_former_step_has_used_is_told_apart_by_the_order_of_answers():
    asked = _calls([READ, EDIT], before=("First.", Use("bash", {"command": "ls"}, "", "c2")))
    assert first_edit(turn([(READ, "completed"), (EDIT, "completed")]), {"a.py": True}, asked) == 2


def test_an_edit_that_no_later_call_tells_of_was_the_last_answer():
    asked = _calls([READ, EDIT])[:2]
    assert first_edit(turn([(READ, "completed"), (EDIT, "completed")]), {"a.py": True}, asked) == 2


@pytest.mark.parametrize("messages", [b"", b"[]", b"no", b"{}", b'[{"info":{"role":"assistant"},"parts":[1,null]}]'])
def test_a_turn_without_messages_has_none(messages: bytes):
    assert first_edit(messages, {"a.py": True}, _calls([READ])) == 0
