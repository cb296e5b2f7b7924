"""Prices and the ledger: exact, never a guess, never past the budget."""

import asyncio
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.diagnostics.failure import Failure
from driftlang.gateway.ledger import Ledger
from driftlang.gateway.prices import FREE, Price, read_prices
from driftlang.gateway.usage import Usage

HAIKU = Price(Decimal(1), Decimal(5), Decimal("0.1"), Decimal("1.25"))
COUNT = st.integers(0, 10**9)


@given(fresh=COUNT, cached=COUNT, written=COUNT, said=COUNT)
def test_a_call_costs_what_its_tokens_do_exactly(fresh: int, cached: int, written: int, said: int):
    usage = Usage(fresh + cached + written, said, cached, written)
    exact = Fraction(fresh + said * 5, 10**6) + Fraction(cached, 10**7) + Fraction(written * 5, 4 * 10**6)
    assert Fraction(HAIKU.dollars_of(usage)) == exact


@given(fresh=COUNT, cached=COUNT, written=COUNT, said=COUNT)
def test_what_a_call_may_cost_at_most_is_not_less_than_what_it_does(fresh: int, cached: int, written: int, said: int):
    usage = Usage(fresh + cached + written, said, cached, written)
    assert HAIKU.dollars_of(usage) <= HAIKU.most_dollars(fresh + cached + written, said)


def test_a_kind_without_a_price_costs_as_input():
    assert Price(Decimal(2), Decimal(0)).dollars_of(Usage(30, 0, 10, 10)) == Decimal("0.00006")
    assert FREE.is_free


def test_shipped_prices_say_where_and_when_they_were_read():
    prices = read_prices()
    assert {"openai/gpt-5-mini", "anthropic/claude-haiku-4-5", "xai/grok-code-fast-1"} <= prices.keys()
    assert [model for model, price in prices.items() if not price.source or not price.date] == []


def test_a_users_price_takes_the_place_of_a_shipped_one(tmp_path: Path):
    own = tmp_path / "prices.toml"
    own.write_text('["openai/gpt-5-mini"]\ninput = 0.3\noutput = 3\n["mine/big"]\ninput = 1\noutput = 2\n')
    prices = read_prices(own)
    assert prices["openai/gpt-5-mini"] == Price(Decimal("0.3"), Decimal(3))
    assert prices["mine/big"].output == 2
    assert "xai/grok-code-fast-1" in prices


@pytest.mark.parametrize(
    "text",
    [
        '["a/b"]\ninput = -1\noutput = 1\n',
        '["a/b"]\ninput = nan\noutput = 1\n',
        '["a/b"]\ninput = "1"\noutput = 1\n',
        '["a/b"]\ninput = 1\n',
        '["a/b"]\ninput = 1\noutput = 1\ncashed = 1\n',
        "a = 1\n",
        "[",
    ],
)
def test_a_file_of_prices_that_means_nothing_is_refused(tmp_path: Path, text: str):
    own = tmp_path / "prices.toml"
    own.write_text(text)
    with pytest.raises(Failure, match=r"prices\.toml"):
        read_prices(own)


def test_the_ledger_gives_no_leave_that_could_pass_the_budget():
    async def go() -> None:
        ledger = Ledger(Decimal(1))
        first = await ledger.admit(Decimal("0.6"))
        second = asyncio.create_task(ledger.admit(Decimal("0.6")))
        await asyncio.sleep(0)
        assert not second.done()
        ledger.settle(first, Decimal("0.1"))
        assert await second
        ledger.settle(await second, Decimal("0.5"))
        assert (ledger.refuse_turn(), await ledger.admit(Decimal("0.6"))) == (ledger.exceeded, "")
        assert ledger.spent == Decimal("0.6")
        assert "the budget of $1.00 is used up: $0.6000 is spent" in ledger.exceeded

    asyncio.run(go())


def test_whoever_waits_for_money_is_told_when_it_is_out():
    async def go() -> None:
        ledger = Ledger(Decimal(1))
        first = await ledger.admit(Decimal("0.9"))
        waiting = [asyncio.create_task(ledger.admit(Decimal("0.5"))) for _ in range(3)]
        await asyncio.sleep(0)
        ledger.settle(first, Decimal("0.9"))
        assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == ["", "", ""]

    asyncio.run(go())


def test_many_at_once_never_spend_more_than_the_budget_and_nearly_all_of_it():
    async def go() -> None:
        ledger = Ledger(Decimal(10))

        async def call(cost: Decimal) -> None:
            name = await ledger.admit(Decimal("0.5"))
            if name:
                await asyncio.sleep(0)
                ledger.settle(name, cost)

        await asyncio.gather(*(call(Decimal(number % 50) / 100) for number in range(400)))
        assert Decimal("9.5") <= ledger.spent <= 10

    asyncio.run(go())


def test_what_a_killed_run_had_under_way_counts_as_the_most_it_may_have_cost(tmp_path: Path):
    async def go() -> None:
        path = tmp_path / "spending.jsonl"
        ledger = Ledger(Decimal(5), path)
        ledger.settle(await ledger.admit(Decimal(1)), Decimal("0.25"))
        await ledger.admit(Decimal(2))
        with path.open("ab") as file:
            file.write(b'{"call":"half')
        assert Ledger(Decimal(5), path).spent == Decimal("2.25")

    asyncio.run(go())


def test_a_call_whose_cost_is_never_stated_counts_as_the_most_it_may_have_cost():
    async def go() -> None:
        ledger = Ledger(Decimal(5))
        ledger.settle(await ledger.admit(Decimal(1)), None)
        assert ledger.spent == 1

    asyncio.run(go())
