"""Runs through OpenCode's own provider code, against servers that speak each protocol: usage and money to the token."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from messages_wire import MessagesWire
from provider_model import Counts
from provider_servers import ProviderServer, Wire, serving
from responses_wire import ResponsesWire
from small_plans import PlanShape

from driftlang.gateway.forms import Exchange
from driftlang.run.journal import read_exchanges, read_results
from driftlang.run.records import StepRecord
from driftlang.run.runner import RunSummary, run_plan

pytestmark = pytest.mark.opencode

MakePlan = Callable[[PlanShape], Path]
KEY = "sk-a-key-that-nobody-may-see-0123456789"
MILLION = Decimal(1_000_000)
#: Ticks for a token of grok-code-fast-1, fresh, cached and said: 0.20, 0.02 and 1.50 dollars a million.
GROK_TICKS = (2_000, 200, 15_000)


def run_against(
    wire: Wire, model: str, plan: Path, folder: Path, opencode: Path, **options
) -> tuple[RunSummary, ProviderServer]:
    """Run a plan of one model whose provider is a server of ours; nothing else of its settings is changed."""
    provider = model.partition("/")[0]

    async def go() -> tuple[RunSummary, ProviderServer]:
        async with serving(wire, KEY) as server:
            settings = folder.parent / "providers.toml"
            settings.write_text(f'[{provider}]\nbase_url = "{server.base_url}"\n')
            return await run_plan(plan, folder, jobs=1, opencode=opencode, providers=settings, **options), server

    return asyncio.run(go())


def steps_of(run: Path) -> tuple[StepRecord, ...]:
    """Steps of the only trial."""
    (result,) = read_results(run)
    assert (result.record.status, result.record.reason) == ("finished", "")
    return result.record.steps


def exchanges_of(run: Path) -> tuple[Exchange, ...]:
    """Model calls of the only trial."""
    (result,) = read_results(run)
    return tuple(read_exchanges(run, result.record.trial))


def mini_dollars(counts: Counts) -> Decimal:
    """What openai/gpt-5-mini costs: 0.25, 0.025 and 2 dollars a million."""
    return (counts.fresh * 250 + counts.cached * 25 + (counts.said + counts.thought) * 2_000) / MILLION / 1_000


def haiku_dollars(counts: Counts) -> Decimal:
    """What anthropic/claude-haiku-4-5 costs: 1, 0.1, 1.25 and 5 dollars a million."""
    return (counts.fresh * 100 + counts.cached * 10 + counts.written * 125 + counts.said * 500) / MILLION / 100


def grok_dollars(counts: Counts) -> Decimal:
    """What xAI says that xai/grok-code-fast-1 cost."""
    return Decimal(ResponsesWire("", GROK_TICKS).ticks_of(counts)).scaleb(-10)


@pytest.mark.parametrize(
    ("model", "wire", "dollars"),
    [
        ("openai/gpt-5-mini", ResponsesWire("gpt-5-mini"), mini_dollars),
        ("anthropic/claude-haiku-4-5", MessagesWire("claude-haiku-4-5"), haiku_dollars),
        ("xai/grok-code-fast-1", ResponsesWire("grok-code-fast-1", GROK_TICKS), grok_dollars),
    ],
    ids=["openai", "anthropic", "xai"],
)
def test_twelve_steps_are_counted_and_paid_for_to_the_token(
    model: str, wire: Wire, dollars, plan_of: MakePlan, tmp_path: Path, opencode: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(f"{model.partition('/')[0].upper()}_API_KEY", KEY)
    plan = plan_of(PlanShape(steps=12, models=(model,)))
    summary, server = run_against(wire, model, plan, tmp_path / "run", opencode, budget=Decimal(50))
    steps, stated = steps_of(tmp_path / "run"), server.stated
    assert [(step.finish, step.error, step.model_calls) for step in steps] == [("stop", "", 3)] * 12
    assert sum(step.prompt_tokens for step in steps) == sum(c.fresh + c.cached + c.written for c in stated)
    assert sum(step.cached_tokens for step in steps) == sum(c.cached for c in stated)
    assert sum(step.cache_write_tokens for step in steps) == sum(c.written for c in stated)
    assert sum(step.completion_tokens for step in steps) == sum(c.said + c.thought for c in stated)
    assert sum(step.reasoning_tokens for step in steps) == sum(c.thought for c in stated)
    paid = sum(map(dollars, stated), Decimal(0))
    assert sum(step.dollars or 0 for step in steps) == paid
    assert summary.spending.dollars == paid
    assert [exchange.dollars for exchange in exchanges_of(tmp_path / "run")] == [dollars(c) for c in stated]
