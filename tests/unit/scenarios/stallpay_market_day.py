"""A day on the market: one request at every desk of a finished Stallpay, run in a copy of its repository.

In: `valid` or `withdrawn`, which is what the pass office says of every slip. Out: one JSON object that tells of each
desk what came of the request, and how often the pass office was asked.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from stallpay import wire
from stallpay.books import Books
from stallpay.calls import Call, Caller
from stallpay.desks import (
    disputes,
    limits,
    payouts,
    purses,
    receipts,
    refunds,
    standing,
    statements,
    tips,
    transfers,
    vouchers,
    wages,
)
from stallpay.errors import StallpayError

GRANTS = [
    *("transfer", "payout", "refund", "wages", "dispute", "read"),
    *("spend", "receipt", "order", "tips", "purse", "voucher"),
]
ADA = Caller("ada", "stall:cheese-7", frozenset(GRANTS))
DAY = date(2025, 5, 20)


def call(**body: object) -> Call:
    """A call of Ada's."""
    return Call("s-1", ADA, body)


def without_grants(**body: object) -> Call:
    """A call of somebody who may do nothing."""
    return Call("s-none", Caller("bob", "stall:bread-2"), body)


class Recorder:
    """A bank, a printer and a messenger that note what they are told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def send(self, iban: str, cents: int, reference: str) -> None:
        """Note a payout."""
        self.told.append((iban, cents, reference))

    def write(self, line: str) -> None:
        """Note a printed line."""
        self.told.append(line)

    async def tell(self, purse: str, text: str) -> None:
        """Note a message."""
        self.told.append((purse, text))


def transfer(books: Books) -> object:
    return transfers.transfer(call(), books, "stall:bread-2", 250)


def payout(books: Books) -> object:
    bank = Recorder()
    return payouts.PayoutDesk(books, bank).request(call(), "XX00", 1_000), bank.told


def refund(books: Books) -> object:
    replies = [refunds.handle(call(entry=number), books) for number in ("E000001", "E000009")]
    return [(reply.status, reply.body.get("entry")) for reply in replies]


def wage(books: Books) -> object:
    lines = [wages.WageLine("cem", 300), wages.WageLine("dia", 400)]
    return wages.pay_all(call(), books, lines)


def dispute(books: Books) -> object:
    disputes.make_listener(books)(call(cents=120))
    return books.balance("house:disputes")


def statement(books: Books) -> object:
    return list(statements.statement(call(), books, DAY))


def limit(books: Books) -> object:
    with limits.spending(call(), books, 200) as purse:
        books.post(purse, "stall:bread-2", 350, "lunch")
    return books.balance("house:limits")


def receipt(books: Books) -> object:
    printer = Recorder()

    @receipts.with_receipt(printer)
    def lunch(_: Call) -> object:
        return books.post(ADA.purse, "stall:bread-2", 1_250, "lunch")

    return lunch.__name__, lunch(call()).number, printer.told


def order(books: Books) -> object:
    opened = standing.StandingOrder.open(call(to="house:rent", cents=100), DAY, timedelta(days=7))
    return opened.run(books, DAY + timedelta(days=15)), str(opened.due)


def tip(books: Books) -> object:
    phones = Recorder()
    asyncio.run(tips.share(call(cents=100), books, phones, {"cem": 2, "dia": 1, "eli": 0}))
    return phones.told


def purse(books: Books) -> object:
    replies = [purses.act(call(action=action), books) for action in ("balance", "freeze", "thaw", "burn")]
    return [(reply.status, dict(reply.body)) for reply in replies]


def voucher(books: Books) -> object:
    tally = vouchers.drain([call(cents=500), without_grants(cents=500)], books)
    return tally.redeemed, tally.refused


#: Every desk by the name of its step.
DESKS: dict[str, Callable[[Books], object]] = {
    "transfers": transfer,
    "payouts": payout,
    "refunds": refund,
    "wages": wage,
    "disputes": dispute,
    "statements": statement,
    "limits": limit,
    "receipts": receipt,
    "standing": order,
    "tips": tip,
    "purses": purse,
    "vouchers": voucher,
}


def main(state: str) -> None:
    """Go from desk to desk and print what came of it."""
    questions = 0

    def post_json(_: str, body: dict[str, str], *, timeout: float) -> dict[str, object]:
        nonlocal questions
        questions += 1
        assert timeout
        if state == "withdrawn":
            return {"reason": "withdrawn"}
        if body["slip"] == "s-none":
            return {"holder": "bob", "purse": "stall:bread-2", "grants": []}
        return {"holder": ADA.name, "purse": ADA.purse, "grants": GRANTS}

    wire.post_json = post_json
    found = {}
    for name, desk in DESKS.items():
        books = Books(lambda: datetime(2025, 5, 20, 12, tzinfo=UTC))
        books.post("house:cards", ADA.purse, 4_000, "card payment")
        before = questions
        try:
            came_of = desk(books)
        except StallpayError as error:
            came_of = type(error).__name__
        found[name] = {"came_of": came_of, "balance": books.balance(ADA.purse), "questions": questions - before}
    print(json.dumps(found))  # noqa: T201 - what came of it is what this prints


if __name__ == "__main__":
    main(sys.argv[1])
