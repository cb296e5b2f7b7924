"""`driftlang build` at the command line: what it prints, and how it ends."""

import json
from pathlib import Path

import pytest
from builds import contents

import driftlang
from driftlang.cli import group, status_of

HELLO = Path(driftlang.__file__).parents[1] / "scenarios" / "hello.drift"


@pytest.fixture
def call(capfd):
    """Run `driftlang build` and return status, standard output and standard error."""

    def run(*arguments):
        status = status_of(lambda: group.main(["build", *map(str, arguments)], "driftlang", standalone_mode=False))
        printed = capfd.readouterr()
        return status, printed.out, printed.err

    return run


def test_what_was_built_is_printed(call, tmp_path):
    status, out, err = call(HELLO, "-o", tmp_path / "out")
    assert (status, err) == (0, "")
    assert out == f"hello_demo: 4 cells of 3 runs, 36 trials, 2 repositories in {tmp_path}/out/hello_demo\n"
    assert (tmp_path / "out/hello_demo/plan.toml").is_file()


def test_two_at_a_time_make_the_same_as_one(call, tmp_path):
    for jobs in ("1", "2"):
        assert call(HELLO, "-o", tmp_path / jobs, "--jobs", jobs)[0] == 0
    assert contents(tmp_path / "2") == contents(tmp_path / "1")


def test_what_was_built_is_printed_as_json(call, tmp_path):
    status, out, _ = call(HELLO, "-o", tmp_path, "--json")
    (built,) = json.loads(out)["built"]
    assert status == 0
    assert (built["study"], built["cells"], built["trials"]) == ("hello_demo", 4, 36)


def test_a_study_that_is_not_there_is_misuse(call, tmp_path):
    status, out, err = call(HELLO, "-o", tmp_path, "--study", "other")
    assert (status, out) == (2, "")
    assert err == f"error: `{HELLO}` has no study `other`\nhelp: choose of `hello_demo`\n"


def test_a_file_without_study_is_misuse(call, tmp_path):
    (tmp_path / "a.drift").write_text('drift 1\n\nvalue calm "Nothing is hurried."\n')
    status, _, err = call(tmp_path / "a.drift", "-o", tmp_path)
    assert status == 2
    assert "has no study: there is nothing to build" in err


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_a_file_with_a_mistake_is_not_built(call, tmp_path, flags):
    (tmp_path / "a.drift").write_text("drift 1\n\nvalue\n")
    status, out, err = call(tmp_path / "a.drift", "-o", tmp_path / "out", *flags)
    assert status == 1
    assert not (tmp_path / "out").exists()
    if flags:
        assert json.loads(out)["errors"] == 1
    else:
        assert "a.drift:3" in err


def test_a_folder_of_others_is_left_alone(call, tmp_path):
    (tmp_path / "hello_demo").mkdir()
    (tmp_path / "hello_demo/notes").write_text("mine")
    status, out, err = call(HELLO, "-o", tmp_path)
    assert (status, out) == (2, "")
    assert err.startswith("error: `")
    assert "Traceback" not in err
    assert [path.name for path in (tmp_path / "hello_demo").iterdir()] == ["notes"]
