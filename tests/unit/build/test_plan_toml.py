"""Plans as files: back as they were, and refused when damaged."""

import re
import shutil

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from driftlang.build.plan_toml import read_plan, read_scorer, read_solutions, render_form
from driftlang.cells.edits import PlannedSolution, SolutionEdit, Solutions
from driftlang.diagnostics.failure import ExitStatus, Failure

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["a\r\nb", '"""', "\\", "'''", "\t\x00\x7f\x85\u2028", "\n\nlead", "tail\n", "{{ x }}", "\r"]
)


def test_a_plan_comes_back_as_it_was_written(plan_folder, tmp_path):
    plan = read_plan(plan_folder)
    (tmp_path / "plan.toml").write_text(render_form(plan), "utf-8", newline="")
    assert read_plan(tmp_path) == plan


@given(st.lists(st.builds(SolutionEdit, WORDS, WORDS, WORDS, WORDS), max_size=4))
def test_any_text_comes_back_byte_for_byte(tmp_path_factory, edits):
    solutions = Solutions("s", ("a", "b"), (PlannedSolution("step", "a", tuple(edits)),))
    path = tmp_path_factory.getbasetemp() / "solutions.toml"
    path.write_bytes(render_form(solutions).encode())
    assert read_solutions(path) == solutions


def damaged(plan_folder, tmp_path, old, new):
    """A plan's folder in which the first `old` of the plan reads `new`."""
    shutil.copytree(plan_folder, tmp_path / "plan")
    path = tmp_path / "plan/plan.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return tmp_path / "plan"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format = 1", "format = 2", "its format is 2, this driftlang reads 1"),
        ("format = 1", "format == 1", "it is not TOML: invalid value (at line"),
        ("format = 1\n", "", "its format is None, this driftlang reads 1"),
        ('compiler = "', 'mood = "', "the key `compiler` is missing"),
        ("repeat = 2", "repeat = 2\nmood = 1", "there is a key that does not belong there, `mood`"),
        ("repeat = 2", 'repeat = "2"', "expected int, found str @ $.study.repeat"),
        ("repeat = 2", "repeat = true", "expected int, found bool @ $.study.repeat"),
        ('[[cells]]\nid = "', '[[cells]]\nid = "x', "speaks of the cell `credentials_in_billing/keep_inline/placebo`"),
        ('/placebo#1"\ncell', '/placebo#2"\ncell', "there are two of the script `"),
    ],
)
def test_a_damaged_plan_is_refused_with_the_place(plan_folder, tmp_path, old, new, said):
    with pytest.raises(Failure, match=re.escape(said)) as failure:
        read_plan(damaged(plan_folder, tmp_path, old, new))
    assert failure.value.status == ExitStatus.MISUSE
    assert "plan.toml` is damaged" in failure.value.message


BAD_PATHS = ["/etc", "..", "repos/../../x", "a//b", "a/", ".", "", "a\\\\b", "a\\u0000b", "a\\nb"]


@pytest.mark.parametrize("key", ["repository", "scorer", "solutions", "directory"])
@pytest.mark.parametrize("bad", BAD_PATHS)
def test_a_path_that_leads_out_of_the_plan_is_refused(plan_folder, tmp_path, key, bad):
    told = {getattr(cell, key) for cell in read_plan(plan_folder).cells}
    old = next(f'{key} = "{path}"' for path in told)
    with pytest.raises(Failure, match=rf"`cells\[\d+\]\.{key}` must be (one plain name|a path within)") as failure:
        read_plan(damaged(plan_folder, tmp_path, old, f'{key} = "{bad}"'))
    assert failure.value.status == ExitStatus.MISUSE


@pytest.mark.parametrize("bad", [*BAD_PATHS, ".git/config", "a/.GIT/hooks/x"])
def test_an_injection_is_in_a_file_of_the_work_tree(plan_folder, tmp_path, bad):
    turns = [turn for script in read_plan(plan_folder).scripts for turn in script.turns if turn.injections]
    path = turns[0].injections[0].path
    with pytest.raises(Failure, match="must be in a file of the work tree") as failure:
        read_plan(damaged(plan_folder, tmp_path, f'path = "{path}"', f'path = "{bad}"'))
    assert failure.value.status == ExitStatus.MISUSE


@pytest.mark.parametrize("bad", [*BAD_PATHS, "a/b"])
def test_a_study_or_a_work_tree_has_one_plain_name(plan_folder, tmp_path, bad):
    plan = read_plan(plan_folder)
    for old, key in (
        (f'name = "{plan.study.name}"', "name"),
        (f'directory = "{plan.cells[0].directory}"', "directory"),
    ):
        with pytest.raises(Failure, match="must be one plain name"):
            read_plan(damaged(plan_folder, tmp_path / key, old, f'{key} = "{bad}"'))


@pytest.mark.parametrize("read", [read_plan, read_scorer, read_solutions])
def test_what_is_not_there_is_misuse(tmp_path, read):
    with pytest.raises(Failure, match=r"holds no plan|there is no file") as failure:
        read(tmp_path / "nowhere")
    assert failure.value.status == ExitStatus.MISUSE


def test_a_plan_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "plan.toml").write_bytes("ü".encode("latin-1"))
    with pytest.raises(Failure, match="it is not UTF-8"):
        read_plan(tmp_path)


def test_a_folder_in_a_files_place_is_refused(tmp_path):
    with pytest.raises(Failure, match="is a directory"):
        read_scorer(tmp_path)


def test_scorers_and_solutions_are_refused_when_damaged(plan_folder, tmp_path):
    for kind, read in (("scorers", read_scorer), ("solutions", read_solutions)):
        text = (plan_folder / kind / "credentials_in_billing.toml").read_text()
        (tmp_path / kind).write_text(text.replace("\n\n", "\n\nmood = 1\n", 1))
        with pytest.raises(Failure, match="`mood`"):
            read(tmp_path / kind)


def test_a_whole_number_may_stand_for_a_float(plan_folder, tmp_path):
    plan = read_plan(damaged(plan_folder, tmp_path, "turn_seconds = 240.0", "turn_seconds = 240"))
    assert plan == read_plan(plan_folder)
    assert type(plan.study.turn_seconds) is float
    assert evolve(plan.study, turn_seconds=1.0) != plan.study
