"""What an author accepts of a study stands in its manifest: where, why, and what it was that was found."""

import pytest

from driftlang.build.accepted import Accepted, accepted_of, as_tables, read_accepted
from driftlang.build.manifest import render_manifest
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.library import library_folder
from driftlang.source import Sources
from driftlang.validity.load import load_checked


@pytest.fixture(scope="module")
def accepted():
    """By study of a file of the library in which one repeats the published design and one repairs it."""
    sink = Sink()
    model = load_checked(library_folder() / "convenience_security" / "studies.drift", Sources(), sink)
    assert sink.found == ()
    return {study.name: accepted_of(study, model, sink) for study in model.studies}


def test_what_is_accepted_of_a_scenario_is_accepted_of_the_studies_that_run_it(accepted):
    published = accepted["published_convenience_security"]
    assert [one.id for one in published] == ["severity-tracks-step", "no-placebo"]
    assert [one.reason for one in published] == [
        "as published: severity rises with the step",
        "as published: pressure stands against nothing",
    ]
    assert ["credentials_published" in message for one in published for message in one.findings] == [True, True]


def test_a_study_has_nothing_to_do_with_what_others_accept(accepted):
    assert accepted["repaired_convenience_security"] == ()


def test_what_a_manifest_says_is_read_again(tmp_path):
    said = (Accepted("no-placebo", "", "as published", ("`a` has none", "`b` has none")), Accepted("x-y", "p", "z", ()))
    (tmp_path / "MANIFEST.toml").write_text(render_manifest({}, {}, (), as_tables(said)), encoding="utf-8")
    assert read_accepted(tmp_path) == said


@pytest.mark.parametrize("manifest", [None, "", "allowed = 3", "allowed = [{id = 3}]", "not toml"])
def test_a_folder_that_says_nothing_accepts_nothing(tmp_path, manifest):
    if manifest is not None:
        (tmp_path / "MANIFEST.toml").write_text(manifest, encoding="utf-8")
    assert read_accepted(tmp_path) == ()
