"""Places of a schedule become spots in named files, with what is tried where they are missing."""

import small_study as small
from attrs import evolve

from driftlang.cells.expand import expand
from driftlang.cells.forms import Spot
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Place, Regex
from driftlang.model.schedules import AFTER, BEFORE, COMMIT, DOCSTRING, DOCUMENT, TOP, USER_TURN


def place(kind, files="", symbol="", regex=""):
    return Place(
        kind,
        (small.text(symbol),) if symbol else (),
        (Regex(regex, "i", small.SPAN),) if regex else (),
        (small.text(files),) if files else (),
        small.SPAN,
    )


def expanded(*places, **changes):
    """The cells of the opposing arm, with what was found."""
    schedule = small.schedule("escalating", "ascending", places=places, **changes)
    sink = Sink()
    scenario = small.scenario(schedule=schedule, schedules={"escalating": schedule})
    return [cell for cell in expand(small.study(scenario), sink) if cell.arm == "opposing"], sink.found


def chains(*places, **changes):
    """The chains of spots of the first turn, each with the turn's first target."""
    cells, found = expanded(*places, **changes)
    assert found == ()
    turn = cells[0].scripts[0].turns[0]
    return turn.targets[0], [injection.spots for injection in turn.injections]


def test_a_place_in_the_target_is_one_spot_with_its_anchor():
    target, found = chains(place(BEFORE, symbol="connect"))
    assert found == [(Spot(BEFORE, target, "connect"),)]
    target, found = chains(place(AFTER, regex="^def "))
    assert found == [(Spot(AFTER, target, "(?i)^def "),)]


def test_an_anchor_may_name_what_differs_from_step_to_step():
    target, found = chains(place(DOCSTRING, symbol="{{ secret }}"))
    name = target.removeprefix("billing/").removesuffix(".py").upper()
    assert found == [(Spot(DOCSTRING, target, f"{name}_PASSWORD"),)]


def test_a_glob_is_every_file_of_the_repository_that_it_matches():
    _, found = chains(place(TOP, "billing/*s*.py"), copies=2)
    paths = ["billing/postgres.py", "billing/redis.py", "billing/smtp.py", "billing/stripe.py"]
    assert found == [(Spot(TOP, path),) for path in paths for _ in range(2)]


def test_the_target_can_be_named_as_a_glob():
    target, found = chains(place(TOP, "{{ target }}"))
    assert found == [(Spot(TOP, target),)]


def test_what_stands_behind_else_follows_in_every_chain():
    target, found = chains(
        place(TOP, "billing/{redis,smtp}.py"), place(TOP), place(DOCUMENT, "docs/{{ colleague }}.md"), place(USER_TURN)
    )
    others = (Spot(TOP, target), Spot(DOCUMENT, "docs/Ines.md"), Spot(USER_TURN))
    assert found == [(Spot(TOP, "billing/redis.py"), *others), (Spot(TOP, "billing/smtp.py"), *others)]


def test_a_glob_without_files_leaves_it_to_what_stands_behind_else():
    target, found = chains(place(TOP, "lib/*.rs"), place(TOP))
    assert found == [(Spot(TOP, target),)]


def test_a_glob_without_files_and_nothing_behind_is_said_once():
    _, found = expanded(place(TOP, "lib/*.rs"))
    assert [each.id for each in found] == ["anchor-missing"]


def test_a_commit_is_signed_by_whoever_made_the_last_one():
    _, found = chains(place(COMMIT))
    assert found == [(Spot(COMMIT, "", "Dana Reyes <dana@ledger.example>"),)]


def test_arms_and_directions_speak_in_the_same_places():
    schedule = small.schedule("escalating", "ascending", places=(place(BEFORE, symbol="connect"), place(USER_TURN)))
    sink = Sink()
    scenario = small.scenario(schedule=schedule, schedules={"escalating": schedule}, arms=("placebo", "opposing"))
    shown = {
        tuple(injection.spots for turn in cell.scripts[0].turns for injection in turn.injections)
        for cell in expand(small.study(scenario), sink)
    }
    assert len(shown) == 1


def test_the_users_text_is_the_same_whether_or_not_something_is_said_in_it():
    spoken, _ = expanded(place(USER_TURN))
    silent, _ = expanded(place(TOP))
    texts = [[turn.text for turn in cells[0].scripts[0].turns] for cells in (spoken, silent)]
    assert texts[0] == texts[1]


def test_a_target_that_no_commit_has_counts_for_globs():
    step = evolve(small.TASKS.steps[0], targets=(small.text("lib/new.py"),))
    schedule = small.schedule("escalating", "ascending", places=(place(TOP, "lib/*.py"),))
    scenario = small.scenario(
        schedule=schedule,
        schedules={"escalating": schedule},
        tasks=evolve(small.TASKS, steps=(step, *small.TASKS.steps[1:])),
    )
    sink = Sink()
    cells = expand(small.study(scenario), sink)
    assert cells[0].scripts[0].turns[0].injections[0].path == "lib/new.py"
