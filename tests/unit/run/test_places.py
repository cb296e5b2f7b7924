"""Where trials live: neutral names, the same each time, nobody else's."""

import re
from pathlib import Path

import pytest

from driftlang.diagnostics.failure import Failure
from driftlang.run.places import Place, take_left, take_place


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_the_same_trial_has_the_same_path_each_time():
    with take_place("f00d", "billing") as first:
        pass
    with take_place("f00d", "billing") as second:
        assert second == first


def test_a_path_tells_nothing_but_the_directory(tmp_path: Path):
    with take_place("f00d", "billing") as place:
        assert re.fullmatch(r"ws/[0-9a-f]{12}/billing", place.work_tree.relative_to(tmp_path).as_posix())
        assert re.fullmatch(r"rt/[0-9a-f]{12}", place.root.relative_to(tmp_path).as_posix())
        assert place.root not in place.work_tree.parents


def test_two_at_once_do_not_share_a_place():
    with take_place("f00d", "billing") as first, take_place("f00d", "billing") as second:
        assert second.root != first.root
        assert second.work_tree != first.work_tree
        assert second.root.is_dir()


def test_a_place_is_empty_at_first_and_gone_afterwards():
    with take_place("f00d", "billing") as place:
        place.work_tree.mkdir()
        (place.work_tree / "a").write_text("left")
    assert [*place.root.parent.iterdir(), *place.work_tree.parent.parent.iterdir()] == []
    place.work_tree.mkdir(parents=True)  # as a killed runner leaves it
    (place.work_tree / "a").write_text("left")
    with take_place("f00d", "billing") as again:
        assert not again.work_tree.exists()


def test_what_a_killed_runner_left_is_cleared_by_its_key():
    with take_place("f00d", "billing") as place:
        key = place.key
    place.work_tree.mkdir(parents=True)
    with take_left(key) as left:
        assert left is not None
        left.clear()
    assert not place.work_tree.parent.exists()


def test_a_place_that_somebody_works_in_is_nobody_elses():
    with take_place("f00d", "billing") as place, take_left(place.key) as left:
        assert left is None


@pytest.mark.parametrize("key", ["", "..", "../../etc", "0123456789ab/..", "/etc"])
def test_only_keys_of_places_are_taken(key: str, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    with take_left(key) as left:
        assert left is None
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("directory", ["", ".", "..", "../mine", "a/b", "a/../../../mine", "a\0b"])
def test_a_work_tree_of_no_plain_name_is_refused_and_nothing_is_removed(directory: str, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a").write_text("dear to somebody")
    for name in (directory, str(tmp_path / "mine" / "tree")):
        with pytest.raises(Failure, match="no plain name"), take_place("f00d", name):
            pass
    assert (tmp_path / "mine" / "a").exists()


def test_clearing_removes_folders_named_after_the_key_alone(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    for name in ("holder", "root", "aside"):
        (tmp_path / name).mkdir()
    Place("f00d", tmp_path / "root", tmp_path / "holder", tmp_path / "mine" / "tree", tmp_path / "aside").clear()
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_folder_that_others_could_write_is_not_used(tmp_path: Path):
    for name in ("ws", "rt"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o777)
    with take_place("f00d", "billing") as place:
        assert place.work_tree.parent.parent.name.startswith("ws-")


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "ws").symlink_to(tmp_path / "elsewhere")
    with take_place("f00d", "billing"):
        assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_temporary_folder_that_cannot_be_written_is_one_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    with pytest.raises(Failure, match="cannot be made"), take_place("f00d", "billing"):
        pass


def test_folders_that_the_agent_closed_are_removed_too(tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    with take_place("f00d", "billing") as place:
        (place.work_tree / "closed" / "inner").mkdir(parents=True)
        (place.work_tree / "closed" / "link").symlink_to(outside)
        (place.work_tree / "closed" / "inner" / "a").write_text("left")
        (place.work_tree / "closed").chmod(0o000)
    assert not place.work_tree.parent.exists()
    assert outside.stat().st_mode & 0o777 == 0o755
