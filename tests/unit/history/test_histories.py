"""Imported histories: what git has in a clone or bundle is what the repository has."""

import pytest
from real_history import commit, git, make_clone, merge_another, write

from driftlang.model import git_store, read_history

LOG = ("log", "--first-parent", "--format=%T %an %ae %ad %cn %ce %cd %B", "--date=raw")
OWN = 'commit "More" by "Dana Reyes <dana@ledger.example>" on 2025-03-03 { file "ledger/more.py" "z = 1\\n" }'


@pytest.fixture
def clone(tmp_path):
    return make_clone(tmp_path / "upstream")


def head(folder):
    return git(folder, "rev-parse", "HEAD")


def bundle(clone, *revisions):
    git(clone, "bundle", "create", "-q", "../upstream.bundle", *(revisions or ("--all",)))
    return "upstream.bundle"


def test_a_linear_history_of_a_bundle_keeps_the_ids_of_its_commits(clone, built):
    folder = built(f'history from "{bundle(clone)}" at "{head(clone)}"')
    assert head(folder) == head(clone)
    assert git(folder, "fsck", "--strict") == ""
    assert git(folder, "status", "--porcelain") == ""


@pytest.mark.parametrize("kind", ["bundle", "clone", "bare"])
def test_a_merged_history_has_the_trees_persons_and_times_of_its_first_parents(clone, built, kind):
    merge = merge_another(clone)
    if kind == "bundle":
        source = bundle(clone)
    elif kind == "bare":
        git(clone, "clone", "-q", "--bare", ".", "../bare.git")
        source = "bare.git/"
    else:
        source = "upstream/"
    folder = built(f'history from "{source}" at "{merge}"')
    assert git(folder, *LOG) == git(clone, *LOG)
    assert git(folder, "rev-list", "--min-parents=2", "HEAD") == ""


def test_an_earlier_commit_ends_the_history_there(clone, built):
    earlier = git(clone, "rev-parse", "HEAD~2")
    assert head(built(f'history from "upstream/" at "{earlier}"')) == earlier


def test_commits_of_ones_own_follow_the_history(clone, built):
    folder = built(f'history from "upstream/" at "{head(clone)}"', OWN)
    assert git(folder, "rev-parse", "HEAD~1") == head(clone)
    assert git(folder, "diff", "--name-only", "HEAD~1").splitlines() == ["ledger/more.py"]


def test_a_message_in_another_encoding_reads_the_same(clone, built):
    write(clone, "a", "b")
    git(clone, "config", "i18n.commitEncoding", "ISO-8859-1")
    people = {f"GIT_{role}_{key}": "m@x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    git(clone, "commit", "-q", "--allow-empty", "-F", "-", stdin="Größe\n".encode("latin-1"), **people)
    folder = built(f'history from "upstream/" at "{head(clone)}"')
    assert git(folder, "log", "-1", "--format=%B") == "Größe"


def test_the_commit_counts_into_the_digest_of_the_sources(clone, read):
    entry = f'history from "upstream/" at "{head(clone)}"'
    assert list(read(entry).extra.values()) == [head(clone).encode()]


def test_files_at_the_end_are_those_of_the_last_tree(clone, read):
    (repo,) = read(f'history from "upstream/" at "{head(clone)}"', OWN).repos
    assert sorted(repo.files) == ["ledger/book.py", "ledger/more.py", "run/all.sh"]
    assert repo.files["ledger/book.py"].content == b"x = 2\n"


# ---- what is refused ----


def test_an_abbreviated_id_is_refused_with_the_whole_one(clone, read):
    found = read(f'history from "upstream/" at "{head(clone)[:9]}"')
    assert found.ids == ["unknown-commit"]
    assert "is no whole id of a commit, which has 40 digits" in found.said
    assert f"`{head(clone)}` (`refs/heads/trunk`)" in found.said


def test_an_unknown_id_is_refused_with_one_that_begins_alike(clone, read):
    found = read(f'history from "upstream/" at "{head(clone)[:12]}{"0" * 28}"')
    assert found.ids == ["unknown-commit"]
    assert f"is no commit of `upstream/`; write a whole id, such as `{head(clone)}`" in found.said


@pytest.mark.parametrize("source", ["upstream/", "upstream.bundle"])
def test_the_name_of_a_branch_is_refused_with_its_commit(clone, read, source):
    bundle(clone)
    found = read(f'history from "{source}" at "trunk"')
    assert (
        f"`trunk` is no id of a commit, expected 40 digits of 0-9 and a-f; write a whole id, such as `{head(clone)}`"
        in (found.said)
    )


def test_the_id_of_a_tree_is_no_commit(clone, read):
    tree = git(clone, "rev-parse", "HEAD^{tree}")
    assert f"`{tree}` is a tree, no commit" in read(f'history from "upstream/" at "{tree}"').said


def test_a_link_in_any_kept_tree_is_refused(clone, read):
    (clone / "link").symlink_to("/etc/passwd")
    first = commit(clone, "Link", "Dana Reyes <dana@ledger.example>", "2024-04-01T10:00:00 +0000")
    (clone / "link").unlink()
    last = commit(clone, "Unlink", "Dana Reyes <dana@ledger.example>", "2024-04-02T10:00:00 +0000")
    found = read(f'history from "upstream/" at "{last}"')
    assert found.ids == ["unreadable-history"]
    assert f"commit `{first[:12]}` holds `link`, a link, which leads out of what is kept" in found.said


def test_a_submodule_is_refused(clone, read):
    git(clone, "update-index", "--add", "--cacheinfo", f"160000,{head(clone)},vendor/other")
    tree = git(clone, "write-tree")
    people = {f"GIT_{role}_{key}": "m@x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    made = git(clone, "commit-tree", tree, "-p", "HEAD", "-m", "Vendor", **people)
    assert "holds `vendor/other`, a submodule" in read(f'history from "upstream/" at "{made}"').said


def test_a_history_that_is_too_long_is_refused_with_its_length_and_the_bound(clone, read, monkeypatch):
    monkeypatch.setattr(read_history, "MOST_COMMITS", 3)
    found = read(f'history from "upstream/" at "{head(clone)}"')
    assert found.ids == ["unreadable-history"]
    assert "the history has 4 commits, 3 are the most" in found.said


def test_a_history_that_is_too_large_is_refused_with_its_size_and_the_bound(clone, read, monkeypatch):
    write(clone, "large.bin", "x" * 3_000_000)
    commit(clone, "Large", "Dana Reyes <dana@ledger.example>", "2024-04-01T10:00:00 +0000")
    monkeypatch.setattr(read_history, "LARGEST_HISTORY", 2_000_000)
    found = read(f'history from "upstream/" at "{head(clone)}"')
    assert found.ids == ["unreadable-history"]
    assert "the history holds 3.0 MB, 2 MB are the most" in found.said


def test_a_bundle_that_is_too_large_is_refused(clone, read, monkeypatch):
    monkeypatch.setattr(git_store, "LARGEST_HISTORY", 100)
    assert read(f'history from "{bundle(clone)}" at "{head(clone)}"').ids == ["unreadable-history"]


def test_a_shallow_clone_is_refused(clone, read):
    git(clone, "clone", "-q", "--depth=1", f"file://{clone}", "../shallow")
    found = read(f'history from "shallow/" at "{head(clone)}"')
    assert found.ids == ["unreadable-history"]
    assert "is not whole" in found.said


def test_a_bundle_of_a_part_is_refused(clone, read):
    found = read(f'history from "{bundle(clone, "HEAD~1..trunk")}" at "{head(clone)}"')
    assert found.ids == ["unreadable-history"]
    assert "Repository lacks these prerequisite commits" in found.said


def test_what_is_neither_clone_nor_bundle_is_refused(tmp_path, read):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.bundle").write_text("nothing")
    for source in ("folder/", "file.bundle"):
        assert read(f'history from "{source}" at "{"0" * 40}"').ids == ["unreadable-history"]
    assert read(f'history from "gone/" at "{"0" * 40}"').ids == ["missing-file"]
    assert read(f'history from "../gone/" at "{"0" * 40}"').ids == ["bad-path"]


def test_a_repo_without_any_commit_is_refused(read):
    assert read().ids == ["missing-entry"]


def test_a_misspelt_commit_is_not_missing_as_well(read):
    assert read(OWN.replace("commit", "comit", 1)).ids == ["unknown-entry"]
