"""`driftlang check`: output and exit status."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from driftlang.cli import group, status_of

GOOD = 'drift 1\nvalue calm "Nobody is hurried."\n'
BAD = "drift 1\nsession whole {\n  mode contine\n}\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command in a folder with a good and a bad file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.drift").write_text(GOOD)
    (tmp_path / "bad.drift").write_text(BAD)

    def ran(*arguments):
        status = status_of(lambda: group.main(["check", *arguments], standalone_mode=False))
        printed = capsys.readouterr()
        return int(status), printed.out, printed.err

    return ran


def test_a_file_without_mistakes_ends_with_0(run):
    assert run("good.drift") == (0, "1 file checked, no errors\n", "")


def test_a_file_with_a_mistake_ends_with_1(run):
    status, out, err = run("bad.drift")
    assert (status, err) == (1, "")
    assert out.startswith("error[unknown-word]: `contine` is no mode of a session, did you mean `continue`?\n")
    assert out.endswith("\n1 error in 1 file\n")


def test_a_file_that_is_not_there_ends_with_2_and_the_others_are_checked(run):
    status, out, err = run("none.drift", "bad.drift")
    assert (status, err) == (2, "error: there is no file `none.drift`\nhelp: check the path\n")
    assert "unknown-word" in out


def test_json_is_json(run):
    for arguments in (("--json",), ("--format", "json")):
        status, out, _ = run("bad.drift", *arguments)
        assert status == 1
        assert [found["id"] for found in json.loads(out)["diagnostics"]] == ["unknown-word"]
    assert json.loads(run("good.drift", "--json")[1]) == {"diagnostics": [], "errors": 0, "warnings": 0}


def test_a_mistake_in_a_file_that_is_given_and_imported_is_said_once(run, tmp_path):
    (tmp_path / "main.drift").write_text('drift 1\nimport "bad.drift"\n')
    assert run("main.drift", "bad.drift")[1].endswith("\n1 error in 1 file\n")


def test_no_path_is_misuse():
    assert CliRunner().invoke(group, ["check"]).exit_code == 2


def test_checking_loads_no_heavy_library_and_not_even_lark(tmp_path):
    path = tmp_path / "good.drift"
    path.write_text(GOOD)
    program = (
        "import sys\nfrom driftlang.cli import main\n"
        "try:\n    main(['check', sys.argv[1]])\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        "print('\\n'.join(sys.modules))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    heavy = {
        "lark",
        "jinja2",
        "git",
        "httpx",
        "aiohttp",
        "numpy",
        "scipy",
        "rich",
        "tree_sitter",
        "re2",
        "platformdirs",
    }
    assert heavy & set(ended.stdout.split()) == set()


def test_a_folder_stands_for_the_files_below_it_that_are_not_hidden(run, tmp_path):
    for folder in ("below", ".hidden"):
        (tmp_path / "all" / folder).mkdir(parents=True)
        (tmp_path / "all" / folder / "one.drift").write_text(GOOD if folder == "below" else BAD)
    assert run("all", "all/below/one.drift") == (0, "1 file checked, no errors\n", "")


def test_a_folder_without_files_is_misuse(run, tmp_path):
    (tmp_path / "none").mkdir()
    status, out, err = run("none")
    assert (status, out) == (2, "")
    assert err == "error: there is no `.drift` file below `none`\nhelp: give a file, or a folder with one\n"


def test_json_tells_of_files_that_could_not_be_read(run):
    status, out, _ = run("none.drift", "--json")
    assert status == 2
    assert json.loads(out)["failures"] == [
        {"help": "check the path", "message": "there is no file `none.drift`", "severity": "error"}
    ]
