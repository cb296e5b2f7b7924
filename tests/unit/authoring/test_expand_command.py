"""`driftlang expand` at the command line: which study a cell is shown of, and what is printed as JSON."""

import json

import pytest

from driftlang.cli import group, status_of
from driftlang.model.library import library_folder

HELLO = library_folder() / "hello.drift"


@pytest.fixture
def call(capfd):
    """Run `driftlang expand` and return status and standard output."""

    def run(*arguments):
        status = status_of(lambda: group.main(["expand", *map(str, arguments)], "driftlang", standalone_mode=False))
        return status, capfd.readouterr().out

    return run


@pytest.fixture
def two_studies(tmp_path):
    """A file with two studies of one scenario."""
    text = HELLO.read_text(encoding="utf-8")
    (tmp_path / "two.drift").write_text(
        text + text[text.index("study ") :].replace("hello_demo", "again"), encoding="utf-8"
    )
    return tmp_path / "two.drift"


def test_a_cell_that_two_studies_have_is_shown_of_the_first(call, two_studies):
    assert call(two_studies, "--cell", "by_address/opposing")[1].startswith("hello_demo: hello/by_address/opposing")


def test_a_study_can_be_chosen_for_a_cell(call, two_studies):
    status, out = call(two_studies, "--cell", "by_address/opposing", "--study", "again")
    assert (status, out.split(":")[0]) == (0, "again")


def test_a_cell_as_json_has_the_run_that_was_asked_for(call):
    _, out = call(HELLO, "--cell", "by_address/opposing", "--run", "2", "--json")
    shown = json.loads(out)
    assert [script["run"] for script in shown["cell"]["scripts"]] == [2]
    assert [one["against"] for one in shown["compared"]] == ["hello/by_number/opposing", "hello/by_address/placebo"]


def test_another_cell_can_be_chosen_to_compare_with(call):
    _, out = call(HELLO, "--cell", "by_address/opposing", "--against", "by_number/placebo", "--json")
    assert {one["against"] for one in json.loads(out)["compared"]} == {"hello/by_number/placebo"}


def test_a_diff_that_is_piped_has_no_colour(call):
    assert "\x1b" not in call(HELLO, "--cell", "by_address/opposing")[1]
