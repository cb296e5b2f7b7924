"""A build that has no change costs reading what is there; nothing that is not as it was left is taken for it."""

import json
import shutil
from pathlib import Path

import pytest
from builds import contents

import driftlang
from driftlang.build import emit, memory
from driftlang.build.emit import Engine
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import Sources
from driftlang.validity.proof.forms import Proof

HELLO = Path(driftlang.__file__).parents[1] / "scenarios" / "hello.drift"


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """The folder of what is kept."""
    monkeypatch.setenv("DRIFTLANG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "builds"


@pytest.fixture
def builds(monkeypatch):
    """One entry for each time that the work was done."""
    done = []

    def counted(*arguments, **named):
        done.append(arguments)
        return emit.emit_study(*arguments, **named)

    monkeypatch.setattr(memory, "emit_study", counted)
    return done


def _build(out, name="hello.drift"):
    sink = Sink()
    model = load_model(HELLO, Sources(), sink)
    (study,) = model.studies
    return memory.renew_study(study, model, name, out, sink, proof=Proof(), engine=Engine())


def test_a_build_with_no_change_is_not_made_and_says_the_same(tmp_path, builds):
    first, again = _build(tmp_path / "out"), _build(tmp_path / "out")
    assert len(builds) == 1
    assert again.renewal.is_idle
    assert (again.cells, again.trials, again.repositories) == (first.cells, first.trials, first.repositories)


def test_a_folder_that_was_built_over_another_is_known_as_well(tmp_path, builds):
    _build(tmp_path / "out")
    (tmp_path / "out/hello_demo/cells.md").write_text("mine")
    _build(tmp_path / "out")
    _build(tmp_path / "out")
    assert len(builds) == 2


def _repository(folder):
    return min((folder / "repos").iterdir())


def change_file(folder):
    (folder / "plan.toml").write_bytes((folder / "plan.toml").read_bytes() + b"\n")


def change_manifest(folder):
    (folder / "MANIFEST.toml").write_text("")


def change_pack(folder):
    (pack,) = _repository(folder).glob(".git/objects/pack/*.pack")
    pack.write_bytes(pack.read_bytes()[:-1] + b"\0")


def change_mode(folder):
    (folder / "cells.md").chmod(0o755)


def drop_file(folder):
    (folder / "cells.md").unlink()


def drop_empty_folder(folder):
    (_repository(folder) / ".git/refs/tags").rmdir()


def drop_everything(folder):
    shutil.rmtree(folder)


def add_file(folder):
    (folder / "scorers/other.toml").write_text("")


def add_hook(folder):
    (_repository(folder) / ".git/hooks").mkdir()


def link_file(folder):
    (folder / "cells.md").rename(folder.parent / "elsewhere")
    (folder / "cells.md").symlink_to(folder.parent / "elsewhere")


def leave_staging(folder):
    folder.with_name(f".{folder.name}.driftlang-new").mkdir()


@pytest.mark.parametrize(
    "tamper",
    [
        *(change_file, change_manifest, change_pack, change_mode, drop_file, drop_empty_folder, drop_everything),
        *(add_file, add_hook, link_file, leave_staging),
    ],
)
def test_a_folder_that_is_not_as_it_was_left_is_built_again(tmp_path, builds, tamper):
    _build(tmp_path / "out")
    clean = contents(tmp_path / "out/hello_demo")
    tamper(tmp_path / "out/hello_demo")
    _build(tmp_path / "out")
    assert len(builds) == 2
    assert contents(tmp_path / "out/hello_demo") == clean
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda _: "null",
        lambda _: "[" * 100_000,
        lambda entry: json.dumps({**entry, "more": 1}),
        lambda entry: json.dumps({**entry, "cells": "4"}),
        lambda entry: json.dumps({**entry, "cells": True}),
        lambda entry: json.dumps({**entry, "seal": "0" * 64}),
        lambda entry: json.dumps({**entry, "key": "0" * 64}),
    ],
)
def test_an_entry_that_is_not_as_it_is_written_is_passed_over_and_written_anew(tmp_path, builds, kept, spoil):
    _build(tmp_path / "out")
    (path,) = kept.iterdir()
    sound = path.read_text()
    path.write_text(spoil(json.loads(sound)))
    _build(tmp_path / "out")
    assert (len(builds), path.read_text()) == (2, sound)


def test_another_compiler_builds_again(tmp_path, builds, monkeypatch):
    _build(tmp_path / "out")
    monkeypatch.setattr(memory, "compiler_digest", lambda: "another")
    _build(tmp_path / "out")
    assert len(builds) == 2


def test_another_name_of_the_source_builds_again_since_headers_say_it(tmp_path, builds):
    _build(tmp_path / "out")
    _build(tmp_path / "out", name="other.drift")
    assert len(builds) == 2


def test_where_nothing_can_be_kept_a_build_is_made_all_the_same(tmp_path, builds, kept):
    kept.parent.mkdir()
    kept.write_text("a file")
    _build(tmp_path / "out")
    assert _build(tmp_path / "out").renewal.is_idle
    assert len(builds) == 2
