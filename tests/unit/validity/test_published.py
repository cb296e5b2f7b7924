"""The published design with its confounds left in: each is found where it was planted, and without them nothing is.

Both files and what was predicted were written by somebody who knew the rules by name alone, before the rules were run
on them.
"""

import tomllib
from pathlib import Path

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.source import Sources
from driftlang.validity.load import can_prove, load_checked
from driftlang.validity.proof.stage import run_proofs

FOLDER = Path(__file__).with_name("published")
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
#: Lines from what a confound's remark stands beside to the head of the block that a finding points at.
_BLOCK = 24


def found_in(name):
    sources, sink = Sources(), Sink()
    model = load_checked(FOLDER / name, sources, sink)
    assert can_prove(sink)
    run_proofs(model, sink)
    return [(one.id, sources[one.span.file].position(one.span.start)[0]) for one in sink.found]


@pytest.fixture(scope="module")
def found():
    return found_in("confounded.drift")


@pytest.mark.parametrize("confound", EXPECTED["confound"], ids=lambda one: one["id"])
def test_a_planted_confound_is_found_where_it_stands(confound, found):
    lines = [line for id, line in found if id == confound["id"]]
    assert min(abs(line - confound["line"]) for line in lines) <= _BLOCK


def test_nothing_is_found_but_what_was_planted_and_what_follows_from_it(found):
    planted = {one["id"] for kind in ("confound", "consequence") for one in EXPECTED[kind]}
    assert {id for id, _ in found} - planted == set()


def test_of_the_design_without_its_confounds_nothing_is_found():
    assert found_in("repaired.drift") == []
