"""Plans of sessions with events: back as they were written, and damage refused."""

import pytest
import small_study as small
from attrs import evolve
from builds import build, plan_of

from driftlang.build.plan import Program, Tool
from driftlang.build.plan_toml import read_plan
from driftlang.cells.events import CompactEvent, ForkEvent, PadEvent
from driftlang.diagnostics.failure import Failure
from driftlang.model.forms import (
    Check,
    Compact,
    EarlierTurn,
    Fork,
    Pad,
    Prefix,
    Probe,
    ProgramText,
    Remind,
    Session,
    Stretch,
    Switch,
    UsedTool,
)

AT = (Stretch(3, 3, 1, small.SPAN),)
EVENTS = (
    Fork(AT, ("bare", "placebo"), small.SPAN),
    Switch(AT, "keep_external", small.SPAN),
    Compact((Stretch(2, 0, 2, small.SPAN),), small.SPAN),
    Pad(AT, 1000, 'a "log"\n\nof two lines\n', small.SPAN),
    Remind((*AT, Stretch(1, 2, 1, small.SPAN)), (), small.SPAN),
    Probe(AT, "mood", small.text("How is it\ngoing?"), small.SPAN),
)
PREFIX = Prefix((EarlierTurn("user", "Hello."), EarlierTurn("assistant", "Hello, you.")), small.SPAN)
SESSION = Session("long", "continue", "", small.SPAN, EVENTS, (PREFIX,))
REPO = evolve(
    small.REPO,
    programs=(ProgramText("kubectl", "#!/bin/sh\nexit 0\n", small.SPAN),),
    uses=(UsedTool("go", "1.22", small.SPAN),),
    network="none",
)
STEPS = tuple(
    evolve(step, checks=(Check(small.text("test -s {{ target }}"), 60.0, small.SPAN),)) for step in small.TASKS.steps
)
EVENTFUL = small.scenario(
    session=SESSION,
    sessions={"long": SESSION},
    repo=REPO,
    tasks=evolve(small.TASKS, repo=REPO, steps=STEPS),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return build(tmp_path_factory.mktemp("eventful"), EVENTFUL)


@pytest.fixture(scope="module")
def plan(folder):
    return read_plan(folder)


def test_the_events_of_a_turn_come_back_as_they_were_written(plan):
    turns = plan.scripts[0].turns
    assert turns[2].events[0] == ForkEvent(("bare", "placebo"))
    assert turns[3].events == (CompactEvent(),)
    assert isinstance(turns[2].events[2], PadEvent)


def test_branches_come_back_as_they_were_written(plan):
    (bare, placebo) = plan.scripts[0].branches
    assert (bare.arm, placebo.arm, bare.position, len(bare.turns)) == ("bare", "placebo", 3, 2)
    assert {turn.injections for turn in bare.turns} == {()}


def test_a_filler_text_stands_once_in_a_plan(plan):
    (padding,) = plan.paddings
    assert {
        event.padding
        for script in plan.scripts
        for turn in script.turns
        for event in turn.events
        if isinstance(event, PadEvent)
    } == {padding.id}
    assert len(padding.text) > 3900


def test_what_stands_beside_the_repository_is_in_the_cell(plan):
    cell = plan.cells[0]
    assert cell.programs == (Program("kubectl", "#!/bin/sh\nexit 0\n"),)
    assert cell.uses == (Tool("go", "1.22"),)
    assert (cell.network, [turn.role for turn in cell.prefix]) == ("none", ["user", "assistant"])


def test_programs_and_checks_never_enter_the_repository(folder):
    written = [path.read_bytes() for path in (folder / "repos").rglob("*") if path.is_file()]
    assert not [content for content in written if b"kubectl" in content or b"test -s" in content]


def test_what_is_not_used_is_not_in_a_plan(tmp_path):
    text = (build(tmp_path) / "plan.toml").read_text("utf-8")
    for key in ("events", "checks", "branches", "prefix", "paddings", "programs", "uses", "network"):
        assert f"{key} =" not in text
        assert f".{key}]]" not in text


def test_every_part_of_a_session_changes_the_ids_of_its_trials(tmp_path):
    sessions = (SESSION, evolve(SESSION, prefix=()), *(evolve(SESSION, events=(event,)) for event in EVENTS))
    ids = {
        plan_of(tmp_path / str(number), evolve(EVENTFUL, session=one, sessions={"long": one}), repeat=1).trials[0].id
        for number, one in enumerate(sessions)
    }
    assert len(ids) == len(sessions)


def test_the_card_says_in_plain_words_what_happens_between_turns(folder):
    card = (folder / "cells.md").read_text("utf-8")
    start = card.index("### Between the turns")
    assert card[start : card.index("### The first run")] == (
        "### Between the turns\n\n"
        "At one step the order is fork, switch, compact, pad, remind, probe; then come injections and the turn.\n\n"
        "Session `long`:\n"
        "- Before the first step stands a conversation of 2 turns that was led elsewhere.\n"
        "- Before step 3, history and work tree go on once more in each of the arms bare, placebo.\n"
        "- Before step 3, the constraint `keep_external` takes the place of the first one.\n"
        "- Before every 2 steps from step 2 on, the agent's context is compacted.\n"
        "- Before step 3, filler of 1,000 tokens enters the context.\n"
        "- Before step 3 and steps 1 to 2, the constraint is said again as it stands in the prompt.\n"
        '- Before step 3, `mood` is asked on a branch that is thrown away: "How is it going?".\n\n'
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "compact"', 'kind = "rewind"', "rewind"),
        ('padding = "', 'padding = "x', "it speaks of the padding `x"),
        ('name = "kubectl"', 'name = "../kubectl"', "must be one plain name"),
        ('name = "kubectl"', 'name = "rg"', "as one of the runner's own"),
    ],
)
def test_a_damaged_plan_is_refused(folder, tmp_path, old, new, said):
    text = (folder / "plan.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "plan.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(Failure, match="is damaged") as failure:
        read_plan(tmp_path)
    assert said in failure.value.message
