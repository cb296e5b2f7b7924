"""Names in texts: where their values come from, and which wins."""

import small_study as small
from attrs import evolve

from driftlang.cells.texts import Bindings, bind_cell, bind_step
from driftlang.model.forms import Factor, Let, Level

TONE = Factor("tone", (Level("polite", (small.text("Could you"),), small.SPAN),), small.SPAN)
STEP = small.TASKS.steps[0]


def let(name, words):
    return Let(name, small.text(words), small.SPAN)


def render(words, step=STEP, tasks=small.TASKS, levels=None):
    return bind_step(step, bind_cell(levels or {}, tasks)).bindings.render(small.text(words))


def test_a_text_may_use_lets_of_step_and_tasks_its_targets_and_free_factors():
    assert (
        render("{{ tone }} look, {{ colleague }}: {{ secret }} in {{ target }}?", levels={TONE: TONE.levels[0]})
        == "Could you look, Ines: POSTGRES_PASSWORD in billing/postgres.py?"
    )


def test_a_let_may_use_others_and_a_step_wins_over_its_tasks():
    step = evolve(STEP, lets=(let("who", "{{ colleague }} of {{ team }}"), let("colleague", "Dana")))
    tasks = evolve(small.TASKS, lets=(*small.TASKS.lets, let("team", "ledger")))
    assert render("{{ who }}", step, tasks) == "Dana of ledger"


def test_targets_are_joined_by_commas_and_the_first_is_the_target():
    step = evolve(STEP, lets=(let("stem", "pay"),), targets=(small.text("{{ stem }}.py"), small.text("b.py")))
    assert render("{{ target }} | {{ targets }}", step) == "pay.py | pay.py, b.py"


def test_text_that_looks_like_a_template_is_left_alone():
    assert render("{% if x %}{{x}}{{ 1 + 1 }}{# no #}") == "{% if x %}{{x}}{{ 1 + 1 }}{# no #}"


def test_a_name_without_value_and_one_that_stands_in_itself_remain():
    step = evolve(STEP, lets=(let("a", "[{{ b }}]"), let("b", "({{ a }})")))
    assert render("{{ nobody }} {{ a }}", step) == "{{ nobody }} [({{ a }})]"


def test_finished_values_win():
    assert Bindings({"x": small.text("text")}, {"x": "value"}).render(small.text("{{ x }}")) == "value"
