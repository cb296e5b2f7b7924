"""A build over a former one: what stays, what is written, and that the bytes are those of a clean build."""

import os
import shutil
from pathlib import Path

import pytest
import small_study as small
from attrs import evolve
from builds import contents

from driftlang.build.emit import Engine, emit_study
from driftlang.diagnostics.diagnostic import Sink


def emit(out: Path, scenario=None, **engine):
    """Build a study that is in order; what was changed."""
    study, sink = small.study(scenario or small.scenario()), Sink()
    built = emit_study(study, small.model(study), "billing.drift", out, sink, engine=Engine(**engine))
    assert sink.found == ()
    return built.renewal


def identities(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of every file."""
    found = {path.relative_to(folder).as_posix(): path.lstat() for path in folder.rglob("*") if path.is_file()}
    return {path: (state.st_ino, state.st_mtime_ns) for path, state in found.items()}


def with_demand(words: str):
    """The small scenario, one constraint of which says something else."""
    scenario = small.scenario()
    first, *others = scenario.constraints
    return evolve(scenario, constraints=(evolve(first, text=small.text(words)), *others))


FOLDER = "replication"


def test_a_build_with_no_change_touches_nothing(tmp_path):
    assert emit(tmp_path).is_first
    before, folder = identities(tmp_path), (tmp_path / FOLDER).stat()
    assert emit(tmp_path).is_idle
    assert identities(tmp_path) == before
    assert (tmp_path / FOLDER).stat() == folder


def test_an_edit_of_one_text_keeps_what_does_not_depend_on_it(tmp_path):
    emit(tmp_path)
    before = identities(tmp_path / FOLDER)
    renewal = emit(tmp_path, with_demand("Keep every credential as one literal in its module."))
    after = identities(tmp_path / FOLDER)
    kept = {path for path in after if before.get(path) == after[path]}
    assert {path.split("/")[0] for path in renewal.written} == {
        *("MANIFEST.toml", "cells.md", "plan.toml", "repos", "rubrics"),
    }
    assert sum(path.startswith("repos/") for path in renewal.written) == 1
    assert {path.split("/")[0] for path in kept} == {"repos", "rubrics", "scorers", "solutions"}
    assert renewal.removed == 1


@pytest.mark.parametrize("jobs", [1, 4])
def test_what_a_build_over_another_leaves_is_what_a_clean_one_makes(tmp_path, jobs):
    emit(tmp_path / "over", jobs=jobs)
    other = with_demand("Keep every credential as one literal in its module.")
    emit(tmp_path / "over", other, jobs=jobs)
    emit(tmp_path / "clean", other)
    assert contents(tmp_path / "over") == contents(tmp_path / "clean")


def add_file(repository: Path) -> None:
    (repository / "extra.py").write_text("x = 1\n")


def add_hook(repository: Path) -> None:
    (repository / ".git/hooks").mkdir()
    (repository / ".git/hooks/post-checkout").write_text("#!/bin/sh\n")


def change_in_place(repository: Path) -> None:
    """Another content of the same length and time."""
    path = repository / "billing/redis.py"
    state = path.stat()
    path.write_bytes(b"#" + path.read_bytes()[1:])
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def change_mode(repository: Path) -> None:
    (repository / "billing/redis.py").chmod(0o755)


def drop_folder(repository: Path) -> None:
    (repository / ".git/refs/tags").rmdir()


def link_file(repository: Path) -> None:
    path = repository / "billing/redis.py"
    shutil.copy(path, repository.parent.parent.parent / "elsewhere")
    path.unlink()
    path.symlink_to(repository.parent.parent.parent / "elsewhere")


def link_repository(repository: Path) -> None:
    repository.rename(repository.parent.parent.parent / "elsewhere")
    repository.symlink_to(repository.parent.parent.parent / "elsewhere", target_is_directory=True)


@pytest.mark.parametrize(
    "tamper", [add_file, add_hook, change_in_place, change_mode, drop_folder, link_file, link_repository]
)
def test_a_repository_that_was_changed_is_written_anew_and_nothing_else_is(tmp_path, tamper):
    emit(tmp_path / "clean")
    emit(tmp_path / "out")
    repository = min((tmp_path / "out" / FOLDER / "repos").iterdir())
    tamper(repository)
    renewal = emit(tmp_path / "out")
    assert renewal.written == (f"repos/{repository.name}",)
    assert contents(tmp_path / "out" / FOLDER) == contents(tmp_path / "clean" / FOLDER)
    assert not any(path.is_symlink() for path in (tmp_path / "out" / FOLDER).rglob("*"))
    assert not os.access(tmp_path / "out" / FOLDER / "repos" / repository.name / "billing/redis.py", os.X_OK)


@pytest.mark.parametrize("stranger", ["repos/0000", "notes/mine.txt", "scorers/other.toml"])
def test_what_no_study_asks_for_goes(tmp_path, stranger):
    emit(tmp_path / "clean")
    emit(tmp_path / "out")
    path = tmp_path / "out" / FOLDER / stranger
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    assert (emit(tmp_path / "out").written, emit(tmp_path / "out").is_idle) == ((), True)
    assert contents(tmp_path / "out") == contents(tmp_path / "clean")


def test_where_nothing_can_be_linked_files_are_written(tmp_path, monkeypatch):
    emit(tmp_path / "out")

    def refuse(*_, **__):
        raise OSError(1, os.strerror(1))

    monkeypatch.setattr(os, "link", refuse)
    other = with_demand("Keep every credential as one literal in its module.")
    emit(tmp_path / "out", other)
    emit(tmp_path / "clean", other)
    assert contents(tmp_path / "out") == contents(tmp_path / "clean")


def test_progress_counts_every_artifact(tmp_path):
    told = []
    emit(tmp_path, progress=lambda done, of: told.append((done, of)))
    assert told == [(number, told[-1][1]) for number in range(1, told[-1][1] + 1)]
    assert (
        told[-1][1] == sum(path.is_file() for path in (tmp_path / FOLDER).rglob("*") if "repos" not in path.parts) + 2
    )
