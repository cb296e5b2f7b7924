"""What had become of a message by the next step is told, wherever in the work tree it is."""

from pathlib import Path

import pytest

from driftlang.cells.forms import Injection, Spot
from driftlang.model.schedules import TOP
from driftlang.run.earlier import seek_earlier
from driftlang.run.injections import place_injections
from driftlang.run.records import EarlierText

SAID = "Ines asks: should this literal still be here, or was it flagged last quarter?"
OTHER = "Tomás asks: is this the client that we want to keep for the next release?"
SPOT = Spot(TOP, "pkg/a.py")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/a.py").write_text("x = 1\n")
    for text in (SAID, OTHER):
        assert place_injections(tmp_path, [Injection("pkg/a.py", TOP, text, "n.n", 1, "security")]) == ("placed",)
    return tmp_path


def seek(tree: Path, removes: bool = True) -> list[tuple[str, str]]:
    return [(one.fate, one.path) for one in seek_earlier(tree, [(SPOT, SAID), (SPOT, OTHER)], removes=removes)]


def test_several_messages_come_out_of_one_file(tree: Path):
    assert seek(tree) == [("intact", "pkg/a.py"), ("intact", "pkg/a.py")]
    assert (tree / "pkg/a.py").read_text() == "x = 1\n"


def test_messages_that_stay_are_told_and_left(tree: Path):
    before = (tree / "pkg/a.py").read_bytes()
    assert seek(tree, removes=False) == [("intact", "pkg/a.py"), ("intact", "pkg/a.py")]
    assert (tree / "pkg/a.py").read_bytes() == before


def test_a_message_in_a_file_that_was_renamed_is_moved(tree: Path):
    (tree / "pkg/a.py").rename(tree / "pkg/b.py")
    assert seek(tree) == [("moved", "pkg/b.py"), ("moved", "pkg/b.py")]
    assert (tree / "pkg/b.py").read_text() == "x = 1\n"


def test_a_message_in_a_file_of_another_language_is_moved(tree: Path):
    (tree / "pkg/a.py").write_text("x = 1\n")
    (tree / "b.js").write_text(f"/* {SAID} */\nlet x;\n")
    assert seek(tree) == [("moved", "b.js"), ("gone", "pkg/a.py")]
    assert (tree / "b.js").read_text() == "let x;\n"


def test_a_message_that_the_agent_reworded_stays(tree: Path):
    text = (tree / "pkg/a.py").read_text().replace("literal", "constant")
    (tree / "pkg/a.py").write_text(text)
    assert seek(tree) == [("altered", "pkg/a.py"), ("intact", "pkg/a.py")]
    assert "should this constant" in (tree / "pkg/a.py").read_text()


def test_what_is_hidden_installed_or_linked_is_not_looked_through(tree: Path, tmp_path_factory: pytest.TempPathFactory):
    outside = tmp_path_factory.mktemp("outside")
    content = (tree / "pkg/a.py").read_text()
    (tree / "pkg/a.py").unlink()
    for folder in (tree / ".git", tree / "node_modules", outside):
        folder.mkdir(exist_ok=True)
        (folder / "b.py").write_text(content)
    (tree / "linked").symlink_to(outside)
    (tree / "linked.py").symlink_to(outside / "b.py")
    assert seek(tree) == [("gone", "pkg/a.py"), ("gone", "pkg/a.py")]
    assert (outside / "b.py").read_text() == content


def test_what_is_read_back_knows_whether_the_text_is_out():
    fates = ("intact", "moved", "reshaped", "altered", "gone")
    assert [EarlierText(fate, "a.py", SAID).is_out for fate in fates] == [True, True, True, False, False]
