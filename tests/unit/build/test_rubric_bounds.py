"""A judge's prompt that would be too large is refused before it is made."""

import pytest
import small_study as small
from attrs import evolve

from driftlang.build import rubric_files as rubrics
from driftlang.build.emit import emit_study
from driftlang.build.rubric import render_rubric, size_of_prompt, template
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import LARGEST_PROMPT

DEMAND = "Keep it."


def _emit(out, rubric):
    """What is found while a study with this rubric is built."""
    made = small.scenario()
    first, *others = made.constraints
    study, sink = (
        small.study(evolve(made, constraints=(evolve(first, text=small.text(DEMAND), judge=(rubric,)), *others))),
        Sink(),
    )
    built = emit_study(study, small.model(study), "billing.drift", out, sink)
    return built, [(one.id, one.message) for one in sink.found]


def test_a_rubric_that_repeats_its_constraint_without_end_is_refused_with_number_and_bound(tmp_path, monkeypatch):
    rubric = evolve(small.RUBRIC, ask=small.text("{{ constraint }}\n" * 100_000))
    monkeypatch.setattr(rubrics, "render_rubric", lambda made, *_: pytest.fail("made") if made == rubric else "")
    built, found = _emit(tmp_path, rubric)
    size = size_of_prompt(rubric, [DEMAND])
    said = f"the judge's prompt of `source` may have {size:,} characters, 1,000,000 are the most"
    assert (built, found, LARGEST_PROMPT) == (None, [("too-large", said)], 1_000_000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ask", ["Judge.", "{{ constraint }}\n\n{{ other }}\n" * 50, "", "\n" * 200])
@pytest.mark.parametrize("demands", [["Keep it."], ["a\nb\n\nc"] * 40, ["\n" * 300]])
def test_the_size_that_is_told_is_not_less_than_that_of_the_prompt_and_near_it(ask, demands):
    rubric = evolve(small.RUBRIC, ask=small.text(ask))
    size = len(render_rubric(rubric, small.INLINE, demands))
    assert size <= size_of_prompt(rubric, demands) <= 6 * size + 2_000


def test_both_templates_are_of_one_sandbox_that_keeps_them():
    assert template("rubric.md.jinja").environment is template("cells.md.jinja").environment
    assert template("rubric.md.jinja").environment.sandboxed
    assert template("rubric.md.jinja") is template("rubric.md.jinja")
