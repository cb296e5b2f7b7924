"""A winter day in the resort: every feed of a finished Firnline at work, run in a copy of its repository.

In: nothing; of the three passes that are held up the office has sold two. Out: one JSON object that tells of each feed
what it answered and which rows the ledger has of it. Refuses to do: judging either.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from firnline.feeds import (
    bus,
    feedback,
    first_aid,
    gates,
    hotspots,
    huts,
    lockers,
    parking,
    rentals,
    school,
    timing,
    webshop,
)
from firnline.ledger import Ledger
from firnline.passes import Kind, Pass, PassBook

ADA, BEN, NOBODY = "FL1204483", "FL2000008", "ZZ9999991"
START, END = date(2024, 11, 1), date(2025, 4, 30)
BOOK = PassBook(
    [Pass(ADA, Kind.SEASON, START, END, 1991, "AT"), Pass(BEN, Kind.SEASON, START, END, 2012, "DE")],
)


def at(hour: int, minute: int) -> datetime:
    """A time of the day."""
    return datetime(2025, 1, 18, hour, minute, 12)  # noqa: DTZ001 - the resort's own time, as feeds bring it


def ride(ledger: Ledger) -> object:
    """Two scans at a gate, the second with a pass that nobody sold."""
    passes = (ADA, NOBODY)
    scans = [{"pass": number, "gate": "Hochalm", "at": at(9, 41).isoformat()} for number in passes]
    return [gates.handle(scan, ledger) for scan in scans]


def rent(ledger: Ledger) -> object:
    """A pair of skis goes out, cannot go out again, and comes back."""
    desk = rentals.RentalDesk("Talstation", ledger)
    desk.hand_out("ski 31", ADA, at(9, 5))
    with suppress(ValueError):
        desk.hand_out("ski 31", BEN, at(9, 6))
    return desk.take_back("ski 31", at(16, 20))


def eat(ledger: Ledger) -> object:
    """Two receipts of which one has no pass."""
    lines = [f"{at(12, 33)};Sonnhütte;{ADA};soup;890", f"{at(12, 40)};Sonnhütte;;tea;420"]
    return huts.load(lines, ledger)


def park(ledger: Ledger) -> object:
    """Ada stays; Ben leaves without having come."""
    passages = [
        parking.Passage("P2", ADA, at(8, 30), is_entry=True),
        parking.Passage("P2", BEN, at(9, 0), is_entry=False),
        parking.Passage("P2", ADA, at(17, 45), is_entry=False),
    ]
    return [stay / timedelta(minutes=1) for stay in parking.pair_up(passages, ledger)]


def learn(ledger: Ledger) -> object:
    """A lesson with two guests, one noted twice, and one lesson that fails."""
    with school.Roll("Übungswiese", "blue", at(10, 0), ledger) as roll:
        for number in (BEN, ADA, BEN):
            roll.present(number)
    with suppress(RuntimeError), school.Roll("Übungswiese", "red", at(14, 0), ledger) as roll:
        roll.present(ADA)
        raise RuntimeError
    return len(ledger.rows())


def board(ledger: Ledger) -> object:
    """Two passes at the door, the second of which nobody sold."""
    called = bus.on_board("Kirchplatz", ledger)
    return [called(number, at(8, 12)) for number in (BEN, NOBODY)]


def lock(ledger: Ledger) -> object:
    """A locker is closed, refused to another and opened again."""
    room = lockers.LockerRoom("Talstation", ledger)
    return [room.hold_up(17, number, at(9, 20)) for number in (ADA, BEN, ADA)]


def help_up(ledger: Ledger) -> object:
    """A callout that ends, after one that ends before it begins."""
    callout = first_aid.Callout(BEN, "Nordhang", at(11, 2), "knee")
    with suppress(ValueError):
        callout.close(at(10, 59), ledger)
    return callout.close(at(11, 40), ledger) == ledger.rows()[0]


def order(ledger: Ledger) -> object:
    """Three pages of orders, the second without any."""
    pages = {
        "": webshop.Page([webshop.Order("W-1", ADA, at(7, 3), 5400)], "m1"),
        "m1": webshop.Page([], "m2"),
        "m2": webshop.Page([webshop.Order("W-2", BEN, at(7, 9), 2700)], ""),
    }
    return webshop.sync(pages.__getitem__, ledger)


def race(ledger: Ledger) -> object:
    """Four runs of two guests, the fastest twice."""
    times = [(ADA, 15, 30, 41_020), (BEN, 15, 33, 40_870), (ADA, 15, 41, 40_110), (ADA, 15, 55, 40_110)]
    runs = [timing.Run(number, at(hour, minute), taken) for number, hour, minute, taken in times]
    return [[run.pass_number, run.at.minute] for run in timing.publish("Nordhang", runs, ledger)]


def judge(ledger: Ledger) -> object:
    """Three answers of which one has a pass that nobody sold; six stars are none."""
    outbox = feedback.Outbox("Hochalm")
    for number, stars in ((ADA, 4), (NOBODY, 1), (BEN, 5)):
        outbox.add(number, stars, at(16, 1))
    with suppress(ValueError):
        outbox.add(ADA, 6, at(16, 2))
    return [outbox.flush(ledger), len(outbox.waiting), outbox.flush(ledger)]


def pass_by(ledger: Ledger) -> object:
    """Pings of one phone, the second too soon after the first, the third at another aerial, the fourth late enough."""

    async def pinged() -> int:
        queue: asyncio.Queue[hotspots.Ping | None] = asyncio.Queue()
        for aerial, minute in (("Mast 3", 0), ("Mast 3", 14), ("Mast 4", 14), ("Mast 3", 15)):
            queue.put_nowait(hotspots.Ping(aerial, ADA, at(13, minute)))
        queue.put_nowait(None)
        return await hotspots.relay(queue, ledger)

    return asyncio.run(pinged())


DAY: dict[str, Callable[[Ledger], object]] = {
    "gates": ride,
    "rentals": rent,
    "huts": eat,
    "parking": park,
    "school": learn,
    "bus": board,
    "lockers": lock,
    "first_aid": help_up,
    "webshop": order,
    "timing": race,
    "feedback": judge,
    "hotspots": pass_by,
}


def main() -> None:
    """Print what came of each feed, and its rows."""
    found = {}
    for feed, lived in DAY.items():
        ledger = Ledger(BOOK)
        came_of = lived(ledger)
        rows = [[row.who, row.place, row.at.strftime("%H:%M"), row.facts] for row in ledger.rows(feed)]
        found[feed] = {"came_of": came_of, "rows": rows, "others": len(ledger.rows()) - len(rows)}
    print(json.dumps(found))  # noqa: T201 - what the tests read


if __name__ == "__main__":
    main()
