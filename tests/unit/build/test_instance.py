"""A trial's own copy of its repository."""

import os
import shutil
from hashlib import sha1
from pathlib import Path

import pytest
from attrs import evolve
from builds import contents, git_output

from driftlang.build.index_file import parse_index, render_index
from driftlang.build.instance import _Kept, instantiate
from driftlang.build.plan_toml import read_plan
from driftlang.build.tree import blob_id
from driftlang.diagnostics.failure import ExitStatus, Failure


@pytest.fixture
def cell(plan_folder):
    return read_plan(plan_folder).cells[0]


@pytest.fixture
def work_tree(plan_folder, cell, tmp_path):
    instantiate(plan_folder, cell, tmp_path / "deep" / cell.directory)
    return tmp_path / "deep" / cell.directory


def test_the_copy_holds_what_the_plan_holds_with_a_fresh_index(plan_folder, cell, work_tree):
    copied, planned = contents(work_tree), contents(plan_folder / cell.repository)
    assert copied.pop(".git/index") != planned.pop(".git/index")
    assert copied == planned
    assert git_output(work_tree, "fsck", "--strict", "--full") == b""


def test_status_is_clean_without_reading_a_file(work_tree):
    """`diff-files` trusts the index alone: it lists every file whose state is not as recorded."""
    assert git_output(work_tree, "diff-files") == b""
    assert git_output(work_tree, "status", "--porcelain") == b""
    for path in work_tree.rglob("*.py"):
        path.write_bytes(path.read_bytes())
    assert git_output(work_tree, "diff-files") != b""


def test_nothing_is_shared_with_the_plan(plan_folder, cell, work_tree):
    for path in work_tree.rglob("*"):
        if path.is_file():
            assert path.stat().st_nlink == 1
    assert git_output(work_tree, "remote") == b""
    assert git_output(work_tree, "for-each-ref", "--format=%(refname)") == b"refs/heads/main\n"
    assert git_output(work_tree, "reflog") == b""
    assert str(plan_folder).encode() not in b"".join(contents(work_tree).values())
    assert git_output(work_tree, "rev-parse", "HEAD").decode().strip() == cell.commit


def test_files_carry_the_time_of_the_last_commit(work_tree):
    times = {path.stat().st_mtime for path in work_tree.rglob("*.py")}
    assert times == {float(git_output(work_tree, "log", "-1", "--format=%ct"))}


def test_modes_names_and_empty_files_survive(work_tree):
    assert os.access(work_tree / "bin/serve", os.X_OK)
    assert (work_tree / "docs/größe.md").read_text() == "Größe zählt.\n"
    assert (work_tree / "billing/__init__.py").read_bytes() == b""


def test_a_teammate_can_work_in_it(work_tree):
    (work_tree / "new.py").write_text("x = 1\n")
    git_output(work_tree, "add", "-A")
    who = {
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@b.c",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@b.c",
    }
    git_output(work_tree, "commit", "-q", "-m", "New", **who)
    assert git_output(work_tree, "rev-list", "--count", "HEAD") == b"4\n"


def drop_repository(folder: Path):
    shutil.rmtree(folder)


def change_file(folder: Path):
    (folder / "billing/redis.py").write_text("x")


def cut_index(folder: Path):
    index = folder / ".git/index"
    index.write_bytes(index.read_bytes()[:-1])


def drop_file(folder: Path):
    (folder / "billing/redis.py").unlink()


def spoil_pack(folder: Path):
    (pack,) = (folder / ".git/objects/pack").glob("*.pack")
    pack.write_bytes(pack.read_bytes()[:12] + bytes(reversed(pack.read_bytes()[12:])))


def drop_pack(folder: Path):
    for path in (folder / ".git/objects/pack").iterdir():
        path.unlink()


def link_into_git(folder: Path):
    (folder / ".git/info_x").symlink_to("/etc/hostname")


def link_a_file(folder: Path):
    content = (folder / "billing/redis.py").read_bytes()
    (folder.parent / "elsewhere").write_bytes(content)
    (folder / "billing/redis.py").unlink()
    (folder / "billing/redis.py").symlink_to(folder.parent / "elsewhere")


def add_pipe(folder: Path):
    os.mkfifo(folder / ".git/pipe")


def rewrite_index(folder: Path, change):
    """Let `change` make other entries of the index; its checksum stays right."""
    index = folder / ".git/index"
    entries = parse_index(index.read_bytes())
    index.write_bytes(render_index(sorted(map(change, entries), key=lambda entry: entry.path)))


def move_file(path: str):
    def harm(folder: Path):
        rewrite_index(folder, lambda entry: evolve(entry, path=path.encode()) if b"redis" in entry.path else entry)

    return harm


def make_executable(folder: Path):
    rewrite_index(folder, lambda entry: evolve(entry, mode=0o100755))


def make_links(folder: Path):
    rewrite_index(folder, lambda entry: evolve(entry, mode=0o120000))


def commit_other_files(folder: Path):
    (folder / "billing/redis.py").write_bytes(b"x = 1\n")
    new = blob_id(b"x = 1\n")
    rewrite_index(folder, lambda entry: evolve(entry, id=new) if b"redis" in entry.path else entry)


def empty_index(folder: Path):
    body = b"DIRC\0\0\0\2\0\0\0\7"
    (folder / ".git/index").write_bytes(body + sha1(body, usedforsecurity=False).digest())


def drop_pack_index(folder: Path):
    next((folder / ".git/objects/pack").glob("*.idx")).unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (link_into_git, r"\.git/info_x` is no plain file or folder"),
        (link_a_file, "billing/redis.py` is no plain file or folder"),
        (add_pipe, r"\.git/pipe` is no plain file or folder"),
        (move_file("../redis.py"), r"`\.\./redis\.py` is no file that a build writes"),
        (move_file(".git/hooks/post-checkout"), "post-checkout` is no file that a build writes"),
        (make_links, "is no file that a build writes"),
        (make_executable, "its index is not that of the commit"),
        (commit_other_files, "its index is not that of the commit"),
        (empty_index, "an index that ends early"),
        (drop_pack_index, "its pack has no index"),
        (drop_file, "`billing/redis.py` is missing"),
        (spoil_pack, "its pack is not as it was written"),
        (drop_pack, "it has not one pack"),
        (drop_repository, "it is missing or not whole"),
        (change_file, "`billing/redis.py` is not as committed"),
        (cut_index, "not an index of version 2, or damaged"),
    ],
)
def test_a_damaged_repository_is_refused(plan_folder, cell, tmp_path, harm, said):
    shutil.copytree(plan_folder, tmp_path / "plan")
    harm(tmp_path / "plan" / cell.repository)
    with pytest.raises(Failure, match=said) as failure:
        instantiate(tmp_path / "plan", cell, tmp_path / "work")
    assert failure.value.status == ExitStatus.MISUSE


def test_of_the_plans_git_folder_only_the_pack_is_taken(plan_folder, cell, tmp_path):
    """Configuration and hooks of a plan would run on the machine of whoever runs it."""
    shutil.copytree(plan_folder, tmp_path / "plan")
    git = tmp_path / "plan" / cell.repository / ".git"
    (git / "config").write_text((git / "config").read_text() + "\tfsmonitor = touch /tmp/ran; false\n")
    (git / "HEAD").write_text("ref: refs/heads/other\n")
    (git / "hooks").mkdir()
    (git / "hooks/post-checkout").write_text("#!/bin/sh\n")
    (git / "info").mkdir()
    (git / "info/attributes").write_text("* filter=x\n")
    instantiate(tmp_path / "plan", cell, tmp_path / "work")
    instantiate(plan_folder, cell, tmp_path / "expected")
    found, expected = contents(tmp_path / "work"), contents(tmp_path / "expected")
    assert found.pop(".git/index") != expected.pop(".git/index")
    assert found == expected


def test_a_commit_that_is_not_what_its_id_says_is_refused(plan_folder, cell, tmp_path):
    """The index of the pack names its objects; that they are so is compared."""
    shutil.copytree(plan_folder, tmp_path / "plan")
    (index,) = (tmp_path / "plan" / cell.repository / ".git/objects/pack").glob("*.idx")
    ref = tmp_path / "plan" / cell.repository / ".git/refs/heads/main"
    real = bytes.fromhex(cell.commit)
    claimed = real[:-1] + bytes([real[-1] ^ 1])
    assert index.read_bytes().count(real) == 1
    index.write_bytes(index.read_bytes().replace(real, claimed))
    ref.write_text(claimed.hex() + "\n")
    with pytest.raises(Failure, match="another commit under that id"):
        instantiate(tmp_path / "plan", evolve(cell, commit=claimed.hex()), tmp_path / "work")


def test_a_repository_that_the_plan_does_not_name_is_refused(plan_folder, cell, tmp_path):
    with pytest.raises(Failure, match="the plan names 000000000000"):
        instantiate(plan_folder, evolve(cell, commit="0" * 40), tmp_path / "work")


def test_a_folder_with_content_is_left_alone(plan_folder, cell, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Failure, match="is not empty"):
        instantiate(plan_folder, cell, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_system_that_refuses_is_an_infrastructure_failure(plan_folder, cell, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="could not be written") as failure:
        instantiate(plan_folder, cell, tmp_path / "file" / "work")
    assert failure.value.status == ExitStatus.INFRASTRUCTURE


def test_repositories_over_the_bound_are_let_go_and_read_again(plan_folder):
    """The one used longest ago goes; the last one stays whatever its size."""
    first, other = {cell.repository: cell for cell in read_plan(plan_folder).cells}.values()
    kept = _Kept(1)
    one = kept.get(plan_folder / first.repository, first.commit)
    assert kept.get(plan_folder / first.repository, first.commit) is one
    kept.get(plan_folder / other.repository, other.commit)
    again = kept.get(plan_folder / first.repository, first.commit)
    assert again is not one
    assert again == one


def test_two_repositories_within_the_bound_are_both_kept(plan_folder):
    cells = {cell.repository: cell for cell in read_plan(plan_folder).cells}.values()
    kept = _Kept(1 << 20)
    read = [kept.get(plan_folder / cell.repository, cell.commit) for cell in cells]
    assert all(
        kept.get(plan_folder / cell.repository, cell.commit) is one for cell, one in zip(cells, read, strict=True)
    )


def test_no_pack_stays_mapped_once_it_was_read(plan_folder, cell):
    from gitdb.util import mman

    _Kept(1).get(plan_folder / cell.repository, cell.commit)
    assert mman.mapped_memory_size() == 0
