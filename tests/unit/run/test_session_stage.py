"""What happens before a turn, where no server is needed to see it: the agents file, the order, the reasons."""

import asyncio
from pathlib import Path
from typing import cast

import pytest

from driftlang.cells.events import PadEvent, ProbeEvent, RemindEvent, SwitchEvent, TurnEvent
from driftlang.cells.forms import Turn
from driftlang.gateway.forms import RouteLimits, Upstream
from driftlang.gateway.route import Route
from driftlang.run.events import Happened, Stage, read_agents_file
from driftlang.run.history import Speaker
from driftlang.run.line import Line
from driftlang.run.server import AttemptError
from driftlang.run.turns import Conversation
from driftlang.run.world_copy import Folder

FIRST, OTHER = "Modules are small.\nInline.", "Modules are small.\nOutside."
SWITCH = SwitchEvent("keep_external", "security", "Outside.", OTHER)
BUILT = f"Lines are short.\n\n{FIRST}\n"


class Recording:
    """A conversation that writes down what is asked of it; a probe's question it does not take."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.session = "ses_1"

    async def call(self, method: str, path: str, body: dict[str, object] | None = None) -> object:
        """Take what the user says, and nothing else."""
        if path.endswith("/fork"):
            raise AttemptError("the server made no fork of the session")
        assert (method, path) == ("POST", "/session/ses_1/message")
        assert body is not None
        assert body["noReply"] is True
        self.said.append(cast("list[dict[str, str]]", body["parts"])[0]["text"])
        return {}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "ledger"
    tree.mkdir()
    (tree / "AGENTS.md").write_text(BUILT)
    return tree


def stage_in(tree: Path, place: str = "agents_file") -> tuple[Stage, Recording]:
    conversation = Recording()
    route = Route(
        base_url="http://127.0.0.1:1/v1",
        trial="t1",
        attempt=1,
        upstream=Upstream("http://127.0.0.1:1/v1", ""),
        limits=RouteLimits(),
        record=lambda _: None,
        forget=lambda: None,
    )
    stage = Stage(
        conversation=cast("Conversation", conversation),
        speaker=Speaker("local", "subject"),
        place=place,
        first_instructions=FIRST,
        agents_file=read_agents_file(tree),
        paddings={"0a": "12:00 started\n"},
        folders=(Folder(tree),),
        aside=tree.parent / "aside",
        marker="no process carries it",
        turn_seconds=10.0,
        route=route,
    )
    return stage, conversation


def happen(stage: Stage, *events: TurnEvent, line: Line | None = None) -> Happened:
    turn = Turn(3, "redis", "Do it.", (), (), events)
    return asyncio.run(stage.happen(turn, line or Line("", FIRST)))


def test_a_switch_puts_the_other_prompt_where_the_first_one_stood(tree: Path):
    (tree / "AGENTS.md").write_text(f"{BUILT}\nThe agent's own note.\n")
    stage, _ = stage_in(tree)
    assert happen(stage, SWITCH).words == ["switch to keep_external"]
    assert (tree / "AGENTS.md").read_text() == f"Lines are short.\n\n{OTHER}\n\nThe agent's own note.\n"


@pytest.mark.parametrize("ruin", ["edited", "removed", "linked", "closed"])
def test_where_the_first_one_does_not_stand_any_more_the_file_is_as_built(tree: Path, ruin: str):
    stage, _ = stage_in(tree)
    file = tree / "AGENTS.md"
    match ruin:
        case "edited":
            file.write_text("No rules.\n")
        case "removed":
            file.unlink()
        case "linked":
            file.unlink()
            file.symlink_to(tree.parent / "elsewhere")
        case "closed":
            file.write_text("No rules.\n")
            file.chmod(0o444)
    (words,) = happen(stage, SWITCH).words
    assert words.startswith("switch to keep_external: AGENTS.md was written anew")
    assert file.read_text() == f"Lines are short.\n\n{OTHER}\n"
    assert not (tree.parent / "elsewhere").exists()


def test_a_second_switch_finds_what_the_first_one_put_there(tree: Path):
    stage, _ = stage_in(tree)
    line = Line("", FIRST)
    happen(stage, SWITCH, line=line)
    happen(stage, SwitchEvent("keep_inline", "convenience", "Inline.", FIRST), line=line)
    assert (tree / "AGENTS.md").read_text() == BUILT
    assert line.instructions == FIRST


def test_an_agents_file_that_became_a_folder_ends_the_attempt(tree: Path):
    stage, _ = stage_in(tree)
    (tree / "AGENTS.md").unlink()
    (tree / "AGENTS.md" / "inner").mkdir(parents=True)
    with pytest.raises(AttemptError, match=r"^`switch` before step 3 \(redis\): AGENTS\.md: "):
        happen(stage, SWITCH)


def test_the_system_prompt_is_that_of_the_constraint_in_force(tree: Path):
    stage, _ = stage_in(tree, "system_prompt")
    line = Line("", FIRST)
    assert stage.system_text(line) == FIRST
    happen(stage, SWITCH, line=line)
    assert stage.system_text(line) == OTHER
    assert (tree / "AGENTS.md").read_text() == BUILT


def test_elsewhere_the_system_prompt_has_nothing(tree: Path):
    assert stage_in(tree)[0].system_text(Line("", FIRST)) == ""


def test_events_happen_in_their_order_whatever_the_plan_s(tree: Path):
    stage, conversation = stage_in(tree)
    happened = happen(stage, RemindEvent("Mind it."), PadEvent(4, "0a"), SWITCH)
    assert happened.words == ["switch to keep_external", "pad of 4 tokens", "remind"]
    filler, reminder = conversation.said
    assert filler.endswith(".\n\n12:00 started\n")
    assert reminder == "Mind it."


def test_an_event_that_cannot_be_carried_out_ends_the_attempt_with_its_name(tree: Path):
    stage, _ = stage_in(tree)
    with pytest.raises(AttemptError, match=r"^`pad` before step 3 \(redis\): the plan has no filler `0b`$"):
        happen(stage, PadEvent(4, "0b"))
    with pytest.raises(AttemptError, match=r"^`probe` before step 3 \(redis\): the server made no fork"):
        happen(stage, ProbeEvent("mood", "How is it going?"))
    assert {path.name for path in tree.parent.iterdir()} == {"ledger"}
