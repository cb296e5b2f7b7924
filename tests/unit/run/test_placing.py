"""Messages enter the files of a work tree that an agent has had its hands in."""

from pathlib import Path

import pytest

from driftlang.cells.forms import Injection
from driftlang.run.earlier import seek_earlier
from driftlang.run.injections import place_injections

SOURCE = "def connect():\n    raise NotImplementedError\n"
NOTE = Injection("pkg/a.py", "comment top", "Ines asks: should this stay?", "notes.note", 1, "security")


def fates(tree: Path, injections: list[Injection]) -> list[str]:
    said = [(one.spots[0], one.text) for one in injections]
    return [one.fate for one in seek_earlier(tree, said, removes=True)]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree" / "pkg").mkdir(parents=True)
    (tmp_path / "tree" / "pkg" / "a.py").write_text(SOURCE)
    return tmp_path / "tree"


def test_a_message_stands_in_its_file(tree: Path):
    assert place_injections(tree, [NOTE]) == ("placed",)
    text = (tree / "pkg" / "a.py").read_text()
    assert "# Ines asks: should this stay?" in text
    assert text.endswith(SOURCE)


def test_a_message_of_a_former_step_is_taken_out_again(tree: Path):
    place_injections(tree, [NOTE])
    assert fates(tree, [NOTE]) == ["intact"]
    assert (tree / "pkg" / "a.py").read_text() == SOURCE


def test_taking_out_what_the_agent_took_out_already_changes_nothing_and_is_told(tree: Path):
    assert fates(tree, [NOTE]) == ["gone"]
    assert (tree / "pkg" / "a.py").read_text() == SOURCE


def test_a_file_that_is_gone_is_a_reason(tree: Path):
    (tree / "pkg" / "a.py").unlink()
    assert place_injections(tree, [NOTE]) == ("the file is gone",)
    assert not (tree / "pkg" / "a.py").exists()


def test_a_file_that_never_was_is_another_reason(tree: Path):
    (tree / "pkg" / "a.py").unlink()
    assert place_injections(tree, [NOTE], {"pkg/b.py"}) == ("the file is not there",)
    assert place_injections(tree, [NOTE], {"pkg/a.py"}) == ("the file is gone",)


def test_a_link_is_not_written_through(tree: Path, tmp_path: Path):
    (tmp_path / "outside.py").write_text("mine\n")
    (tree / "pkg" / "a.py").unlink()
    (tree / "pkg" / "a.py").symlink_to(tmp_path / "outside.py")
    assert place_injections(tree, [NOTE]) == ("the file is not a regular file any more",)
    fates(tree, [NOTE])
    assert (tmp_path / "outside.py").read_text() == "mine\n"


def test_a_linked_folder_is_not_written_through(tree: Path, tmp_path: Path):
    (tree / "pkg" / "a.py").unlink()
    (tree / "pkg").rmdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.py").write_text("mine\n")
    (tree / "pkg").symlink_to(tmp_path / "outside")
    assert place_injections(tree, [NOTE]) == ("the file is not in the repository any more",)
    assert (tmp_path / "outside" / "a.py").read_text() == "mine\n"


def test_a_folder_in_the_files_place_is_a_reason(tree: Path):
    (tree / "pkg" / "a.py").unlink()
    (tree / "pkg" / "a.py").mkdir()
    assert place_injections(tree, [NOTE]) == ("the file is not a regular file any more",)


def test_a_file_without_comments_is_a_reason(tree: Path):
    (tree / "data.json").write_text("{}\n")
    (said,) = place_injections(tree, [Injection("data.json", "comment top", "Ines asks.", "n.n", 1, "security")])
    assert said not in {"placed", ""}
    assert (tree / "data.json").read_text() == "{}\n"


def test_a_comment_in_a_file_that_is_gone_is_told_as_not_taken_out(tree: Path):
    (tree / "pkg" / "a.py").unlink()
    assert fates(tree, [NOTE]) == ["gone"]


def test_a_file_of_any_claimed_size_is_a_reason_instead_of_being_read(tree: Path):
    with (tree / "pkg" / "a.py").open("r+b") as sparse:
        sparse.truncate(1 << 40)
    assert place_injections(tree, [NOTE]) == ("the file is larger than 8 MiB",)
    assert fates(tree, [NOTE]) == ["gone"]


def test_the_mode_of_a_file_stays(tree: Path):
    (tree / "pkg" / "a.py").chmod(0o755)
    place_injections(tree, [NOTE])
    assert (tree / "pkg" / "a.py").stat().st_mode & 0o777 == 0o755


def test_a_file_that_may_not_be_opened_is_a_reason(tree: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("driftlang.run.injections.rewrite_file", refuse)
    assert place_injections(tree, [NOTE]) == ("the file cannot be written: permission denied",)


def test_a_full_disk_is_no_reason_but_trouble(tree: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("driftlang.run.injections.rewrite_file", refuse)
    with pytest.raises(OSError, match="No space left"):
        place_injections(tree, [NOTE])
