"""Chance that is the same everywhere: numbers from sha256 in counter mode.

In: a seed and labels that say what the numbers are for. Out: `Chance`, a stream of numbers; `seed_of_run`,
`seed_of_study`.
Refuses to do: anything that rests on a library's generator, on `hash()` or on the platform. Block *k* of a stream is
the sha256 of `SEED/LABEL/.../k` in UTF-8, read as a big-endian number; a number below a bound takes the lowest bits
that the bound needs and draws again where the result is not below it, so that every number is equally likely.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

Item = TypeVar("Item")

#: Bits of a run's seed: TOML and JSON readers keep whole numbers of up to 53 bits.
SEED_BITS = 48


class Chance:
    """A stream of numbers for one purpose."""

    def __init__(self, seed: int, *labels: str | int) -> None:
        self._name = "/".join(str(part) for part in (seed, *labels))
        self._block = 0

    def _bits(self, count: int) -> int:
        blocks = []
        for _ in range(-(-count // 256)):
            blocks.append(sha256(f"{self._name}/{self._block}".encode()).digest())
            self._block += 1
        return int.from_bytes(b"".join(blocks)) & ((1 << count) - 1)

    def below(self, bound: int) -> int:
        """A number from 0 to `bound - 1`, each equally likely; `bound` is at least 1."""
        count = (bound - 1).bit_length()
        number = self._bits(count)
        while number >= bound:
            number = self._bits(count)
        return number

    def choice(self, items: Sequence[Item]) -> Item:
        """One of `items`, each equally likely."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """`items` in an order of which each is equally likely (Fisher and Yates, from the end)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return tuple(mixed)


def _seed(*labels: str | int) -> int:
    text = "\n".join(str(label) for label in labels)
    return int.from_bytes(sha256(text.encode()).digest()) >> (256 - SEED_BITS)


def seed_of_run(study: str, run: int) -> int:
    """The seed of run `run` (from 1) in every cell of the study of that name; at most 48 bits."""
    return _seed("run", study, run)


def seed_of_study(study: str) -> int:
    """The seed of what all runs of a study share; at most 48 bits."""
    return _seed("study", study)
