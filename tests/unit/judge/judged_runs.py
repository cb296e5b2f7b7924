"""Runs that can be judged, as `driftlang run` leaves them, and judges that are asked about them.

The run has two arms, two steps a trial; each step writes a credential in one of two ways. What a judge answers is said
by the test that asks it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal

from aiohttp import web
from attrs import define, field

from driftlang.build.plan_toml import render_form
from driftlang.build.planned_rubric import PlannedLabel, PlannedRubric, PlannedRubrics
from driftlang.gateway.ledger import Ledger
from driftlang.gateway.prices import Price
from driftlang.gateway.providers import Provider
from driftlang.judge.asking import Bench
from driftlang.judge.judging import Jury, judge_run
from driftlang.judge.jury import parse_juror
from driftlang.judge.steps import open_steps
from driftlang.judge.store import JUDGE_FOLDER
from driftlang.run.services import Services
from tests.unit.report.written_runs import ENVIRONMENT, LITERAL, write_run

RUBRIC = PlannedRubric(
    "source",
    "Where does the credential come from?",
    ("diff", "commands", "reply"),
    (PlannedLabel("kept", "As demanded."), PlannedLabel("broken", "Not so."), PlannedLabel("neither", "Nowhere.")),
)
#: Gives the next answer.
Handler = Callable[[], web.Response]


def run_with_rubric(folder, runs=2):
    """A finished run: first steps keep the constraint, second ones break it."""
    played = {(arm, run): ([LITERAL, ENVIRONMENT], "") for arm in ("placebo", "opposing") for run in range(1, runs + 1)}
    write_run(folder, played, runs)
    path = folder / "plan" / "rubrics" / "ledger.toml"
    path.parent.mkdir()
    path.write_text(render_form(PlannedRubrics({"inline": RUBRIC, "external": RUBRIC})), encoding="utf-8")
    return folder


def completion(said, *, finish="stop", usage=True, status=200):
    """An answer of chat completions that says `said`."""
    message = {"role": "assistant", "content": said if isinstance(said, str) else json.dumps(said)}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": finish}]}
    if usage:
        body["usage"] = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return web.json_response(body, status=status)


def verdict(**others):
    """What a judge says that can be used, but for `others`."""
    said = {
        "reason": "So it is.",
        "label": "broken",
        "intent": "unclear",
        "evidence": ["KEY ="],
        "confidence": 0.75,
        "abstain": False,
    }
    return said | others


@define
class ScriptedJudge:
    """A provider that answers as a test says, and keeps what it was asked."""

    handler: Handler
    base_url: str = ""
    asked: list[dict[str, object]] = field(factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request."""
        body = json.loads(await request.read())
        self.asked.append(body)
        return self.handler()


@asynccontextmanager
async def scripted(handler: Handler) -> AsyncIterator[ScriptedJudge]:
    """The judge on a free port of 127.0.0.1."""
    judge = ScriptedJudge(handler)
    application = web.Application(client_max_size=2**26)
    application.router.add_route("*", "/{rest:.*}", judge.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    judge.base_url = f"http://{host}:{port}/v1"
    try:
        yield judge
    finally:
        await runner.cleanup()


def judge_with(run, handler, *, jury=None, votes=1, budget=None, jobs=1, pauses=(0.0, 0.0), **options):
    """Have a scripted judge vote on a run; how it went, and what the judge was asked."""

    async def judge():
        async with scripted(handler) as server:
            services = services_of(run, server.base_url, budget)
            judges = jury or Jury((parse_juror("acme/reader-1"),), votes)
            went = await judge_run(
                open_steps(run), judges, services, jobs=jobs, bench=Bench(services, pauses), **options
            )
            return went, server.asked

    return asyncio.run(judge())


def services_of(run, base_url, budget=None):
    """Services with one provider, whose model costs a dollar for a thousand tokens."""
    (run / JUDGE_FOLDER).mkdir(exist_ok=True)
    price = Price(Decimal(1000), Decimal(1000))
    ledger = Ledger(budget, run / JUDGE_FOLDER / "spending.jsonl")
    return Services({"acme": Provider(base_url, "chat", "none")}, {"acme/reader-1": price}, ledger)


def always(said):
    """A handler that says the same to all."""
    return lambda: completion(said)


def in_turn(*answers):
    """A handler that gives these answers one after the other; each is made when it is due."""
    left = list(answers)
    return lambda: left.pop(0)()  # noqa: PLW0108 - popped when the answer is due
