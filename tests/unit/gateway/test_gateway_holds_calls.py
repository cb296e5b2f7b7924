"""What the gateway does when a provider says "later", when money is out, and when an agent asks for what it may not."""

import asyncio
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from aiohttp import web
from attrs import evolve
from scripted_upstream import World, answer, world

from driftlang.gateway.forms import RouteLimits, Upstream
from driftlang.gateway.ledger import Ledger
from driftlang.gateway.pace import Pace, wait_for
from driftlang.gateway.prices import Price
from driftlang.run.deadlines import within

GOOD = {"choices": [{"finish_reason": "stop"}], "usage": {"prompt_tokens": 1000, "completion_tokens": 10}}
JSON = {"Content-Type": "application/json"}
PRICE = Price(Decimal(1), Decimal(2))


def _in_turn(*answers: tuple[int, object, dict[str, str]]) -> Callable[[web.Request], object]:
    """A handler that gives one answer after the other, the last one for ever."""
    left = list(answers)

    async def handle(_: web.Request) -> web.Response:
        status, document, headers = left.pop(0) if len(left) > 1 else left[0]
        return web.Response(status=status, body=json.dumps(document).encode(), headers={**JSON, **headers})

    return handle


def _route(here: World, limits: RouteLimits | None = None, **given) -> World:
    """The same world behind a route whose upstream is `given` more."""
    upstream: Upstream = evolve(here.route.upstream, **given)
    route = here.gateway.open(trial="t", attempt=1, upstream=upstream, limits=limits or RouteLimits())
    route.begin(1)
    return World(route, here.agent, here.gateway, here.exchanges, here.recorded, here.requests)


def _error(code: str) -> dict[str, object]:
    return {"error": {"message": "slow down, please", "type": code, "code": code}}


@pytest.mark.parametrize(
    ("status", "headers"),
    [(429, {"retry-after-ms": "30"}), (503, {"retry-after": "0.03"}), (529, {"retry-after": "0.03"})],
)
def test_a_call_that_is_wanted_later_is_made_later_and_the_agent_sees_one_answer(status: int, headers: dict[str, str]):
    async def go() -> None:
        handler = _in_turn((status, _error("rate_limit_exceeded"), headers), (200, GOOD, {}))
        async with world(handler) as here:
            held = _route(here, pace=Pace())
            response = await held.post()
            exchange = await here.exchange()
            assert (response.status_code, response.json()) == (200, GOOD)
            assert (len(here.requests), exchange.status, exchange.prompt_tokens) == (2, 200, 1000)
            assert [(later.status, round(later.seconds, 3)) for later in exchange.delays] == [(status, 0.03)]
            assert "slow down" in exchange.delays[0].body
            assert 0.03 <= exchange.waited <= exchange.seconds
            assert 0.03 <= held.route.turn_usage().waited <= exchange.seconds

    asyncio.run(go())


def test_a_pause_holds_the_calls_of_every_route_of_the_provider():
    async def go() -> None:
        handler = _in_turn((429, _error("x"), {"retry-after-ms": "200"}), (200, GOOD, {}))
        async with world(handler) as here:
            pace = Pace()
            first, second = _route(here, pace=pace), _route(here, pace=pace)
            call = asyncio.create_task(first.post())
            while not pace.paused_until:  # noqa: ASYNC110 - a time, not an event
                await asyncio.sleep(0.001)
            await second.post()
            await call
            assert second.route.turn_usage().waited > 0.1

    asyncio.run(go())


@pytest.mark.parametrize(
    ("document", "headers", "reason"),
    [
        (_error("x"), {"retry-after": "3600"}, "a wait of 3600 s, more than 300 s: slow down, please"),
        (_error("insufficient_quota"), {}, "the provider answered 429: slow down, please"),
    ],
)
def test_what_no_waiting_mends_ends_the_route_at_once(document: object, headers: dict[str, str], reason: str):
    async def go() -> None:
        async with world(_in_turn((429, document, headers))) as here:
            held = _route(here, pace=Pace())
            response = await held.post()
            assert (response.status_code, len(here.requests)) == (400, 1)
            assert reason in held.route.exceeded
            assert reason in (await here.exchange()).error
            assert response.json()["error"]["message"] == "no further call can be made"

    asyncio.run(go())


@pytest.mark.parametrize("said", ["soon", "nan", "-5", "1e999", ""])
def test_a_wait_that_cannot_be_read_is_the_gateways_own_which_grows(said: str):
    waits = [wait_for({"retry-after": said}, tries) for tries in (0, 3, 50)]
    assert [round(wait / expected) for wait, expected in zip(waits, (1, 8, 60), strict=True)] == [1, 1, 1]


def test_waiting_has_a_bound_in_all():
    async def go() -> None:
        async with world(_in_turn((429, _error("x"), {"retry-after-ms": "40"}))) as here:
            held = _route(here, RouteLimits(held_in_all=0.1), pace=Pace())
            assert (await held.post()).status_code == 400
            assert len(here.requests) == 3
            assert "more than 0 s in all" in held.route.exceeded

    asyncio.run(go())


def test_no_more_calls_are_under_way_than_the_provider_takes():
    async def go() -> None:
        under_way, most = 0, 0

        async def handle(_: web.Request) -> web.Response:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.02)
            under_way -= 1
            return web.json_response(GOOD)

        async with world(handle) as here:
            held = _route(here, pace=Pace(concurrency=2))
            await asyncio.gather(*(held.post() for _ in range(6)))
            assert most == 2

    asyncio.run(go())


def test_money_is_counted_by_call_and_by_turn_and_the_budget_is_never_passed():
    async def go() -> None:
        async with world(_in_turn((200, GOOD, {}))) as here:
            ledger = Ledger(Decimal("0.005"))
            paid = _route(here, ledger=ledger, price=PRICE)
            body = b'{"model":"m","max_tokens":500}'
            statuses = [(await paid.post(body)).status_code for _ in range(5)]
            cost = Decimal("0.00102")
            assert statuses == [200, 200, 200, 200, 400]
            assert ledger.spent == 4 * cost
            assert paid.route.turn_usage().dollars == 4 * cost
            assert [exchange.dollars for exchange in here.exchanges] == [cost] * 4 + [0]
            assert "the budget of $0.005 is used up" in paid.route.exceeded
            assert paid.route.refuse_turn() == paid.route.exceeded

    asyncio.run(go())


def test_an_answer_without_usage_has_no_cost_and_counts_as_the_most_it_may_cost():
    async def go() -> None:
        async with world(_in_turn((200, {"choices": [{"finish_reason": "stop"}]}, {}))) as here:
            ledger = Ledger(Decimal(1))
            paid = _route(here, ledger=ledger, price=PRICE)
            await paid.post(b'{"model":"m","max_tokens":500}')
            assert ((await here.exchange()).dollars, paid.route.turn_usage().dollars) == (None, None)
            assert ledger.spent == PRICE.most_dollars(30, 500)

    asyncio.run(go())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"model":"dear"}', 404),
        (b'{"model":"m","model":"dear"}', 404),
        (b"{}", 404),
        (b'{"tools":[{"model":"x"}],"model":"m"}', 200),
        (b'{"model":"m","tools":[]}', 200),
    ],
)
def test_only_the_model_of_the_trial_can_be_asked(body: bytes, status: int):
    async def go() -> None:
        async with world(_in_turn((200, GOOD, {}))) as here:
            assert (await _route(here, model="m").post(body)).status_code == status
            assert len(here.requests) == (status == 200)

    asyncio.run(go())


def test_nothing_but_the_model_can_be_asked():
    async def go() -> None:
        async with world(answer(b"{}")) as here:
            held = _route(here, model="m")
            paths = ("images/generations", "chat/completions/x", "responses", "models")
            asked = [await here.agent.post(f"{held.route.base_url}/{path}", content=b'{"model":"m"}') for path in paths]
            assert [response.status_code for response in asked] == [404] * 4
            assert here.requests == []

    asyncio.run(go())


def test_an_alias_is_replaced_and_nothing_else():
    async def go() -> None:
        async with world(_in_turn((200, GOOD, {}))) as here:
            held = _route(here, model="real/one", alias="subject")
            body = b'{"model":"subject","messages":[{"content":"a \\"model\\":\\"subject\\" b"}]}'
            await held.post(body)
            assert here.requests[0][1] == body.replace(b'"model":"subject"', b'"model":"real/one"', 1)
            assert (await here.exchange()).request == body

    asyncio.run(go())


def test_answers_that_give_no_reason_of_their_end_are_stopped_after_five():
    async def go() -> None:
        async with world(_in_turn((200, {"choices": [{"finish_reason": None}]}, {}))) as here:
            held = _route(here)
            statuses = [(await held.post()).status_code for _ in range(7)]
            assert statuses == [200] * 5 + [400] * 2
            assert held.route.exceeded == "5 answers in a row ended without a finish reason"

    asyncio.run(go())


def test_headers_are_recorded_without_what_is_secret():
    async def go() -> None:
        headers = {"x-request-id": "r1", "openai-organization": "acme", "x-quote": "key sk-the-real-key-0123456789"}
        async with world(_in_turn((200, GOOD, headers))) as here:
            await here.post(headers={"Authorization": "Bearer none", "x-session-id": "ses_1"})
            exchange = await here.exchange()
            sent, came = dict(exchange.request_headers), dict(exchange.response_headers)
            assert (sent["Authorization"], sent["x-session-id"]) == ("***", "ses_1")
            assert (came["x-request-id"], came["openai-organization"], came["x-quote"]) == ("r1", "***", "***")

    asyncio.run(go())


def test_a_deadline_stands_still_while_the_provider_has_the_agent_wait():
    async def go() -> None:
        waited = 0.0
        async with within(0.2, lambda: waited):
            await asyncio.sleep(0.05)
            waited = 0.3
            await asyncio.sleep(0.3)
        with pytest.raises(TimeoutError):
            async with within(0.05, lambda: 7.0):
                await asyncio.sleep(5)

    asyncio.run(go())
