"""Blocks put together from parts: `when FACTOR is LEVEL { ... }`, and `KIND NAME like OTHER { ... }`.

In: blocks of the ast. Out: one block without `when` and `allow`, its entries those that count.
Refuses to do: looking names up, and complaining; see `conditions.py` and `acceptance.py`, which read the same entries.

One rule serves both: an entry that is laid over a block takes the place of the block's entry with the same first word.
Where a word may be there several times, it takes the place of the one with the same name, or of the one that sets the
same thing (`limit turn`), and is added where there is none.
"""

from collections.abc import Mapping

from attrs import evolve

from driftlang.model.vocabulary import BLOCKS, Vocabulary
from driftlang.record import frozen
from driftlang.syntax.ast import Block, Entry, Quoted, Slashed, Word

#: A level by factor.
Levels = Mapping[str, str]
#: Repeated entries whose second item is no name: each stands for itself.
_NAMELESS = frozenset(
    {
        *("match", "unless", "copies", "hit", "miss", "sentence", "example", "exclude", "author", "cite"),
        *("from", "check", "append", "replace", "remove", "run", "reply", "history"),
        *("compact", "remind", "fork", "switch", "pad", "prefix"),
    }
)


@frozen
class When:
    """A well-formed `when`: its factor, its level, its entries."""

    factor: Word
    level: Word
    block: Block


def read_when(entry: Entry) -> When | None:
    """The `when` that an entry is; None where it is none, or is not written as one."""
    items = entry.items
    if entry.word.text != "when" or len(items) != 3 or not entry.block.is_there:
        return None
    factor, middle, level = items
    if isinstance(factor, Word) and isinstance(middle, Word) and isinstance(level, Word) and middle.text == "is":
        return When(factor, level, entry.block)
    return None


def specialise(block: Block, vocabulary: Vocabulary, levels: Levels) -> Block:
    """The block at these levels: the entries of each `when` that holds laid over the others, the rest left out."""
    own = [_inside(entry, levels) for entry in block.entries if entry.word.text not in {"when", "allow"}]
    entries = tuple(own)
    for entry in block.entries:
        found = read_when(entry)
        if found is not None and levels.get(found.factor.text) == found.level.text:
            inner = specialise(found.block, vocabulary, levels)
            entries = _laid_over(entries, inner.entries, vocabulary)
    is_lost = any(entry.word.text == "when" and read_when(entry) is None for entry in block.entries)
    return evolve(block, entries=entries, is_damaged=block.is_damaged or is_lost)


def without_allowances(block: Block) -> Block:
    """The block of a study, which has no `when`, without `allow`."""
    if all(entry.word.text != "allow" for entry in block.entries):
        return block
    return evolve(block, entries=tuple(entry for entry in block.entries if entry.word.text != "allow"))


def _inside(entry: Entry, levels: Levels) -> Entry:
    """An entry with its own block specialised."""
    if not entry.block.is_there:
        return entry
    inner = BLOCKS.get(entry.word.text)
    return evolve(entry, block=specialise(entry.block, inner, levels)) if inner else entry


def lay_over(base: Block, own: Block, vocabulary: Vocabulary) -> Block:
    """The entries of `base` with those of `own` laid over them; its place in the text is that of `own`."""
    entries = _laid_over(base.entries, own.entries, vocabulary)
    return evolve(own, entries=entries, is_damaged=base.is_damaged or own.is_damaged)


def _laid_over(base: tuple[Entry, ...], own: tuple[Entry, ...], vocabulary: Vocabulary) -> tuple[Entry, ...]:
    """`own` behind what it leaves of `base`; an entry that replaces a named one stands in its place."""
    replaced = {_key(entry, vocabulary): entry for entry in own if _key(entry, vocabulary)}
    kept: list[Entry] = []
    used: set[int] = set()
    for entry in base:
        over = replaced.get(_key(entry, vocabulary))
        if over is None:
            kept.append(entry)
        elif id(over) not in used:
            used.add(id(over))
            kept.append(over)
    # Doubled entries of one block stay doubled, so that they are spoken of.
    return (*kept, *(entry for entry in own if id(entry) not in used))


def _key(entry: Entry, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What an entry is to its block: entries of one key take each other's place; empty for those that only add up."""
    word = entry.word.text
    group = vocabulary.group(word)
    if group:
        return (group,)
    shape = vocabulary.shape(word)
    if shape is None or not shape.is_repeated:
        return (word,)
    if word in _NAMELESS or not entry.items:
        return ()
    first = entry.items[0]
    if isinstance(first, Word):
        return (word, first.text)
    if isinstance(first, Quoted) and all(isinstance(part, str) for part in first.parts):
        return (word, "".join(str(part) for part in first.parts))
    return () if isinstance(first, Slashed) else (word, str(first.span.start))
