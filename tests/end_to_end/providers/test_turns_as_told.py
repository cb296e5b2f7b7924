"""What the real OpenCode tells of a turn by events is what it lists afterwards, whatever the provider speaks."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from chat_wire import ChatWire
from messages_wire import MessagesWire
from provider_servers import Wire, serving
from responses_wire import ResponsesWire
from small_plans import PlanShape

from driftlang.run.runner import run_plan
from driftlang.run.turns import Conversation, TurnEnd

pytestmark = pytest.mark.opencode

KEY = "sk-a-key-that-nobody-may-see-0123456789"
MODELS = {
    "openai/gpt-5-mini": ResponsesWire("gpt-5-mini"),
    "anthropic/claude-haiku-4-5": MessagesWire("claude-haiku-4-5"),
    "openrouter/qwen/qwen3-coder": ChatWire("qwen/qwen3-coder", states_cost=True),
}
#: Of each turn what is recorded, and what the server lists when all of it is over.
Listed = list[tuple[object, object]]


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Listed:
    """Turns, recorded and listed; the keys of the providers are there."""
    for model in MODELS:
        monkeypatch.setenv(f"{model.partition('/')[0].upper()}_API_KEY", KEY)
    usual, pairs = Conversation.prompt, Listed()
    lists = Conversation._messages
    told: list[bool] = []

    async def asked(conversation: Conversation) -> object:
        told.append(False)
        return await lists(conversation)

    async def prompt(conversation: Conversation, text: str, **others: object) -> TurnEnd:
        told.clear()
        end = await usual(conversation, text, **others)  # type: ignore[arg-type]  # as they came
        assert not told, "the turn was told of by events"
        await asyncio.sleep(0.5)  # what comes late must not change what is listed
        pairs.append((json.loads(end.messages), await lists(conversation)))
        return end

    monkeypatch.setattr(Conversation, "_messages", asked)
    monkeypatch.setattr(Conversation, "prompt", prompt)
    return pairs


@pytest.mark.parametrize("model", MODELS)
def test_a_turn_of_a_provider_is_told_as_it_is_listed(
    model: str, plan_of: Callable[[PlanShape], Path], tmp_path: Path, opencode: Path, listed: Listed
):
    wire: Wire = MODELS[model]
    provider = model.partition("/")[0]
    settings, prices = tmp_path / "providers.toml", tmp_path / "prices.toml"
    prices.write_text(f'["{model}"]\ninput = 1\noutput = 1\n')
    plan = plan_of(PlanShape(steps=2, models=(model,)))

    async def go() -> None:
        async with serving(wire, KEY) as server:
            settings.write_text(f'[{provider}]\nbase_url = "{server.base_url}"\n')
            files = {"providers": settings, "prices": prices}
            await run_plan(plan, tmp_path / "run", jobs=1, opencode=opencode, **files)

    asyncio.run(go())
    assert len(listed) == 2
    assert [told for told, _ in listed] == [found for _, found in listed]


def test_a_simulated_turn_of_many_calls_is_told_as_it_is_listed(
    plan_of: Callable[[PlanShape], Path], tmp_path: Path, opencode: Path, listed: Listed
):
    commands = ("false", "seq 3000", *(f"echo {number}" for number in range(8)))
    plan = plan_of(PlanShape(steps=2, commands=commands))
    asyncio.run(run_plan(plan, tmp_path / "run", jobs=1, opencode=opencode))
    assert len(listed) == 2
    assert [told for told, _ in listed] == [found for _, found in listed]
