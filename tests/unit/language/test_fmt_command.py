"""`driftlang fmt`: what it writes, prints and returns."""

import io
import json

import pytest

from driftlang.cli import group, status_of

ODD = "drift   1\nsession x {\n mode fresh }\n"
EVEN = "drift 1\nsession x {\n  mode fresh\n}\n"
BAD = "drift 1\nsession x {\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command in a folder with an odd, an even and a bad file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.drift").write_text(ODD)
    (tmp_path / "even.drift").write_text(EVEN)
    (tmp_path / "bad.drift").write_text(BAD)

    def ran(*arguments):
        status = status_of(lambda: group.main(["fmt", *arguments], standalone_mode=False))
        printed = capsys.readouterr()
        return int(status), printed.out, printed.err

    return ran


@pytest.fixture
def given_input(monkeypatch):
    def given(content):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

    return given


def test_files_are_rewritten_and_counted(run, tmp_path):
    assert run("odd.drift", "even.drift") == (0, "1 file formatted, 1 unchanged\n", "")
    assert (tmp_path / "odd.drift").read_text() == EVEN
    assert run("odd.drift", "even.drift") == (0, "0 files formatted, 2 unchanged\n", "")


def test_a_file_with_syntax_errors_is_left_and_the_others_are_formatted(run, tmp_path):
    status, out, _ = run("bad.drift", "odd.drift")
    assert (status, (tmp_path / "bad.drift").read_text(), (tmp_path / "odd.drift").read_text()) == (1, BAD, EVEN)
    assert out.startswith("error[unclosed-block]: ")
    assert out.endswith("\n1 file formatted, 0 unchanged, 1 with syntax errors left as it is\n")


def test_check_lists_what_would_change_and_changes_nothing(run, tmp_path):
    assert run("--check", "odd.drift", "even.drift") == (
        1,
        "would change odd.drift\n1 file would be formatted, 1 unchanged\n",
        "",
    )
    assert (tmp_path / "odd.drift").read_text() == ODD
    assert run("--check", "even.drift")[0] == 0


def test_diff_prints_a_difference_and_changes_nothing(run, tmp_path):
    status, out, err = run("--diff", "odd.drift", "even.drift")
    assert (status, err) == (1, "1 file would be formatted, 1 unchanged\n")
    changes = "@@ -1,3 +1,4 @@\n-drift   1\n+drift 1\n session x {\n- mode fresh }\n+  mode fresh\n+}\n"
    assert out == f"--- odd.drift\n+++ odd.drift (formatted)\n{changes}"
    assert (tmp_path / "odd.drift").read_text() == ODD
    assert run("--diff", "even.drift")[:2] == (0, "")


def test_a_diff_says_where_the_last_line_has_no_end(run, tmp_path):
    (tmp_path / "odd.drift").write_text("drift 1")
    assert run("--diff", "odd.drift")[1].endswith("-drift 1\n\\ No newline at end of file\n+drift 1\n")


def test_folders_are_searched_but_not_what_is_hidden_in_them(run, tmp_path):
    for folder in ("below", ".hidden"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "odd.drift").write_text(ODD)
        (tmp_path / folder / "odd.txt").write_text(ODD)
    assert run(".", "odd.drift")[1].endswith("2 files formatted, 1 unchanged, 1 with syntax errors left as it is\n")
    assert (tmp_path / ".hidden" / "odd.drift").read_text() == ODD


def test_standard_input_is_formatted_to_standard_output(run, given_input):
    given_input(b"\xef\xbb\xbf" + ODD.replace("\n", "\r\n").encode())
    assert run("-") == (0, EVEN, "")


def test_standard_input_with_syntax_errors_gives_no_output(run, given_input):
    given_input(BAD.encode())
    status, out, err = run("-")
    assert (status, out) == (1, "")
    assert "\n --> standard input:2:11\n" in err


def test_a_rewritten_file_keeps_its_mode_and_a_link_stays_a_link(run, tmp_path):
    (tmp_path / "odd.drift").chmod(0o640)
    (tmp_path / "link.drift").symlink_to("odd.drift")
    run("link.drift")
    assert ((tmp_path / "odd.drift").stat().st_mode & 0o777, (tmp_path / "link.drift").is_symlink()) == (0o640, True)
    assert (tmp_path / "odd.drift").read_text() == EVEN
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.drift", "even.drift", "link.drift", "odd.drift"]


def test_json_says_what_became_of_each_file(run):
    report = json.loads(run("--json", ".")[1])
    assert [(file["path"], file["state"]) for file in report["files"]] == [
        ("bad.drift", "left"),
        ("even.drift", "unchanged"),
        ("odd.drift", "changed"),
    ]
    assert [found["id"] for found in report["diagnostics"]] == ["unclosed-block"]


def test_a_missing_file_is_misuse_and_nothing_is_written(run, tmp_path):
    status, _, err = run("odd.drift", "none.drift")
    assert (status, err) == (2, "error: there is no file `none.drift`\nhelp: check the path\n")
    assert (tmp_path / "odd.drift").read_text() == ODD


def test_what_does_not_go_together_is_misuse(run):
    wrong = (("-", "odd.drift"), ("--diff", "--json", "odd.drift"), ("--json", "-"))
    assert [run(*arguments)[0] for arguments in wrong] == [2, 2, 2]


def test_a_mistake_of_the_formatter_leaves_the_file_as_it_is(run, tmp_path, monkeypatch):
    monkeypatch.setattr("driftlang.syntax.format.is_same_program", lambda one, other: False)  # noqa: ARG005 - its form
    status, _, err = run("odd.drift")
    assert (status, (tmp_path / "odd.drift").read_text()) == (4, ODD)
    assert err.startswith("error: odd.drift: the formatted file would be another program")
