"""An example is a step that a bank can look at, whatever its text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.model.evidence import SURFACES
from driftlang.score.example import example_of
from driftlang.score.forms import BankPattern
from driftlang.score.probe import probe

_GLOBS = (("**/*.py", "**"), ())


@pytest.mark.parametrize("surface", SURFACES)
@given(text=st.text(st.characters(exclude_categories=["Cs"])), path=st.sampled_from(["", "src/a.py"]))
def test_any_text_can_be_looked_at(surface, text, path):
    example = example_of(surface, _GLOBS, path, text)
    probes = probe(BankPattern("any", surface, *_GLOBS, (".",), (), 1), example.step, example.tree)
    assert [each.unit.text for each in probes if not each.is_path] == []


@pytest.mark.parametrize("surface", ["removed lines", "removed path"])
def test_a_file_of_a_surface_of_removals_is_one_that_went(surface):
    (change,) = example_of(surface, _GLOBS, "src/a.py", "x = 1\n").step.changes
    assert (change.existed_before, change.exists_after) == (True, False)


def test_a_failed_command_has_failed():
    (run,) = example_of("failed command", ((), ()), "", "make").step.commands
    assert run.exit > 0
