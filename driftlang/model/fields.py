"""Reading a block against its vocabulary.

In: a block and the entries that it takes. Out: its entries by their first word.
Refuses to do: reading the entries' items; that is the business of whoever knows what they mean.
"""

from collections.abc import Iterator, Sequence

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.diagnostics.suggest import closest, did_you_mean
from driftlang.model.row import Row, one_of
from driftlang.model.texts import Text
from driftlang.model.vocabulary import Shape, Vocabulary
from driftlang.model.wording import text_of
from driftlang.source import Span
from driftlang.syntax.ast import Block, Entry, Word


class Fields:
    """The known entries of a block, in the order of the source; `is_damaged` where some line could not be read."""

    def __init__(self, block: Block, owner: Span, vocabulary: Vocabulary, sink: Sink) -> None:
        self._vocabulary = vocabulary
        self._sink = sink
        self._entries: dict[str, list[Entry]] = {}
        # What is misspelt is not missing as well.
        self._misspelt: set[str] = set()
        self.is_damaged = block.is_damaged
        for entry in block.entries:
            self._keep(entry, owner)
            # Two entries on a line are one that is wrong, not one that is missing as well.
            self._misspelt.update(item.text for item in entry.items if isinstance(item, Word))
        if block.is_there and not block.is_damaged:
            self._require(owner)

    def _keep(self, entry: Entry, owner: Span) -> None:
        word = entry.word.text
        shape = self._vocabulary.shape(word)
        if shape is None:
            words = self._vocabulary.words
            self._sink.error(
                "unknown-entry",
                f"{self._vocabulary.of} has no entry `{word}`{did_you_mean(word, words)}",
                entry.word.span,
                help=f"{self._vocabulary.of} takes {', '.join(f'`{known}`' for known in words)}",
                labels=(Label(owner, f"this is {self._vocabulary.of}"),),
            )
            self._misspelt.add(closest(word, words))
            return
        there = self._entries.setdefault(word, [])
        first = there[0] if there else self._of_group(shape)
        if first is not None and not shape.is_repeated:
            there_too = first.word.text
            what = f"`{word}` is given twice" if there_too == word else f"`{word}` stands beside `{there_too}`"
            self._sink.error(
                "doubled-entry",
                f"{what} in {self._vocabulary.of}",
                entry.span,
                help="remove one of the two",
                labels=(Label(first.span, "given here first"),),
            )
            return
        there.append(entry)

    def _of_group(self, shape: Shape) -> Entry | None:
        """The entry that stands for the group of `shape` already."""
        entries = (entries[0] for word, entries in self._entries.items() if entries and self._shape(word).group)
        return next((entry for entry in entries if self._shape(entry.word.text).group == shape.group), None)

    def _require(self, owner: Span) -> None:
        """Say what is missing, all of it in one finding: an author adds it in one go."""
        missing = [shape for shape in self._vocabulary.shapes if shape.is_required and not self._is_said(shape)]
        # Of a group, the first stands for all.
        groups = [said for shape in missing if (said := self._vocabulary.alternatives(shape))[0] is shape]
        if not groups:
            return
        needs = [one_of([one.word for one in said]) for said in groups]
        if len(groups) > 1:
            needs = [f"one of {need}" if len(said) > 1 else need for need, said in zip(needs, groups, strict=True)]
        self._sink.error(
            "missing-entry",
            f"{self._vocabulary.of} needs {_and(needs)}, which this one does not have",
            Span(owner.file, owner.start, owner.end),
            help=f"add {_and([f'`{said[0].usage}`' for said in groups])}",
        )

    def _is_said(self, shape: Shape) -> bool:
        """Whether the entry, or another of its group, is there, well spelt or not."""
        words = {one.word for one in self._vocabulary.alternatives(shape)}
        return bool(words & (self._entries.keys() | self._misspelt))

    def rows(self, word: str) -> Iterator[tuple[Entry, Row]]:
        """Every entry that begins with `word`, with its items."""
        usage = self._shape(word).usage
        for entry in self._entries.get(word, ()):
            yield entry, Row(entry, usage, self._sink)

    def row(self, word: str) -> Row | None:
        """The items of the one entry that begins with `word`; None where there is none."""
        return next((row for _, row in self.rows(word)), None)

    def entry(self, word: str) -> Entry | None:
        """The first entry that begins with `word`; None where there is none."""
        return next(iter(self._entries.get(word, ())), None)

    def is_misspelt(self, *words: str) -> bool:
        """Whether an unknown entry may have been meant to be one of these."""
        return not self._misspelt.isdisjoint(words)

    def in_order(self) -> Iterator[tuple[Entry, Row]]:
        """Every known entry in the order of the source, with its items."""
        entries = [entry for entries in self._entries.values() for entry in entries]
        for entry in sorted(entries, key=lambda entry: entry.span.start):
            yield entry, Row(entry, self._shape(entry.word.text).usage, self._sink)

    def _shape(self, word: str) -> Shape:
        shape = self._vocabulary.shape(word)
        assert shape is not None, word  # noqa: S101 - readers ask for words of the vocabulary alone
        return shape

    def name(self, word: str) -> Word | None:
        """The one name behind `word`; None where there is none, which has been said unless `word` is not there."""
        row = self.row(word)
        if row is None:
            return None
        name = row.take(Word)
        row.end()
        return name

    def text(self, word: str) -> Text | None:
        """The one text behind `word`; None where there is none, which has been said unless `word` is not there."""
        row = self.row(word)
        if row is None:
            return None
        quoted = row.say()
        row.end()
        return text_of(quoted) if quoted else None

    def choice(self, word: str, choices: Sequence[str], what: str, default: str) -> str:
        """The one word behind `word`, out of `choices`; `default` where there is none or a wrong one."""
        row = self.row(word)
        if row is None:
            return default
        said = row.choice(choices, what)
        row.end()
        return said or default


def _and(parts: Sequence[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last
