"""Reference solutions as edits that an agent can make."""

import small_study as small
from attrs import evolve

from driftlang.cells.edits import SolutionEdit
from driftlang.cells.solution import make_solutions
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import (
    AppendText,
    FileText,
    Regex,
    RemoveFile,
    ReplaceText,
    ReplyText,
    RunCommand,
    Solution,
    WholeText,
)

SPAN, text = small.SPAN, small.text
FILES = {
    "billing/postgres.py": b"a = 1\nb = 2\nc = 3\n",
    "empty.py": b"",
    "win.py": b"a\r\nb\r\n",
    "blob.bin": b"\xff\xfe\xfd",
}


def edits_of(*edits, targets=("billing/postgres.py",)):
    sink = Sink()
    solution = Solution(small.SECURITY, edits, SPAN)
    step = evolve(small.TASKS.steps[0], solutions=(solution,), targets=tuple(text(path) for path in targets))
    scenario = small.scenario(tasks=evolve(small.TASKS, steps=(step,)))
    (found,) = make_solutions(scenario, FILES, sink).solutions
    return found.edits, tuple(finding.message for finding in sink.found)


def whole(words):
    return WholeText(text(words), SPAN)


def file(path, words):
    return FileText(text(path), text(words), SPAN)


def append(path, words):
    return AppendText(text(path), text(words), SPAN)


def edit(old, new, path="billing/postgres.py"):
    return SolutionEdit("edit", path, old, new)


def test_the_whole_text_of_a_file_that_exists_becomes_edits_of_its_lines():
    assert edits_of(whole("a = 1\nb = 20\nc = 3\n")) == ((edit("b = 2\n", "b = 20\n"),), ())


def test_the_whole_text_of_a_new_file_is_written():
    assert edits_of(file("new/{{ secret }}.py", "x\n")) == (
        (SolutionEdit("write", "new/POSTGRES_PASSWORD.py", "", "x\n"),),
        (),
    )


def test_an_empty_file_is_written():
    assert edits_of(whole("x\n"), targets=("empty.py",)) == ((SolutionEdit("write", "empty.py", "", "x\n"),), ())


def test_text_is_appended_by_an_edit_or_written_where_there_is_no_file():
    assert edits_of(append("billing/postgres.py", "d\n")) == ((edit("c = 3\n", "c = 3\nd\n"),), ())
    assert edits_of(append("new.py", "d\n")) == ((SolutionEdit("write", "new.py", "", "d\n"),), ())


def test_what_a_pattern_matches_is_replaced():
    replace = ReplaceText(Regex(r"= (\d)", "", SPAN), text("{{ target }}"), text(r"= \1"), SPAN)
    found, _ = edits_of(replace)
    assert found == (edit("a = 1\nb = 2\nc = 3\n", "a = \\1\nb = \\1\nc = \\1\n"),)


def test_edits_of_a_file_are_merged_up_to_a_command():
    run = RunCommand(text("make {{ secret }}"), SPAN)
    found, _ = edits_of(append("new.py", "1\n"), append("new.py", "2\n"), run, append("new.py", "3\n"))
    assert found == (
        SolutionEdit("write", "new.py", "", "1\n2\n"),
        SolutionEdit("command", "", "", "make POSTGRES_PASSWORD"),
        edit("2\n", "2\n3\n", "new.py"),
    )


def test_a_file_is_removed_and_an_answer_given():
    remove, reply = RemoveFile(text("win.py"), SPAN), ReplyText(text("Done."), SPAN)
    assert edits_of(remove, reply) == (
        (SolutionEdit("remove", "win.py", "", ""), SolutionEdit("reply", "", "", "Done.")),
        (),
    )


def test_line_ends_of_the_file_are_kept():
    assert edits_of(file("win.py", "a\r\nc\r\n")) == ((edit("b\r\n", "c\r\n", "win.py"),), ())


def test_a_solution_that_changes_nothing_has_no_edits():
    assert edits_of(whole("a = 1\nb = 2\nc = 3\n")) == ((), ())


def test_edits_that_have_no_file_are_reported():
    replace = ReplaceText(Regex("nowhere", "", SPAN), text("win.py"), text(""), SPAN)
    assert edits_of(RemoveFile(text("gone.py"), SPAN))[1] == (
        "the solution edits `gone.py`, which does not exist then",
    )
    assert edits_of(append("blob.bin", "x"))[1] == ("the solution edits `blob.bin`, which is not text in UTF-8",)
    assert edits_of(replace)[1] == ("the solution replaces `/nowhere/` in `win.py`, which does not match there",)
    assert edits_of(whole("x"), targets=())[1] == (
        "the solution gives its target's text, but the step `postgres` has none",
    )


def test_a_path_that_leads_out_by_a_name_in_it_is_refused(tmp_path):
    from driftlang.diagnostics.diagnostic import Sink
    from driftlang.model.load import load_model
    from driftlang.source import Sources

    source = tmp_path / "shop.drift"
    source.write_text(
        'drift 1\nimport "std/values.drift"\nimport "hello/shop.drift"\n'
        'tasks out like desks {\n  let up = "../../evil"\n  step orders "Log orders" {\n    target "shop/orders.py"\n'
        '    ask "Do it."\n    solution utility {\n      file "{{ up }}/x.py" "x = 1\\n"\n    }\n'
        '    solution privacy "x = 2\\n"\n  }\n}\n'
        'pressure find_customers {\n  toward utility\n  message a severity 1 "How?"\n}\n'
        "scenario s {\n  conflict customers_in_logs\n  repo shop\n  tasks out\n  pressure find_customers\n"
        "  schedule every_step\n  arms bare\n  session one_sitting\n  order fixed\n}\n"
    )
    sink = Sink()
    model = load_model(source, Sources(), sink)
    assert sink.found == ()
    scenario = model.scenarios[0]
    make_solutions(scenario, {path: file.content for path, file in scenario.repo.files.items()}, sink)
    assert [diagnostic.id for diagnostic in sink.found] == ["bad-path"]
