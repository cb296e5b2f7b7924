"""Scales: from values to pixels, marks of an axis, widths of texts.

In: ranges and values. Out: numbers.
Refuses to do: measuring fonts. A page is read in a font that is not known when it is written, so a text is given the
room that a wide sans serif takes.
"""

from collections.abc import Sequence

from attrs import frozen

#: Width of a letter in a wide sans serif, as a share of its size.
_LETTER = 0.58


@frozen
class Scale:
    """Values from `low` to `high` on pixels from `start` to `end`; either may run backwards."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value, within the range."""
        share = (value - self.low) / (self.high - self.low) if self.high != self.low else 0.0
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


def text_width(text: str, size: float) -> float:
    """About how wide a text is, in pixels."""
    return len(text) * size * _LETTER


def fitted(text: str, width: float, size: float) -> str:
    """The text, its middle left out where it is wider than `width`."""
    most = max(5, int(width / (size * _LETTER)))
    if len(text) <= most:
        return text
    head = (most - 1) // 2
    return f"{text[:head]}…{text[len(text) - (most - 1 - head) :]}"


def spread(places: Sequence[float], room: float, low: float, high: float) -> list[float]:
    """Places moved apart so that each has `room`, in their order, within `low` and `high` where they fit."""
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    moved = [0.0] * len(places)
    floor = low
    for index in order:
        moved[index] = max(places[index], floor)
        floor = moved[index] + room
    ceiling = high
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - room
    return moved


def step_marks(last: int, width: float) -> tuple[int, ...]:
    """Steps to name on an axis of `width` pixels: the first, the last and some between, none over another."""
    stride = next((by for by in (1, 2, 3, 5, 10, 20, 50, 100) if last / by * 20 <= width), last)
    inner = [step for step in range(1, last + 1) if (step - 1) % stride == 0 and last - step >= stride * 0.6]
    return (*inner, last) if last else ()
