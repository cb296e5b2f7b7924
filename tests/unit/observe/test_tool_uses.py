"""What a turn's messages say that tools were asked for."""

import json

import pytest

from driftlang.observe.forms import FileEdit, ToolUse
from driftlang.observe.tool_uses import uses_of


def used(tool, given, *, call="c1", status="completed"):
    """One answer with one use of a tool."""
    part = {"type": "tool", "tool": tool, "callID": call, "state": {"status": status, "input": given}}
    return {"info": {"role": "assistant"}, "parts": [part]}


def uses(*messages):
    return uses_of(json.dumps(messages).encode())


def edits(tool, given):
    (use,) = uses(used(tool, given))
    return use.edits


def test_a_write_is_of_a_whole_file():
    assert edits("write", {"filePath": "/w/a.py", "content": "x = 1\n"}) == (
        FileEdit("/w/a.py", "", "x = 1\n", is_whole=True),
    )


@pytest.mark.parametrize(
    ("everywhere", "old", "is_whole"), [(False, "x", False), (True, "x", False), (False, "", True)]
)
def test_an_edit_puts_one_text_in_the_place_of_another(everywhere, old, is_whole):
    given = {"filePath": "a.py", "oldString": old, "newString": "y", "replaceAll": everywhere}
    assert edits("edit", given) == (FileEdit("a.py", old, "y", is_whole, everywhere),)


PATCH = """*** Begin Patch
*** Add File: new.py
+import os
+
*** Update File: pkg/a.py
@@ def f():
 def f():
-    return 1
+    return 2
@@
 x = 1
+y = 2
*** Update File: old.py
*** Move to: moved.py
@@
-a
+b
*** Delete File: gone.py
*** End Patch
"""


def test_a_patch_is_of_several_files():
    assert edits("apply_patch", {"patchText": PATCH}) == (
        FileEdit("new.py", "", "import os\n", is_whole=True),
        FileEdit("pkg/a.py", "def f():\n    return 1", "def f():\n    return 2"),
        FileEdit("pkg/a.py", "x = 1", "x = 1\ny = 2"),
        FileEdit("old.py", "", "", is_removed=True),
        FileEdit("gone.py", "", "", is_removed=True),
    )


def test_the_files_of_a_patch_are_named_also_where_it_moves_them():
    (use,) = uses(used("apply_patch", {"patchText": PATCH}))
    assert use.names == ("new.py", "pkg/a.py", "old.py", "moved.py", "gone.py")


def test_a_use_tells_its_answer_and_what_failed_is_left_out():
    found = uses(
        {"info": {"role": "user"}, "parts": [{"type": "text", "text": "Do it."}]},
        used("read", {"filePath": "a.py"}, call="c1"),
        {"info": {"role": "assistant", "summary": True}, "parts": [{"type": "text", "text": "So far."}]},
        used("edit", {"filePath": "a.py", "oldString": "x", "newString": "y"}, call="c2", status="error"),
        used("bash", {"command": "make \ud83d"}, call="c3"),
    )
    assert found == (
        ToolUse("read", "c1", 1, ("a.py",)),
        ToolUse("bash", "c3", 3, command="make ?"),
    )


@pytest.mark.parametrize("messages", [b"", b"[]", b"no", b"{}", b'[{"info":{"role":"assistant"},"parts":[1,null]}]'])
def test_messages_of_an_unknown_form_tell_of_no_use(messages):
    assert uses_of(messages) == ()


@pytest.mark.parametrize(
    "given", [{"filePath": 1, "content": 2}, {"filePath": "a", "edits": [1, None]}, {"patchText": []}]
)
def test_what_a_tool_cannot_have_taken_is_no_edit(given):
    assert edits("write", given) == ()
