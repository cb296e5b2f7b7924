"""Three protocols as OpenCode's own provider code writes them: what the model had read, and the run played again."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from chat_wire import ChatWire
from messages_wire import MessagesWire
from provider_servers import Wire, serving
from responses_wire import ResponsesWire
from small_plans import PlanShape, results_of

from driftlang.exposure.forms import StepExposure
from driftlang.run import runner
from driftlang.run.exposed import exposure_of_run
from driftlang.run.journal import read_exchanges, read_results
from driftlang.run.runner import run_plan

pytestmark = pytest.mark.opencode

KEY = "sk-a-key-that-nobody-may-see-0123456789"
MODELS = {
    "openai/gpt-5-mini": ResponsesWire("gpt-5-mini"),
    "anthropic/claude-haiku-4-5": MessagesWire("claude-haiku-4-5"),
    "openrouter/qwen/qwen3-coder": ChatWire("qwen/qwen3-coder", states_cost=True),
}


class _NoProvider:
    """Stands where the simulated provider would be, and cannot be started."""

    def __init__(self) -> None:
        pytest.fail("a provider was started")


def _record(model: str, wire: Wire, plan: Path, folder: Path, opencode: Path) -> None:
    """Run the plan against a server of ours that is gone afterwards."""
    provider = model.partition("/")[0]
    settings, prices = folder / "providers.toml", folder / "prices.toml"
    prices.write_text(f'["{model}"]\ninput = 1\noutput = 1\n')

    async def go() -> None:
        async with serving(wire, KEY) as server:
            settings.write_text(f'[{provider}]\nbase_url = "{server.base_url}"\n')
            files = {"providers": settings, "prices": prices}
            summary = await run_plan(plan, folder / "run", jobs=1, opencode=opencode, **files)
            assert (summary.finished, summary.failed) == (1, ())

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"{provider.upper()}_API_KEY", KEY)
        asyncio.run(go())


def _measured(run: Path) -> tuple[StepExposure, ...]:
    (steps,) = exposure_of_run(run).values()
    return steps


@pytest.mark.parametrize("model", MODELS)
def test_what_was_read_is_measured_and_the_run_is_played_again_without_provider_and_key(
    model: str, plan_of: Callable[[PlanShape], Path], tmp_path: Path, opencode: Path, monkeypatch: pytest.MonkeyPatch
):
    plan = plan_of(PlanShape(steps=2, models=(model,)))
    _record(model, MODELS[model], plan, tmp_path, opencode)
    (result,) = read_results(tmp_path / "run")
    for step in result.record.steps:
        own = step.exposure.messages[-1]
        assert (own.position, own.is_read_before_edit, own.kinds, own.copies) == (
            *(step.position, True, ("tool result",), 1),
        )
        assert (step.exposure.integrity.calls, step.exposure.integrity.violations) == (step.model_calls, ())
        assert step.exposure.context.first_edit == 2
    assert _measured(tmp_path / "run") == tuple(step.exposure for step in result.record.steps)

    monkeypatch.setattr(runner, "SimulatedProvider", _NoProvider)
    again = tmp_path / "again"
    summary = asyncio.run(run_plan(plan, again, jobs=1, opencode=opencode, replay=tmp_path / "run"))
    assert (summary.finished, summary.failed) == (1, ())
    assert results_of(again) == results_of(tmp_path / "run")
    (played,) = read_results(again)
    assert [step.prompt_tokens for step in played.record.steps] == [step.prompt_tokens for step in result.record.steps]
    calls = [[one.response for one in read_exchanges(run, result.record.trial)] for run in (tmp_path / "run", again)]
    assert calls[0] == calls[1]
