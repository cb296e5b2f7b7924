"""A study's folder: the same bytes every time, whole or not at all."""

import errno
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
import small_study as small
from attrs import evolve
from builds import build, contents, git_output, plan_of

import driftlang.build.renewal
from driftlang.build.emit import build_study
from driftlang.build.plan_toml import read_plan
from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.model.forms import ModelChoice

TEXT_FILES = [
    "MANIFEST.toml",
    "cells.md",
    "plan.toml",
    "rubrics/credentials_in_billing.toml",
    "rubrics/source.keep_external.md",
    "rubrics/source.keep_inline.md",
    "scorers/credentials_in_billing.toml",
    "solutions/credentials_in_billing.toml",
]


def test_two_builds_are_equal_to_the_byte_the_git_folders_included(plan_folder, tmp_path):
    again = contents(build(tmp_path))
    assert again == contents(plan_folder)
    assert sum(path.endswith(".pack") for path in again) == 2


def test_a_folder_holds_these_files_and_repositories(plan_folder):
    found = {path for path in contents(plan_folder) if not path.endswith("/") and not path.startswith("repos/")}
    assert sorted(found) == TEXT_FILES


def test_every_text_file_says_what_it_was_made_from(plan_folder):
    for path in TEXT_FILES:
        first = (plan_folder / path).read_text().splitlines()[0]
        assert "made from billing.drift by driftlang " in first
        assert f"sources sha256 {'0' * 64}" in first
        assert "(language 1)" in first


def test_no_file_holds_a_path_of_the_machine(plan_folder):
    for path, content in contents(plan_folder).items():
        assert str(Path.home()).encode() not in content, path
        assert str(plan_folder.parent).encode() not in content, path


def test_the_manifest_holds_the_digest_of_each_file_and_the_head_of_each_repository(plan_folder):
    manifest = tomllib.loads((plan_folder / "MANIFEST.toml").read_text())
    assert manifest["files"] == {
        path: sha256((plan_folder / path).read_bytes()).hexdigest() for path in TEXT_FILES if path != "MANIFEST.toml"
    }
    heads = {
        path: git_output(plan_folder / path, "rev-parse", "HEAD").decode().strip() for path in manifest["repositories"]
    }
    assert {path: entry["commit"] for path, entry in manifest["repositories"].items()} == heads
    assert len(heads) == 2


def test_what_a_plan_names_is_there(plan_folder):
    plan = read_plan(plan_folder)
    for cell in plan.cells:
        assert (plan_folder / cell.scorer).is_file()
        assert (plan_folder / cell.solutions).is_file()
        assert (plan_folder / cell.repository / ".git").is_dir()
        assert cell.directory == "ledger"


def test_there_is_a_trial_for_each_cell_run_and_model(plan_folder):
    plan = read_plan(plan_folder)
    assert len(plan.trials) == 4 * 2 * 2
    assert {(t.script, t.model) for t in plan.trials} == {
        (s.id, m.id) for s in plan.scripts for m in small.study().models
    }
    assert all(len(trial.id) == 16 and int(trial.id, 16) >= 0 for trial in plan.trials)


def test_a_build_replaces_an_earlier_one_whole(tmp_path):
    folder = build(tmp_path)
    (folder / "stale.txt").write_text("old")
    assert build(tmp_path) == folder
    assert not (folder / "stale.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["replication"]


def try_build(out, scenario=None):
    study, sink = small.study(scenario or small.scenario()), Sink()
    build_study(study, small.model(study), "billing.drift", out, sink)
    return sink.found


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "replication").mkdir()
    assert try_build(tmp_path) == ()
    assert (tmp_path / "replication/plan.toml").is_file()


def test_a_folder_that_no_build_wrote_is_left_alone(tmp_path):
    (tmp_path / "replication").mkdir()
    (tmp_path / "replication/thesis.tex").write_text("years of work")
    with pytest.raises(Failure, match="holds files that no build has written") as failure:
        try_build(tmp_path)
    assert failure.value.status == ExitStatus.MISUSE
    assert contents(tmp_path) == {"replication/": b"", "replication/thesis.tex": b"years of work"}


@pytest.mark.parametrize("place", ["replication", "."])
def test_a_file_in_the_folders_place_is_left_alone(tmp_path, place):
    out = tmp_path / "out"
    (out if place == "." else tmp_path / place).write_text("mine")
    with pytest.raises(Failure, match="is no folder") as failure:
        try_build(out if place == "." else tmp_path)
    assert failure.value.status == ExitStatus.MISUSE


@pytest.mark.parametrize("kind", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_file_system_that_refuses_midway_leaves_what_was_there(tmp_path, monkeypatch, kind):
    before = contents(build(tmp_path))

    def refuse(*_):
        raise OSError(kind, "no more", "x")

    monkeypatch.setattr(driftlang.build.renewal, "write_snapshot", refuse)
    changed = evolve(small.REPO, commits=(*small.REPO.commits, *repo("more").commits))
    with pytest.raises(Failure, match=r"could not write `.*replication`: no more") as failure:
        try_build(tmp_path, small.scenario(repo=changed))
    assert failure.value.status == ExitStatus.INFRASTRUCTURE
    assert contents(tmp_path / "replication") == before
    assert [path.name for path in tmp_path.iterdir()] == ["replication"]


def test_with_an_error_nothing_is_written(tmp_path):
    assert [finding.id for finding in try_build(tmp_path / "out", small.scenario(placebo=()))] == [
        "arm-without-messages"
    ]
    assert not (tmp_path / "out").exists()


def repo(*files, on=small.REPO.commits[0].on):
    return evolve(small.REPO, commits=(small.commit("Start", on, *(small.file(path, b"x") for path in files)),))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (evolve(small.REPO, commits=()), "missing-entry"),
        (repo("billing/AGENTS.md"), "leaking-file"),
        (repo("billing/CLAUDE.md"), "leaking-file"),
        (repo("CLAUDE.md"), "leaking-file"),
        (repo("CONTEXT.md"), "leaking-file"),
        (repo("opencode.json"), "leaking-file"),
        (repo("a/opencode.jsonc"), "leaking-file"),
        (repo(".opencode/agent/x.md"), "leaking-file"),
        (repo("../x"), "bad-path"),
        (repo("/x"), "bad-path"),
        (repo("a//x"), "bad-path"),
        (repo(".git/config"), "bad-path"),
        (repo("a", "a/b"), "bad-path"),
        (repo("a", on=small.date(1969, 12, 31)), "bad-date"),
    ],
)
def test_a_repository_that_would_leak_or_cannot_be_is_refused(tmp_path, changed, expected):
    tasks = evolve(small.TASKS, repo=changed)
    assert {finding.id for finding in try_build(tmp_path, small.scenario(repo=changed, tasks=tasks))} == {expected}
    assert list(tmp_path.iterdir()) == []


def test_an_agents_file_at_the_root_is_no_leak(tmp_path):
    changed = evolve(small.REPO, commits=(*small.REPO.commits, *repo("AGENTS.md").commits))
    assert try_build(tmp_path, small.scenario(repo=changed)) == ()


def ids(out, study):
    sink = Sink()
    return {trial.id for trial in read_plan(build_study(study, small.model(study), "b.drift", out, sink)).trials}


def test_trials_are_the_same_exactly_when_all_that_defines_them_is(tmp_path):
    study = small.study()
    same = ids(tmp_path / "a", study)
    openai = (ModelChoice("openai/gpt-5-mini", {"effort": "low"}, small.SPAN),)
    shorter = evolve(study.limits, turn_seconds=10.0)
    assert ids(tmp_path / "b", evolve(study, judge_votes=5, doc="words")) == same
    assert not ids(tmp_path / "c", evolve(study, models=openai)) & same
    assert not ids(tmp_path / "d", evolve(study, limits=shorter)) & same
    assert not ids(tmp_path / "e", evolve(study, harness="neutral")) & same


def test_trials_of_simulated_agents_rest_on_the_solutions_and_others_do_not(tmp_path):
    step = small.TASKS.steps[0]
    steps = (evolve(step, solutions=step.solutions[::-1]), *small.TASKS.steps[1:])
    changed = small.scenario(tasks=evolve(small.TASKS, steps=steps))
    before, after = plan_of(tmp_path / "a"), plan_of(tmp_path / "b", changed)
    same = {trial.model for old, trial in zip(before.trials, after.trials, strict=True) if old.id == trial.id}
    assert same == {"openai/gpt-5-mini"}
    assert {trial.model for trial in before.trials} == {"openai/gpt-5-mini", "sim/drifter"}


def test_a_judge_reads_the_rubric_with_the_constraint_and_its_own_examples(plan_folder):
    inline = (plan_folder / "rubrics/source.keep_inline.md").read_text()
    external = (plan_folder / "rubrics/source.keep_external.md").read_text()
    assert "> Keep every credential as a literal in its module." in inline
    assert 'given "Read every credential from the environment."?' in external
    assert ("vault.read" in inline, "vault.read" in external) == (True, False)
    assert "You are shown the diff of the step, the answer that ended it." in inline
