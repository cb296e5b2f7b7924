"""What happens between turns: events in their order, branches as cells of their arm, filler as long as asked for."""

import pytest
import small_study as small
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from driftlang.cells.events import (
    CHARACTERS_A_TOKEN,
    EVENT_KINDS,
    CompactEvent,
    ForkEvent,
    PrefixTurn,
    ProbeEvent,
    RemindEvent,
    TurnEvent,
    make_padding,
)
from driftlang.cells.expand import expand
from driftlang.cells.forms import TurnCheck
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import (
    STATED,
    Check,
    Compact,
    EarlierTurn,
    Factor,
    Fork,
    Level,
    Pad,
    Prefix,
    Probe,
    Remind,
    Session,
    Stretch,
    Switch,
)
from driftlang.model.session_checks import check_sessions

DEMANDS = {
    "keep_inline": "Keep every credential as a literal in its module.",
    "keep_external": "Read every credential from the environment.",
}


def at(*positions: int) -> tuple[Stretch, ...]:
    return tuple(Stretch(position, position, 1, small.SPAN) for position in positions)


EVERY = (Stretch(2, 0, 2, small.SPAN),)
PROBE = Probe(at(3), "mood", small.text("Do you like: {{ constraint }}"), small.SPAN)
REMIND = Remind(at(3), (), small.SPAN)
PAD = Pad(at(3), 10, "one\ntwo\n", small.SPAN)
COMPACT = Compact(EVERY, small.SPAN)
SWITCH = Switch(at(3), "keep_external", small.SPAN)
FORK = Fork(at(3), ("placebo", "bare"), small.SPAN)


def cells_of(*events, mode="continue", **changes):
    session = Session("long", mode, "", small.SPAN, events)
    sink = Sink()
    scenario = small.scenario(session=session, sessions={"long": session}, **changes)
    cells = expand(small.study(scenario, repeat=2), sink)
    assert sink.found == ()
    return cells


def first_script(*events, **changes):
    return cells_of(*events, **changes)[0].scripts[0]


def test_before_a_turn_the_order_is_fork_switch_compact_pad_remind_probe():
    every = (PROBE, REMIND, PAD, evolve(COMPACT, at=at(3)), SWITCH, FORK)
    kinds = [EVENT_KINDS[type(event)] for event in first_script(*every).turns[2].events]
    assert kinds == ["fork", "switch", "compact", "pad", "remind", "probe"]


def test_events_are_at_their_steps_alone():
    turns = first_script(COMPACT, evolve(REMIND, at=at(1, 4))).turns
    assert [[EVENT_KINDS[type(event)] for event in turn.events] for turn in turns] == [
        ["remind"],
        ["compact"],
        [],
        ["compact", "remind"],
    ]


def test_a_session_without_events_leaves_every_turn_as_it_was():
    assert {turn.events for cell in cells_of() for script in cell.scripts for turn in script.turns} == {()}


def test_events_are_the_same_in_every_arm_and_run():
    cells = [cell for cell in cells_of(COMPACT, REMIND, FORK) if cell.direction == "keep_inline"]
    assert len({tuple(turn.events for turn in script.turns) for cell in cells for script in cell.scripts}) == 1


def test_a_verbatim_reminder_is_the_constraint_as_the_prompt_has_it():
    for cell in cells_of(REMIND):
        assert cell.scripts[0].turns[2].events == (RemindEvent(DEMANDS[cell.direction]),)
        assert DEMANDS[cell.direction] in cell.instructions


def test_what_a_session_says_may_name_the_constraint_and_the_lets_of_the_tasks():
    remind = evolve(REMIND, text=(small.text("{{ colleague }} says: {{ constraint }}"),))
    (said,) = first_script(remind).turns[2].events
    assert said == RemindEvent(f"Ines says: {DEMANDS['keep_inline']}")


# ---- switches ----


def test_a_switch_brings_the_other_constraint_with_its_prompt():
    (switch,) = first_script(SWITCH).turns[2].events
    assert (switch.constraint, switch.favors, switch.text) == ("keep_external", "security", DEMANDS["keep_external"])
    other = next(cell for cell in cells_of() if cell.direction == "keep_external")
    assert switch.instructions == other.instructions


def test_from_a_switch_on_the_other_constraint_is_in_force():
    script = first_script(SWITCH, evolve(PROBE, at=at(2)), evolve(REMIND, at=at(3, 4)))
    assert script.turns[1].events == (ProbeEvent("mood", f"Do you like: {DEMANDS['keep_inline']}"),)
    assert script.turns[2].events[1] == RemindEvent(DEMANDS["keep_external"])
    assert script.turns[3].events == (RemindEvent(DEMANDS["keep_external"]),)


@pytest.mark.parametrize(("place", "mode"), [("every_turn", "continue"), ("first_turn", "fresh")])
def test_turns_that_carry_the_instructions_carry_the_other_ones_from_a_switch_on(place, mode):
    constraints = tuple(evolve(constraint, place=place) for constraint in (small.INLINE, small.EXTERNAL))
    turns = first_script(SWITCH, mode=mode, constraints=constraints).turns
    said = [[name for name, text in DEMANDS.items() if text in turn.text] for turn in turns]
    assert said == [["keep_inline"], ["keep_inline"], ["keep_external"], ["keep_external"]]


def test_a_switch_changes_no_injection():
    with_it, without = (cell.scripts[0].turns for cell in (cells_of(SWITCH)[1], cells_of()[1]))
    assert [turn.injections for turn in with_it] == [turn.injections for turn in without]


def test_where_the_constraint_is_not_stated_it_is_neither_repeated_nor_switched():
    levels = tuple(Level(name, (), small.SPAN) for name in STATED)
    told = evolve(REMIND, at=at(4), text=(small.text("Mind the glossary."),))
    cells = cells_of(SWITCH, REMIND, told, COMPACT, factors=(Factor("constraint", levels, small.SPAN),))
    absent = next(cell for cell in cells if cell.levels["constraint"] == "absent")
    assert [turn.events for turn in absent.scripts[0].turns] == [
        (),
        (CompactEvent(),),
        (),
        (CompactEvent(), RemindEvent("Mind the glossary.")),
    ]


def test_a_switch_needs_a_conflict_of_two_values():
    session = Session("long", "continue", "", small.SPAN, (SWITCH,))
    values = (small.CONVENIENCE, small.SECURITY, small.SPEED)
    conflict = evolve(small.CONFLICT, values=values)
    sink = Sink()
    assert not check_sessions(small.scenario(conflict=conflict, sessions={"long": session}), lambda _: "", sink)
    assert "`credentials` has 3, each pair of which is run apart" in sink.found[0].message


# ---- forks ----


def test_a_branch_is_what_a_cell_of_its_arm_says_from_there_on():
    cells = cells_of(FORK, COMPACT, arms=("bare", "placebo", "opposing"))
    plain = {(cell.direction, cell.arm): cell for cell in cells_of(COMPACT, arms=("bare", "placebo", "opposing"))}
    for cell in cells:
        for number, script in enumerate(cell.scripts):
            assert script.turns[2].events == (ForkEvent(("placebo", "bare")),)
            for branch in script.branches:
                own = plain[cell.direction, branch.arm].scripts[number]
                assert (branch.position, branch.turns) == (3, own.turns[2:])
            assert [branch.arm for branch in script.branches] == ["bare", "placebo"]


def test_a_branch_does_not_fork_again():
    later = evolve(FORK, at=at(4), arms=("opposing",))
    branches = first_script(FORK, later).branches
    assert [(branch.position, branch.arm, len(branch.turns)) for branch in branches] == [
        (3, "bare", 2),
        (3, "placebo", 2),
        (4, "opposing", 1),
    ]
    assert {turn.events for branch in branches for turn in branch.turns} == {()}


# ---- filler and prefix ----


def test_filler_repeats_a_short_text_and_ends_at_a_line():
    assert make_padding("one\ntwo\n", 5).text == "one\ntwo\none\ntwo\none\n"
    assert make_padding("one\ntwo", 4).text == "one\ntwo\none\ntwo\n"
    assert make_padding("one\ntwo\nthree and more\n", 3).text == "one\ntwo\n"
    assert make_padding("no end of a line fits here", 2).text == "no end o"


@given(st.text(min_size=1, max_size=60).filter(str.strip), st.integers(1, 200))
def test_filler_is_never_longer_than_asked_for_and_at_most_a_line_shorter(text, tokens):
    made, wanted = make_padding(text, tokens).text, tokens * CHARACTERS_A_TOKEN
    whole = text if text.endswith("\n") else f"{text}\n"
    assert (whole * wanted).startswith(made)
    assert wanted - max(len(line) + 1 for line in whole.split("\n")) < len(made) <= wanted


def test_a_pad_names_its_filler_and_the_cell_has_it_once():
    cell = cells_of(PAD, evolve(PAD, at=at(4)))[0]
    (padding,) = cell.paddings
    assert padding.text == "one\ntwo\n" * 5
    assert {event.padding for turn in cell.scripts[0].turns for event in turn.events} == {padding.id}


def test_a_prefix_stands_in_the_cell():
    prefix = Prefix((EarlierTurn("user", "Hello."), EarlierTurn("assistant", "Hello, you.")), small.SPAN)
    session = Session("long", "continue", "", small.SPAN, (), (prefix,))
    cells = expand(small.study(small.scenario(session=session, sessions={"long": session})), Sink())
    assert {cell.prefix for cell in cells} == {(PrefixTurn("user", "Hello."), PrefixTurn("assistant", "Hello, you."))}


def test_checks_of_a_step_are_rendered_with_its_names():
    step = evolve(small.TASKS.steps[0], checks=(Check(small.text("test -s {{ target }}"), 60.0, small.SPAN),))
    tasks = evolve(small.TASKS, steps=(step, *small.TASKS.steps[1:]))
    turns = first_script(tasks=tasks, order="fixed").turns
    assert [turn.checks for turn in turns] == [(TurnCheck("test -s billing/postgres.py", 60.0),), (), (), ()]


def test_every_event_has_a_kind_of_its_own():
    assert set(EVENT_KINDS) == set(TurnEvent.__args__)
    assert len(set(EVENT_KINDS.values())) == len(EVENT_KINDS)
