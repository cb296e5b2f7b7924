"""Repositories: what git itself would have made, and nothing that tells of the experiment."""

import os
from datetime import date
from pathlib import Path

import pytest
import small_study as small
from attrs import evolve
from builds import build, contents, git_output
from hypothesis import given
from hypothesis import strategies as st

from driftlang.build.plan_toml import read_plan
from driftlang.build.repository import CONFIG, write_repository
from driftlang.build.tree import clean_message, commit_dates, write_history
from driftlang.model.forms import PLACES, Factor, Level


def git_commits(folder: Path, commits, instructions) -> str:
    """The HEAD that the git command makes of the same commits."""
    git_output(folder, "init", "-q", "-b", "main")
    for number, (commit, when) in enumerate(zip(commits, commit_dates(commits), strict=True), start=1):
        for file in commit.files:
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
            path.chmod(0o755 if file.is_executable else 0o644)
        if instructions and number == len(commits):
            (folder / "AGENTS.md").write_bytes(instructions)
        who = {"NAME": commit.author_name, "EMAIL": commit.author_email, "DATE": f"@{when} +0000"}
        environment = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
        git_output(folder, "add", "-A")
        git_output(folder, "commit", "-q", "--allow-empty", "-F", "-", stdin=commit.message.encode(), **environment)
    return git_output(folder, "rev-parse", "HEAD").decode().strip()


ODD = (
    evolve(
        small.commit("  One\n\n\n\nTwo  \n ", date(2024, 2, 29), small.file("a.b/c", b"1"), small.file("a/c", b"2")),
        author_name="Dr. Ana <the> Núñez, Jr.",
    ),
    small.commit(
        "Change", date(2024, 2, 29), small.file("a.b/c", b"1\0\xff", is_executable=True), small.file("a0", b"")
    ),
    small.commit("Nothing new", date(2024, 2, 29)),
    small.commit("日本", date(2025, 1, 1), small.file('日本/ß "q".txt', b"x"), small.file("a/b/c/d/e", b"")),
)


@pytest.mark.parametrize(
    ("commits", "instructions"),
    [(small.REPO.commits, "Keep it."), (small.REPO.commits, ""), (ODD, "Ünï\n\nx"), (ODD[:1], "")],
)
def test_commit_ids_are_those_that_git_itself_makes(tmp_path, commits, instructions):
    (tmp_path / "real").mkdir()
    expected = git_commits(tmp_path / "real", commits, f"{instructions}\n".encode() if instructions else b"")
    history = write_history(commits, instructions)
    write_repository(history, tmp_path / "ours")
    assert history.head.hex() == expected
    assert git_output(tmp_path / "ours", "rev-parse", "HEAD").decode().strip() == expected
    assert git_output(tmp_path / "ours", "status", "--porcelain") == b""
    assert git_output(tmp_path / "ours", "fsck", "--strict", "--full") == b""


@given(st.text(st.sampled_from("ab \n\t\v\f\r"), max_size=30).filter(str.strip))
def test_a_message_is_cleaned_as_git_cleans_it(message):
    assert clean_message(message).encode() == git_output(Path("/"), "stripspace", stdin=message.encode())


def test_commits_of_a_day_are_a_minute_apart_from_noon():
    commits = [small.commit("x", day) for day in (date(2025, 3, 3), date(2025, 3, 4), date(2025, 3, 3))]
    assert commit_dates(commits) == (1741003200, 1741089600, 1741003260)


def test_the_instructions_are_part_of_the_last_commit_behind_the_own_text(tmp_path):
    own = small.commit("Start", date(2025, 1, 1), small.file("AGENTS.md", b"Own words.\r\n"), small.file("x", b""))
    write_repository(write_history((own, small.REPO.commits[0]), "Ours."), tmp_path / "r")
    assert git_output(tmp_path / "r", "show", "HEAD:AGENTS.md") == b"Own words.\n\nOurs.\n"
    assert git_output(tmp_path / "r", "show", "HEAD~1:AGENTS.md") == b"Own words.\r\n"
    assert git_output(tmp_path / "r", "rev-list", "--count", "HEAD") == b"2\n"


def test_the_git_folder_holds_what_a_clone_would_and_nothing_of_the_machine(plan_folder):
    for folder in (plan_folder / "repos").iterdir():
        found = contents(folder / ".git")
        packs = sorted(path.rpartition(".")[2] for path in found if path.startswith("objects/pack/pack-"))
        others = {path: content for path, content in found.items() if not path.startswith("objects/pack/pack-")}
        assert packs == ["idx", "pack"]
        assert set(others) == {
            *("HEAD", "config", "index", "objects/", "objects/info/", "objects/pack/"),
            *("refs/", "refs/heads/", "refs/heads/main", "refs/tags/"),
        }
        assert others["HEAD"] == b"ref: refs/heads/main\n"
        assert others["config"].decode() == CONFIG


def test_a_fresh_clone_has_the_same_configuration(tmp_path):
    git_output(tmp_path, "init", "-q")
    assert (tmp_path / ".git/config").read_text() == CONFIG


def every_word_of(repository: Path) -> bytes:
    """Contents of all objects, all paths of all commits, and every file of the git folder, packs excepted."""
    objects = git_output(repository, "cat-file", "--batch-all-objects", "--batch")
    paths = git_output(repository, "log", "--all", "--name-only", "--format=%B%an%ae%cn%ce")
    names = b"\n".join(path.encode() for path in contents(repository))
    plain = b"\n".join(v for k, v in contents(repository).items() if not k.startswith(".git/objects/pack/"))
    return b"\n".join((objects, paths, names, plain)).lower()


def test_the_repository_names_no_other_arm_no_future_step_and_no_experiment(tmp_path):
    folder = build(tmp_path, small.scenario(arms=("bare", "placebo", "opposing", "supporting", "unrelated")))
    plan = read_plan(folder)
    telling = {
        "experiment",
        "drift",
        "scenario",
        "placebo",
        "opposing",
        "pressure",
        "violation",
        "solution",
        "severity",
    }
    telling |= {plan.study.name, "house_notes", "keep_inline", "keep_external", "convenience", "security", "qa-7731"}
    for cell in plan.cells:
        words = every_word_of(folder / cell.repository)
        telling |= {other.constraint for other in plan.cells if other.direction != cell.direction}
        telling -= {cell.constraint}
        for script in (script for script in plan.scripts if script.cell == cell.id):
            telling |= {turn.text for turn in script.turns}
            telling |= {injection.text for turn in script.turns for injection in turn.injections}
        assert [word for word in sorted(telling) if word.lower().encode() in words] == []
        assert cell.constraint.lower().encode() in words


def test_cells_with_the_same_content_share_a_repository(tmp_path):
    place = Factor("place", tuple(Level(name, (), small.SPAN) for name in PLACES), small.SPAN)
    folder = build(tmp_path, small.scenario(factors=(place,)))
    plan = read_plan(folder)
    used = {(cell.direction, cell.place): cell.repository for cell in plan.cells}
    assert len(set(used.values())) == 3
    assert len({used[d, p] for d in ("keep_inline", "keep_external") for p in PLACES[1:]}) == 1
    assert {f"repos/{path.name}" for path in (folder / "repos").iterdir()} == set(used.values())


def test_modes_are_those_of_the_commit(plan_folder):
    folder = next((plan_folder / "repos").iterdir())
    assert os.access(folder / "bin/serve", os.X_OK)
    assert not os.access(folder / "billing/redis.py", os.X_OK)
