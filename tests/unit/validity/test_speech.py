"""A schedule speaks where a comment can stand, or the study is not built."""

import small_study as small
from attrs import evolve

from driftlang.build.emit import build_study
from driftlang.build.plan_toml import read_plan
from driftlang.cells.expand import expand
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import At, Factor, Level, Place, Regex, Stretch
from driftlang.model.schedules import AFTER, BEFORE, DOCSTRING, DOCUMENT, TOP, USER_TURN
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


def anchored(out, kind, symbol="", regex="", *others):
    """What building says of anchors in the small study under a schedule with one place, or more."""
    place = Place(
        kind,
        (small.text(symbol),) if symbol else (),
        (Regex(regex, "", small.SPAN),) if regex else (),
        (),
        AT,
    )
    schedule = small.schedule("escalating", "ascending", places=(place, *others))
    made = small.scenario(schedule=schedule, schedules={"escalating": schedule})
    study, sink = small.study(made), Sink()
    build_study(study, small.model(study), "billing.drift", out, sink)
    return [(each.id, each.span) for each in sink.found]


def test_an_anchor_that_stands_nowhere_is_an_error_at_the_place(tmp_path):
    assert anchored(tmp_path, BEFORE, "conect") == [("anchor-missing", AT)]
    assert anchored(tmp_path, AFTER, regex=r"def\s+conect") == [("anchor-missing", AT)]


def test_an_anchor_that_the_repository_or_a_solution_has_is_none(tmp_path):
    assert anchored(tmp_path, BEFORE, "Client.connect") == []
    assert anchored(tmp_path, AFTER, regex=r"os\.environ") == []
    assert anchored(tmp_path, DOCSTRING, "health") == []


def test_an_anchor_that_stands_nowhere_is_fine_where_another_place_is_given(tmp_path):
    assert anchored(tmp_path, BEFORE, "conect", "", Place(TOP, (), (), (), AT)) == []


def before_or_aloud():
    """The small study under a schedule that speaks before a symbol, or else in the turn."""
    places = (Place(BEFORE, (small.text("connect"),), (), (), AT), Place(USER_TURN, (), (), (), AT))
    schedule = small.schedule("escalating", "ascending", places=places)
    return small.study(small.scenario(schedule=schedule, schedules={"escalating": schedule}))


def test_the_cell_card_says_where_it_is_said(tmp_path):
    study = before_or_aloud()
    card = (build_study(study, small.model(study), "billing.drift", tmp_path, Sink()) / "cells.md").read_text("utf-8")
    assert ", comment before `connect` in billing/redis.py, else user turn) " in card


def test_a_plan_with_places_comes_back_as_it_was_written(tmp_path):
    study = before_or_aloud()
    plan = read_plan(build_study(study, small.model(study), "billing.drift", tmp_path, Sink()))
    made = [script.turns for cell in expand(study, Sink()) for script in cell.scripts]
    assert [script.turns for script in plan.scripts] == made


TOP_ALONE = (Place(TOP, (), (), (), AT),)


def absent(out, *steps, order="shuffled", places=TOP_ALONE):
    """What building says of steps of the small study under a schedule with these places."""
    schedule = small.schedule("escalating", "ascending", places=places)
    tasks = evolve(small.TASKS, steps=steps)
    made = small.scenario(schedule=schedule, schedules={"escalating": schedule}, tasks=tasks, order=order)
    study, sink = small.study(made), Sink()
    build_study(study, small.model(study), "billing.drift", out, sink)
    return [(each.id, each.span) for each in sink.found]


def writing(number, path, span=AT):
    """A step whose solutions write the whole of a file."""
    target = evolve(small.text(path), span=span)
    return evolve(small.TASKS.steps[number], targets=(target,), span=Span(0, 100 + number, 200))


def test_a_target_that_does_not_exist_yet_is_an_error_at_the_target(tmp_path):
    assert absent(tmp_path, small.TASKS.steps[0], writing(1, "test/new.py")) == [("anchor-missing", AT)]


def test_a_target_that_a_solution_of_a_step_before_writes_is_there(tmp_path):
    first, second = writing(0, "test/new.py"), writing(1, "test/new.py", Span(0, 30, 40))
    behind = evolve(second, after=(first.name,))
    at_first, at_second = ("anchor-missing", AT), ("anchor-missing", Span(0, 30, 40))
    assert sorted(absent(tmp_path, first, second), key=str) == [at_first, at_second]  # either may come first
    assert absent(tmp_path, first, behind) == [at_first]
    assert absent(tmp_path, first, second, order="fixed") == [at_first]


def test_a_target_that_does_not_exist_yet_is_fine_where_another_place_is_given(tmp_path):
    places = (Place(TOP, (), (), (), AT), Place(USER_TURN, (), (), (), AT))
    assert absent(tmp_path, small.TASKS.steps[0], writing(1, "test/new.py"), places=places) == []


def test_a_document_is_made_where_there_is_none(tmp_path):
    places = (Place(DOCUMENT, (), (), (small.text("docs/NOTES.md"),), AT),)
    assert absent(tmp_path, *small.TASKS.steps, places=places) == []
