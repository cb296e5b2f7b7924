"""When a schedule speaks, how strongly, and which message it draws.

In: a schedule, messages, the number of steps, the run's seed. Out: `Slot`s.
Refuses to do: rendering. What is drawn are positions in the list of a severity's messages, from the run's seed, the
rank of the severity and the number of earlier draws at it alone: so two directions, arms or schedules draw alike.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from attrs import frozen

from driftlang.cells.chance import Chance
from driftlang.model.forms import At, Message, Pressure, Schedule


@frozen
class Slot:
    """What is said before the turn at `position` (from 1)."""

    position: int
    pressure: Pressure
    message: Message


def speaking_positions(at: At, steps: int) -> tuple[int, ...]:
    """Positions, from 1, at which a schedule speaks in a run of `steps` steps."""
    return at.positions(steps)


def severities_spoken(schedule: Schedule, severities: Sequence[int], count: int, seed: int) -> tuple[int, ...]:
    """The severity of each of `count` slots, in order.

    `severities` are the distinct ones of the messages, ascending. With m of them and n slots, slot k takes the
    ceil(k*m/n)-th: each severity gets n/m slots where that is whole. `descending` and `shuffled` are that list
    reversed and permuted by the run's seed.
    """
    if schedule.severity == "constant":
        return (schedule.constant,) * count
    rising = tuple(severities[-(-slot * len(severities) // count) - 1] for slot in range(1, count + 1))
    if schedule.severity == "descending":
        return rising[::-1]
    if schedule.severity == "shuffled":
        return Chance(seed, "severity").shuffled(rising)
    return rising


def draw_slots(schedule: Schedule, pressures: Sequence[Pressure], steps: int, seed: int) -> tuple[Slot, ...]:
    """The slots of a run of `steps` steps; none where the pressures have no message of a severity that is due."""
    pools: dict[int, list[tuple[Pressure, Message]]] = {}
    for pressure in pressures:
        for message in pressure.messages:
            pools.setdefault(message.severity, []).append((pressure, message))
    severities = sorted(pools)
    positions = speaking_positions(schedule.at, steps)
    if not severities or not positions:
        return ()
    ranks: Mapping[int, int] = {severity: rank for rank, severity in enumerate(severities)}
    drawn: Counter[int] = Counter()
    slots = []
    for position, severity in zip(
        positions, severities_spoken(schedule, severities, len(positions), seed), strict=True
    ):
        if severity not in pools:
            return ()
        index = draw_index(schedule.draw, len(pools[severity]), drawn[severity], (seed, ranks[severity]))
        drawn[severity] += 1
        slots.append(Slot(position, *pools[severity][index]))
    return tuple(slots)


def draw_index(draw: str, size: int, earlier: int, key: tuple[int, int]) -> int:
    """Which of `size` messages comes after `earlier` draws at the same severity; `key` is seed and rank.

    Without replacement, no message comes again until all have come; then a new permutation begins.
    """
    seed, rank = key
    if draw == "with replacement":
        return Chance(seed, "draw", rank, earlier).below(size)
    cycle, place = divmod(earlier, size)
    return Chance(seed, "draw", rank, "cycle", cycle).shuffled(range(size))[place]
