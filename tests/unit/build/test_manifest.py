"""A built folder is run as it was built, or not at all."""

import shutil

import pytest

from driftlang.build.manifest import check_manifest
from driftlang.diagnostics.failure import ExitStatus, Failure


@pytest.fixture
def copied(plan_folder, tmp_path):
    """A copy of a built folder, to be changed."""
    return shutil.copytree(plan_folder, tmp_path / "copied")


def test_what_a_build_wrote_passes(copied):
    check_manifest(copied)


@pytest.mark.parametrize("pattern", ["plan.toml", "scorers/*.toml", "solutions/*.toml"])
def test_a_changed_file_is_refused_by_name(copied, pattern):
    (changed, *_) = copied.glob(pattern)
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(Failure, match=f"{changed.name}` is not the file") as refused:
        check_manifest(copied)
    assert refused.value.status is ExitStatus.MISUSE


def test_a_missing_file_is_refused_by_name(copied):
    shutil.rmtree(copied / "scorers")
    with pytest.raises(Failure, match="is gone"):
        check_manifest(copied)


def test_a_manifest_that_is_none_is_refused(copied):
    (copied / "MANIFEST.toml").write_text("files = 3\n", encoding="utf-8")
    with pytest.raises(Failure, match="cannot be read as a manifest"):
        check_manifest(copied)


def test_a_folder_without_manifest_passes(copied):
    (copied / "MANIFEST.toml").unlink()
    check_manifest(copied)
