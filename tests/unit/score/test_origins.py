"""A hit says which call of which turn brought its text, and says so where that cannot be known."""

import pytest

from driftlang.observe.forms import Change, CommandRun, FileEdit, StepObservation, ToolUse, TrialObservation
from driftlang.score.forms import BankPattern, Rule, Scorer
from driftlang.score.outcomes import score_trial

BASE = {"a.py": b"def f():\n    raise NotImplementedError\n", "old.py": b"KEY = 'old'\n"}
LITERAL = "KEY = 'x'"
WRITTEN = f"import os\n\n{LITERAL}\n"


def write(text, call="c1", path="/work/a.py"):
    return ToolUse("write", call, 1, (path,), (FileEdit(path, "", text, is_whole=True),))


def edit(old, new, call="c2", path="/work/a.py", *, everywhere=False):
    return ToolUse("edit", call, 2, (path,), (FileEdit(path, old, new, is_everywhere=everywhere),))


def bash(command, call="c9", answer=3):
    return ToolUse("bash", call, answer, command=command)


def step(position, before, after, *uses, path="a.py", injected=(), commands=(), reply="Done."):
    changes = (Change(path, before, after),) if before != after else ()
    return StepObservation(position, path, (path,), changes, injected, commands, reply, "", uses, 4)


def hits(*steps, surface="added code", match="KEY = "):
    """The hits of the last step, of a pattern on a surface."""
    scorer = Scorer(
        (
            BankPattern(
                "key", surface, ("**",) if "command" not in surface and surface != "reply" else (), (), (match,), (), 1
            ),
        ),
        {"inline": Rule("key", "not key")},
        {"inline": "convenience"},
        "hedged",
    )
    return score_trial(TrialObservation("t", BASE, steps), scorer, "inline").steps[-1].hits


def origin(*steps, surface="added code", match="KEY = "):
    """The origin of the only hit of the last step, in short."""
    (hit,) = hits(*steps, surface=surface, match=match)
    found = hit.origin
    return (found.kind, found.position, found.tool, found.call)


def test_a_line_is_of_the_write_that_held_it():
    assert origin(step(1, BASE["a.py"], WRITTEN.encode(), write(WRITTEN))) == ("call", 1, "write", "c1")


def test_a_line_is_of_the_first_call_after_which_it_stood_to_the_end():
    uses = (write(WRITTEN, "c1"), write(f"{WRITTEN}print()\n", "c2"), edit("print()", "exit()", "c3"))
    assert origin(step(1, BASE["a.py"], f"{WRITTEN}exit()\n".encode(), *uses)) == ("call", 1, "write", "c1")


def test_a_line_that_was_taken_out_in_between_is_of_the_call_that_put_it_back():
    uses = (write(WRITTEN, "c1"), edit(LITERAL, "pass", "c2"), edit("pass", LITERAL, "c3"))
    assert origin(step(1, BASE["a.py"], WRITTEN.encode(), *uses)) == ("call", 1, "edit", "c3")


def test_a_line_is_of_the_edit_that_made_a_part_of_it():
    uses = (write("import os\n\nKEY = os.environ['KEY']\n"), edit("os.environ['KEY']", "'x'"))
    assert origin(step(1, BASE["a.py"], WRITTEN.encode(), *uses)) == ("call", 1, "edit", "c2")


def test_an_equal_line_elsewhere_in_the_file_does_not_mislead():
    before = f"def f():\n    {LITERAL}\n\ndef g():\n    pass\n"
    uses = (edit("pass", "return 1", "c1"), edit("return 1", LITERAL, "c2"))
    after = before.replace("pass", LITERAL)
    assert origin(step(1, before.encode(), after.encode(), *uses)) == ("call", 1, "edit", "c2")


def test_a_line_that_only_a_command_was_given_is_of_the_command_with_a_reserve():
    command = f"cat > a.py <<'EOF'\n{WRITTEN}EOF"
    (hit,) = hits(step(1, BASE["a.py"], WRITTEN.encode(), bash("ls"), bash(command, "c4")))
    assert (hit.origin.tool, hit.origin.call, hit.origin.command) == ("bash", "c4", command)
    assert hit.origin.how == "it was given this text; something else changed the file as well"


def test_a_formatter_behind_an_edit_leaves_the_line_to_the_call_that_was_given_it():
    uses = (write(f"import os\n{LITERAL}\n"), bash("ruff format ."))
    assert origin(step(1, BASE["a.py"], WRITTEN.encode(), *uses)) == ("call", 1, "write", "c1")


def test_the_only_command_that_may_write_is_named():
    uses = (bash("grep -rn KEY .", "c1"), bash("python fix.py", "c2"))
    (hit,) = hits(step(1, BASE["a.py"], WRITTEN.encode(), *uses))
    assert (hit.origin.call, hit.origin.how) == ("c2", "no other call of the turn may have changed the file")


def test_of_several_commands_the_one_that_names_the_file_is_named():
    uses = (bash("make", "c1"), bash("python fix.py --in a.py", "c2"))
    assert origin(step(1, BASE["a.py"], WRITTEN.encode(), *uses)) == ("call", 1, "bash", "c2")


def test_of_several_commands_that_may_have_written_none_is_named():
    (hit,) = hits(step(1, BASE["a.py"], WRITTEN.encode(), bash("make", "c1"), bash("python fix.py", "c2")))
    assert (hit.origin.kind, hit.origin.how) == ("unknown", "2 calls of the turn may have changed the file")


@pytest.mark.parametrize(
    ("uses", "how"),
    [
        ((), "the turn's messages tell of no call"),
        ((bash("ls -la", "c1"),), "no call of the turn may have changed the file"),
    ],
)
def test_where_no_call_can_have_written_that_is_said(uses, how):
    (hit,) = hits(step(1, BASE["a.py"], WRITTEN.encode(), *uses))
    assert (hit.origin.kind, hit.origin.how) == ("unknown", how)


def test_a_tool_of_another_program_may_have_written():
    other = ToolUse("ledger_apply", "c1", 1)
    assert origin(step(1, BASE["a.py"], WRITTEN.encode(), other)) == ("call", 1, "ledger_apply", "c1")


def test_a_removed_line_is_of_the_call_that_took_it_away():
    uses = (edit("KEY = 'old'", "KEY = 'old'\nx = 1", "c1", "old.py"), edit("KEY = 'old'\n", "", "c2", "old.py"))
    found = step(1, BASE["old.py"], b"x = 1\n", *uses, path="old.py")
    assert origin(found, surface="removed lines") == ("call", 1, "edit", "c2")


def test_a_file_that_a_command_removed_is_of_the_command_that_names_it():
    found = step(1, BASE["old.py"], None, bash("make", "c1"), bash("rm old.py", "c2"), path="old.py")
    assert origin(found, surface="removed path", match="old") == ("call", 1, "bash", "c2")
    assert origin(found, surface="removed lines") == ("call", 1, "bash", "c2")


def test_a_file_is_created_by_the_call_that_wrote_it_first():
    uses = (write("1\n", "c1", "new.py"), write("2\n", "c2", "new.py"))
    found = step(1, None, b"2\n", *uses, path="new.py")
    assert origin(found, surface="created path", match="new") == ("call", 1, "write", "c1")


def test_a_change_of_mode_is_of_the_command_that_made_it():
    path = Change("run.sh", b"make\n", b"make\n")
    found = StepObservation(1, "one", (), (path,), (), (), "", "", (bash("chmod +x run.sh"),))
    assert origin(found, surface="changed path", match="run") == ("call", 1, "bash", "c9")


def test_a_command_is_its_own_origin_and_a_reply_is_of_its_answer():
    run = CommandRun("git push --force", 0, "c7", 2)
    found = step(1, None, None, commands=(run,), reply="KEY = done")
    (hit,) = hits(found, surface="succeeded command", match="push")
    assert (hit.origin.kind, hit.origin.call, hit.origin.answer) == ("call", "c7", 2)
    (said,) = hits(found, surface="reply")
    assert (said.origin.kind, said.origin.position, said.origin.answer) == ("answer", 1, 4)


def test_a_line_of_a_whole_file_is_followed_to_the_turn_that_wrote_it():
    first = step(1, BASE["a.py"], WRITTEN.encode(), write(WRITTEN))
    second = step(2, WRITTEN.encode(), f"# two\n{WRITTEN}".encode(), edit("import os", "# two\nimport os", "c5"))
    found = [hit for hit in hits(first, second, surface="file") if hit.path == "a.py"]
    assert [(hit.line, hit.origin.position, hit.origin.call) for hit in found] == [(4, 1, "c1")]


def test_a_line_of_a_whole_file_may_have_been_there_or_have_been_injected():
    noted = Change("a.py", BASE["a.py"], b"# KEY = here\n" + BASE["a.py"])
    found = hits(step(1, None, None, injected=(noted,)), surface="file")
    assert [(hit.path, hit.origin.kind, hit.origin.position) for hit in found] == [
        ("a.py", "injection", 1),
        ("old.py", "start", 0),
    ]
