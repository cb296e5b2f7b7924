"""Controls: neutral sentences composed to the form and length of a pressure message.

In: rendered neutral sentences and the text that a control stands for. Out: `Control`, or `TooCoarse` with the nearest
length that can be composed.
Refuses to do: repeating a sentence within a control, or leaving the tolerance.

The search is exact: subset sums over sentence lengths, counted by dynamic programming, so that controls are drawn
uniformly among all that fit. Bands of closeness are tried from narrow to wide; the first that has a control which
the run has not used yet is taken, so that controls vary over the steps as the messages do.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from fractions import Fraction
from functools import lru_cache

from attrs import field, frozen

from driftlang.cells.chance import Chance

#: How far a control's length may be from its message's, as fractions of the latter, from preferred to allowed.
BANDS = (Fraction(1, 50), Fraction(1, 20), Fraction(1, 10))
#: How many controls are drawn to choose among.
CANDIDATES = 24


@frozen
class NeutralSentence:
    """A neutral sentence as it reads at a step."""

    text: str
    is_question: bool


@frozen
class Control:
    """A composed control; `sentences` are positions in the list that it was composed from, in its order."""

    text: str
    sentences: tuple[int, ...]


@frozen
class TooCoarse:
    """No control fits: the length asked for, and the nearest that can be composed (0 where none can), in characters."""

    length: int
    nearest: int


def is_question(text: str) -> bool:
    """Whether a text ends with a question."""
    return text.rstrip().endswith("?")


@lru_cache(maxsize=64)
def _ways(weights: tuple[int, ...], limit: int) -> tuple[tuple[int, ...], ...]:
    """`ways[i][s]`: how many subsets of `weights[i:]` sum to s, for s up to `limit`."""
    ways = [(1, *([0] * limit))]
    for weight in reversed(weights):
        without = ways[-1]
        ways.append(
            tuple(without[total] + (without[total - weight] if total >= weight else 0) for total in range(limit + 1))
        )
    return tuple(reversed(ways))


@frozen
class _Bank:
    """The sentences sorted by their part in a control. A sentence weighs its length and the space behind it."""

    texts: tuple[str, ...]
    body: tuple[int, ...]
    ends: tuple[int, ...]
    ways: tuple[tuple[int, ...], ...] = field(repr=False)

    def weight(self, sentence: int) -> int:
        return len(self.texts[sentence]) + 1

    def room(self, length: int, end: int) -> int:
        """What the body weighs in a control of `length` that ends with `end` (-1: with a body sentence)."""
        return length + 1 - (self.weight(end) if end >= 0 else 0)

    def count(self, length: int, end: int) -> int:
        """How many sets of sentences make a control of `length` characters with that end."""
        room = self.room(length, end)
        return self.ways[0][room] if 0 <= room < len(self.ways[0]) else 0

    def total(self, length: int) -> int:
        return sum(self.count(length, end) for end in self.ends)

    def nth(self, length: int, number: int) -> tuple[tuple[int, ...], int]:
        """The `number`-th set (from 0) of `total(length)`: body sentences, and the end."""
        for end in self.ends:
            if number < self.count(length, end):
                break
            number -= self.count(length, end)
        room, chosen = self.room(length, end), []
        for place, sentence in enumerate(self.body):
            skipping = self.ways[place + 1][room]
            if number >= skipping:
                number -= skipping
                room -= self.weight(sentence)
                chosen.append(sentence)
        return tuple(chosen), end


def _bank(sentences: Sequence[NeutralSentence], length: int, *, question: bool) -> _Bank:
    texts = tuple(sentence.text for sentence in sentences)
    body = tuple(place for place, sentence in enumerate(sentences) if not sentence.is_question)
    asking = tuple(place for place, sentence in enumerate(sentences) if sentence.is_question)
    # Rounded up, so that messages of like length share a table.
    limit = -(-(2 * length + 2) // 256) * 256
    ways = _ways(tuple(len(texts[place]) + 1 for place in body), limit)
    return _Bank(texts, body, asking if question else (-1,), ways)


def compose(
    sentences: Sequence[NeutralSentence], message: str, chance: Chance, used: Collection[frozenset[int]]
) -> Control | TooCoarse:
    """A control of `message`: within 10 % of its length in characters, ending with a question where it does.

    Sentences are joined by one space. `used` holds the sets of sentences that the run has used already.
    """
    length = len(message)
    bank = _bank(sentences, length, question=is_question(message))
    fitting: tuple[int, ...] = ()
    for band in BANDS:
        lowest, highest = _bounds(length, band)
        wider = tuple(size for size in range(lowest, highest + 1) if bank.total(size))
        found = _draw_unused(bank, wider, chance, used)
        if found is not None:
            return found
        fitting = fitting or wider
    if not fitting:
        return TooCoarse(length, _nearest(bank, length))
    return _draw(bank, fitting, chance)


def _bounds(length: int, band: Fraction) -> tuple[int, int]:
    slack = int(length * band)
    return max(length - slack, 1), length + slack


def _draw(bank: _Bank, lengths: Sequence[int], chance: Chance) -> Control:
    number = chance.below(sum(bank.total(length) for length in lengths))
    for length in lengths:
        if number < bank.total(length):
            break
        number -= bank.total(length)
    body, end = bank.nth(length, number)
    order = (*chance.shuffled(body), *((end,) if end >= 0 else ()))
    return Control(" ".join(bank.texts[sentence] for sentence in order), order)


def _draw_unused(
    bank: _Bank, lengths: Sequence[int], chance: Chance, used: Collection[frozenset[int]]
) -> Control | None:
    """A control that the run has not used; `None` where it has used all of these lengths.

    Of several drawn, the one whose sentences the run has used least: most sets hold the same few short sentences, and
    drawn blindly these would stand in nearly every control.
    """
    spent = sum(1 for sentences in used if _length(bank, sentences) in lengths and _fits(bank, sentences))
    if sum(bank.total(length) for length in lengths) <= spent:
        return None
    drawn = [_draw(bank, lengths, chance) for _ in range(CANDIDATES)]
    unused = [control for control in drawn if frozenset(control.sentences) not in used]
    while not unused:
        control = _draw(bank, lengths, chance)
        unused = [control] if frozenset(control.sentences) not in used else []
    uses = Counter(sentence for sentences in used for sentence in sentences)
    return min(unused, key=lambda control: (sum(uses[s] for s in control.sentences), len(control.sentences)))


def _length(bank: _Bank, sentences: frozenset[int]) -> int:
    return sum(bank.weight(sentence) for sentence in sentences) - 1


def _fits(bank: _Bank, sentences: frozenset[int]) -> bool:
    """Whether a used set has the form that the bank composes: only body sentences, or those and one end."""
    beyond = sentences - frozenset(bank.body)
    return beyond == frozenset() if bank.ends == (-1,) else len(beyond) == 1


def _nearest(bank: _Bank, length: int) -> int:
    longest = len(bank.ways[0])
    composed = [size for size in range(1, longest) if bank.total(size)]
    if not composed and bank.ends != (-1,):
        composed = [len(bank.texts[end]) for end in bank.ends]
    elif not composed:
        composed = [len(bank.texts[sentence]) for sentence in bank.body]
    return min(composed, key=lambda size: (abs(size - length), size), default=0)
