"""The order of a run's steps.

In: steps, the order's name, the run and its seeds. Out: the steps in order.
Refuses to do: putting a step before one that it comes `after`; where a drawn order would, it is repaired.
"""

from collections.abc import Sequence

from driftlang.cells.chance import Chance
from driftlang.model.forms import Step


def order_steps(order: str, steps: Sequence[Step], *, run: int, run_seed: int, study_seed: int) -> tuple[Step, ...]:
    """The steps of run `run` (from 1) under `order`, one of `model.forms.ORDERS`.

    `fixed` is the order of the source. `shuffled` draws each next step among those that may come next. `latin_square`
    takes the run's row of a Williams square whose labels are permuted once a study; `after` is then restored by moving
    a step behind those that it needs, which costs some of the balance.
    """
    if order == "shuffled":
        return _draw(steps, Chance(run_seed, "order"))
    if order == "latin_square":
        labels = Chance(study_seed, "labels", len(steps)).shuffled(steps)
        return _repair([labels[index] for index in williams_row(len(steps), run - 1)])
    return _repair(steps)


def williams_row(size: int, row: int) -> tuple[int, ...]:
    """Row `row` (from 0, without end) of a Williams design over `size` treatments, numbered from 0.

    E. J. Williams, "Experimental designs balanced for the estimation of residual effects of treatments", Australian
    Journal of Scientific Research A 2 (1949), 149-168. The first row is 0, 1, n-1, 2, n-2, ...; each further row adds
    one to every entry, modulo n. Any n rows that follow each other from a multiple of n hold every treatment once at
    every position. For an even n those n rows hold every ordered pair of neighbours once; for an odd n, n rows and
    the n reversed ones behind them hold each pair twice.
    """
    if size == 0:
        return ()
    first = [0, *((place + 1) // 2 if place % 2 else size - place // 2 for place in range(1, size))]
    turn, shift = divmod(row, size)
    if size % 2 and turn % 2:
        first.reverse()
    return tuple((entry + shift) % size for entry in first)


def _may_follow(step: Step, waiting: Sequence[Step]) -> bool:
    return not any(other.name in step.after for other in waiting if other is not step)


def _next_steps(waiting: Sequence[Step]) -> list[Step]:
    """The steps that may come next; all of them where they wait for each other, which the model reports."""
    return [step for step in waiting if _may_follow(step, waiting)] or list(waiting)


def _draw(steps: Sequence[Step], chance: Chance) -> tuple[Step, ...]:
    waiting, drawn = list(steps), []
    while waiting:
        step = chance.choice(_next_steps(waiting))
        waiting.remove(step)
        drawn.append(step)
    return tuple(drawn)


def _repair(steps: Sequence[Step]) -> tuple[Step, ...]:
    waiting, repaired = list(steps), []
    while waiting:
        step = _next_steps(waiting)[0]
        waiting.remove(step)
        repaired.append(step)
    return tuple(repaired)
