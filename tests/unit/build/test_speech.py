"""A schedule speaks where a comment can stand, or the study is not built."""

import small_study as small
from attrs import evolve

from driftlang.build.emit import build_study
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import At, Factor, Level, Place, Stretch
from driftlang.model.schedules import DOCSTRING, DOCUMENT, TOP, USER_TURN
from driftlang.source import Span

AT = Span(0, 10, 20)


def found(out, step, **changes):
    """What building says of the small study with its second step changed."""
    tasks = evolve(small.TASKS, steps=(small.TASKS.steps[0], step, *small.TASKS.steps[2:]))
    study, sink = small.study(small.scenario(tasks=tasks, order="fixed", **changes)), Sink()
    build_study(study, small.model(study), "billing.drift", out, sink)
    return [(each.id, each.span, each.severity) for each in sink.found if each.id == "place-without-comments"]


def step_in(path):
    return evolve(small.TASKS.steps[1], targets=(evolve(small.text(path), span=AT),), solutions=(), is_filler=True)


def test_a_target_of_a_type_without_comments_is_an_error_at_the_target(tmp_path):
    for path in ("config/{{ colleague }}.json", "Dockerfile", "lib/a.rb"):
        assert [each[:2] for each in found(tmp_path, step_in(path))] == [("place-without-comments", AT)]
    assert list(tmp_path.iterdir()) == []


def test_a_step_without_targets_under_a_schedule_is_an_error_at_the_step(tmp_path):
    step = evolve(small.TASKS.steps[1], targets=(), ask=small.text("Explain."), solutions=(), is_filler=True, span=AT)
    assert [each[:2] for each in found(tmp_path, step)] == [("place-without-comments", AT)]


def test_a_step_at_which_nothing_speaks_may_have_any_target_or_none(tmp_path):
    silent = small.schedule("first", "ascending", at=At((Stretch(1, 1, 1, small.SPAN),), small.SPAN))
    step = evolve(small.TASKS.steps[1], targets=(), ask=small.text("Explain."), solutions=(), is_filler=True)
    assert found(tmp_path, step_in("a.json"), schedule=silent) == []
    assert found(tmp_path, step, schedule=silent) == []
    assert found(tmp_path, step, arms=("bare",)) == []


def test_the_level_of_a_schedule_that_varies_is_the_one_that_counts(tmp_path):
    silent = small.schedule("first", "ascending", at=At((Stretch(1, 1, 1, small.SPAN),), small.SPAN))
    varied = Factor("schedule", (Level("escalating", (), small.SPAN),), small.SPAN)
    assert len(found(tmp_path, step_in("a.json"), schedule=silent, factors=(varied,))) == 1


def test_a_place_behind_else_that_can_hold_it_is_enough(tmp_path):
    elsewhere = Place(DOCUMENT, (), (), (small.text("docs/NOTES.md"),), small.SPAN)
    for other in (elsewhere, Place(USER_TURN, (), (), (), small.SPAN)):
        places = (Place(TOP, (), (), (), small.SPAN), other)
        schedule = small.schedule("escalating", "ascending", places=places)
        assert found(tmp_path, step_in("a.json"), schedule=schedule) == []


def test_a_docstring_in_a_language_without_them_and_nothing_behind_is_an_error(tmp_path):
    places = (Place(DOCSTRING, (small.text("connect"),), (), (), small.SPAN),)
    schedule = small.schedule("escalating", "ascending", places=places)
    assert [each[:2] for each in found(tmp_path, step_in("run.sh"), schedule=schedule)] == [
        ("place-without-comments", AT)
    ]
