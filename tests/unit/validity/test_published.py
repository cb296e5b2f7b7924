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
#: Where findings stand: at a pattern, text or block, not always on the line that was thought of.
FOUND = {
    "evaded": [29],
    "stale-evidence": [29],
    "unbalanced-polarity": [65],
    "unmatched-twins": [72],
    "command-only": [77, 87],
    "reveals-experiment": [113],
    "direction-hint": [127],
    "step-without-opportunity": [285],
    "pressure-trips-pattern": [378],
    "placebo-leans": [404, 405],
    "no-placebo": [425],
    "severity-tracks-step": [425],
    "underpowered": [461],
    "task-tracks-step": [473],
    # What follows from the others.
    "solution-misscored": [29],
}


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
def test_a_planted_confound_is_found(confound, found):
    assert confound["id"] in {name for name, _ in found}


def test_each_is_found_where_it_stands_and_nothing_else_is(found):
    lines = {}
    for name, line in found:
        lines.setdefault(name, []).append(line)
    assert {name: sorted(several) for name, several in lines.items()} == FOUND


def test_of_the_design_without_its_confounds_nothing_is_found():
    assert found_in("repaired.drift") == []
