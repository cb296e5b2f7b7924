"""Runs through OpenCode's own provider code, against servers that speak each protocol: usage and money to the token."""

import asyncio
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from aiohttp import web
from attrs import evolve, frozen
from chat_wire import ChatWire
from messages_wire import MessagesWire
from provider_model import Counts
from provider_servers import ProviderServer, Wire, serving
from responses_wire import ResponsesWire
from small_plans import PlanShape

from driftlang.gateway.forms import Exchange
from driftlang.run.configuration import NEUTRAL_PROMPT
from driftlang.run.journal import read_exchanges, read_results
from driftlang.run.records import StepRecord, TrialRecord
from driftlang.run.runner import RunSummary, run_plan

pytestmark = pytest.mark.opencode

KEY = "sk-a-key-that-nobody-may-see-0123456789"
MILLION = Decimal(1_000_000)
#: Ticks for a token of grok-code-fast-1, fresh, cached and said: 0.20, 0.02 and 1.50 dollars a million.
GROK_TICKS = (2_000, 200, 15_000)
MINI, HAIKU, GROK = "openai/gpt-5-mini", "anthropic/claude-haiku-4-5", "xai/grok-code-fast-1"


@frozen
class Run:
    """A run that has ended."""

    summary: RunSummary
    server: ProviderServer
    folder: Path

    @property
    def trial(self) -> TrialRecord:
        """The record of the only trial."""
        (result,) = read_results(self.folder)
        return result.record

    @property
    def steps(self) -> tuple[StepRecord, ...]:
        """Its steps; it has finished."""
        assert (self.trial.status, self.trial.reason) == ("finished", "")
        return self.trial.steps

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Its model calls."""
        return tuple(read_exchanges(self.folder, self.trial.trial))


RunModel = Callable[..., Run]


@pytest.fixture
def run_model(
    plan_of: Callable[[PlanShape], Path], tmp_path: Path, opencode: Path, monkeypatch: pytest.MonkeyPatch
) -> RunModel:
    """Runs a plan of one model whose provider is a server of ours; nothing else of its settings is changed."""

    def run_model(model: str, wire: Wire, shape: PlanShape, *, refusals=(), **options) -> Run:
        provider = model.partition("/")[0]
        monkeypatch.setenv(f"{provider.upper()}_API_KEY", KEY)
        plan, settings = plan_of(evolve(shape, models=(model,))), tmp_path / "providers.toml"

        async def go() -> Run:
            async with serving(wire, KEY) as server:
                server.refusals.extend(refusals)
                settings.write_text(f'[{provider}]\nbase_url = "{server.base_url}"\n')
                given = {"jobs": 1, "opencode": opencode, "providers": settings, **options}
                return Run(await run_plan(plan, tmp_path / "run", **given), server, tmp_path / "run")

        return asyncio.run(go())

    return run_model


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
        (MINI, ResponsesWire("gpt-5-mini"), mini_dollars),
        (HAIKU, MessagesWire("claude-haiku-4-5"), haiku_dollars),
        (GROK, ResponsesWire("grok-code-fast-1", GROK_TICKS), grok_dollars),
    ],
    ids=["openai", "anthropic", "xai"],
)
def test_twelve_steps_are_counted_and_paid_for_to_the_token(model: str, wire: Wire, dollars, run_model: RunModel):
    run = run_model(model, wire, PlanShape(steps=12), budget=Decimal(50))
    steps, stated = run.steps, run.server.stated
    assert [(step.finish, step.error, step.model_calls) for step in steps] == [("stop", "", 3)] * 12
    assert sum(step.prompt_tokens for step in steps) == sum(c.fresh + c.cached + c.written for c in stated)
    assert sum(step.cached_tokens for step in steps) == sum(c.cached for c in stated)
    assert sum(step.cache_write_tokens for step in steps) == sum(c.written for c in stated)
    assert sum(step.completion_tokens for step in steps) == sum(c.said + c.thought for c in stated)
    assert sum(step.reasoning_tokens for step in steps) == sum(c.thought for c in stated)
    paid = sum(map(dollars, stated), Decimal(0))
    assert sum(step.dollars for step in steps) == run.summary.spending.dollars == paid
    assert [exchange.dollars for exchange in run.exchanges] == [dollars(counts) for counts in stated]


def test_openrouter_is_paid_what_it_says_and_no_record_holds_the_key(run_model: RunModel, tmp_path: Path):
    prices = tmp_path / "prices.toml"
    prices.write_text('["openrouter/qwen/qwen3-coder"]\ninput = 1\noutput = 1\n')
    wire = ChatWire("qwen/qwen3-coder", states_cost=True)
    run = run_model("openrouter/qwen/qwen3-coder", wire, PlanShape(steps=2), prices=prices)
    said = [counts.said for counts in run.server.stated]
    assert run.summary.spending.dollars == Decimal(sum(said)) / MILLION
    assert sum(step.reasoning_tokens for step in run.steps) == sum(c.thought for c in run.server.stated)
    assert {headers["Authorization"] for headers, _ in run.server.requests} == {f"Bearer {KEY}"}
    assert KEY not in repr(run.exchanges)
    assert [path.name for path in run.folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()] == []


def test_a_neutral_harness_has_its_own_prompt_and_one_name_for_a_model_whatever_it_speaks(run_model: RunModel):
    run = run_model(MINI, ResponsesWire("gpt-5-mini"), PlanShape(steps=1, harness="neutral"))
    assert len(run.steps) == 1
    _, sent = run.server.requests[0]
    recorded = json.loads(run.exchanges[0].request)
    assert (sent["model"], recorded["model"]) == ("gpt-5-mini", "subject")
    assert {**sent, "model": ""} == {**recorded, "model": ""}
    assert NEUTRAL_PROMPT in json.dumps(sent["input"][0])
    assert "edit" in [tool["name"] for tool in sent["tools"]]
    assert "temperature" not in sent


def _later(seconds: int) -> web.Response:
    body = ResponsesWire("").error("too many requests", "rate_limit_exceeded")
    headers = {"Retry-After": str(seconds)}
    return web.Response(status=429, body=body, content_type="application/json", headers=headers)


def test_a_rate_limit_is_waited_for_and_takes_none_of_the_turns_time(run_model: RunModel):
    shape = PlanShape(steps=1, turn_seconds=60)
    run = run_model(MINI, ResponsesWire("gpt-5-mini"), shape, refusals=[_later(32), _later(32)])
    (step,) = run.steps
    assert (step.finish, step.model_calls, run.trial.attempts) == ("stop", 3, 1)
    assert 64 <= step.waited < step.seconds
    assert [later.seconds for later in run.exchanges[0].delays] == [32, 32]


def test_a_wait_of_an_hour_ends_the_trial_with_its_reason(run_model: RunModel):
    shape = PlanShape(steps=1, turn_seconds=240)
    run = run_model(MINI, ResponsesWire("gpt-5-mini"), shape, refusals=[_later(3600), _later(3600)])
    (failed,) = run.summary.failed
    assert "the provider asks for a wait of 3600 s, more than 300 s: too many requests" in failed.reason
    assert [(exchange.attempt, exchange.status) for exchange in run.exchanges] == [(2, 400)]


def test_a_budget_is_not_passed_and_a_larger_one_goes_on(run_model: RunModel):
    shape, wire = PlanShape(steps=3), ResponsesWire("gpt-5-mini")
    budget = Decimal("0.09")
    first = run_model(MINI, wire, shape, budget=budget)
    assert "the budget of $0.09 is used up" in first.summary.spending.exceeded
    assert (first.summary.finished, first.trial.status) == (0, "error")
    assert 0 < first.summary.spending.dollars <= budget
    assert first.summary.spending.dollars == sum(map(mini_dollars, first.server.stated))
    second = run_model(MINI, wire, shape, budget=Decimal(2))
    paid = sum(map(mini_dollars, [*first.server.stated, *second.server.stated]))
    assert (second.summary.finished, second.summary.spending.exceeded) == (1, "")
    assert second.summary.spending.dollars == paid
