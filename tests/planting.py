"""Mistakes planted in real files, one a copy, and what checking says of each.

In: the ten largest `.drift` files of the library and the specification. Out: for each planted mistake, its kind, the
lines on which it may be reported, and the diagnostics that a full check gave.
Refuses to do: chance that is not seeded.

Where a mistake counts as found: on the line of the change or the next one; a missing `}` on the line that opened the
block and nowhere else, and an unclosed `\"\"\"` on the line where it begins and nowhere else. Everything beyond the one
diagnostic that found it is counted as false, be it on the right line.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from attrs import frozen

import driftlang
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import SourceFile, Sources
from driftlang.syntax.grammar import load_tables
from driftlang.syntax.tokens import Tokens
from driftlang.syntax.tree import Token

ROOT = Path(driftlang.__file__).parents[1]
PLACES = ("scenarios", "tests/specification")
FILES = 10
MISTAKES = 300
SEED = 20250303

_STRAYS = "@;?!&'`|~^*+<ö\\"
_OPERATORS = frozenset({"and", "or", "when", "of", "in", "by", "on", "for", "is", "counts", "severity"})
_SPOILT = {
    "NUMBER": "{}x",
    "DURATION": "{}ec",
    "MONEY": "{}.9.9",
    "PERCENT": "{}%",
    "RANGE": "{}..9",
    "DATE": "{}-01",
}


@frozen
class Change:
    """A piece of text in place of another, and the lines (from 1) on which the mistake may be reported."""

    start: int
    end: int
    text: str
    lines: frozenset[int]


@frozen
class Found:
    """A planted mistake: where, what, and the line and id of each diagnostic."""

    file: str
    kind: str
    change: Change
    said: tuple[tuple[int, str], ...]

    @property
    def is_there(self) -> bool:
        """Whether some diagnostic is where the mistake is."""
        return any(line in self.change.lines for line, _ in self.said)

    @property
    def false(self) -> int:
        """Diagnostics beyond the one."""
        return len(self.said) - self.is_there


@frozen
class Original:
    """A file without mistakes, its tokens, and the brace that opens each block by the offset of its `}`.

    `checked` is the file that is given to the check: this one, or where it does not say its version, its importer.
    """

    path: str
    checked: str
    source: SourceFile
    tokens: tuple[Token, ...]
    openers: dict[int, Token]

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return self.source.position(offset)[0]

    def leads(self, token: Token) -> bool:
        """Whether nothing but blanks stands before the token."""
        line, column = self.source.position(token.start)
        return not self.source.line(line)[: column - 1].strip()

    def here(self, start: int, end: int, text: str) -> Change:
        """A change that may be reported on its line or the next."""
        line = self.line(start)
        return Change(start, end, text, frozenset({line, line + 1}))


def read_original(path: str, checked: str) -> Original:
    """The file with its tokens."""
    text = (ROOT / path).read_text(encoding="utf-8")
    tokens = tuple(Tokens(load_tables().pattern, text, by_layout=False))
    opened: list[Token] = []
    openers = {}
    for token in tokens:
        if token.kind == "LBRACE":
            opened.append(token)
        elif token.kind == "RBRACE":
            openers[token.start] = opened.pop()
    return Original(path, checked, SourceFile(path, text), tokens, openers)


def _missing_closing_brace(file: Original, _: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        line = file.line(token.start)
        if token.kind == "RBRACE" and file.source.line(line).strip() == "}":
            start = token.start - file.source.position(token.start)[1] + 1
            opener = file.line(file.openers[token.start].start)
            yield Change(start, token.end + 1, "", frozenset({opener}))


def _missing_opening_brace(file: Original, _: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        if token.kind == "LBRACE" and file.source.text[token.end : token.end + 1] == "\n":
            yield file.here(token.start - 1, token.end, "")


def _surplus_brace(file: Original, _: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        line = file.line(token.start)
        if token.kind == "RBRACE" and file.source.line(line).strip() == "}":
            yield file.here(token.end, token.end, "\n" + file.source.line(line))


def _unclosed_text(file: Original, _: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        if token.kind in {"TEXT", "RAW_TEXT"}:
            yield file.here(token.end - 1, token.end, "")


def _unclosed_block_text(file: Original, _: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        if token.kind in {"BLOCK_TEXT", "RAW_BLOCK_TEXT"}:
            yield Change(token.end - 3, token.end, "", frozenset({file.line(token.start)}))


def _unclosed_pattern(file: Original, _: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        if token.kind == "PATTERN":
            slash = token.start + token.text.rindex("/")
            yield file.here(slash, token.end, "")


def _unclosed_bracket(file: Original, _: random.Random) -> Iterator[Change]:
    opened: list[int] = []
    for token in file.tokens:
        if token.kind in {"LBRACKET", "LPAREN"}:
            opened.append(file.line(token.start))
        elif token.kind in {"RBRACKET", "RPAREN"}:
            line = file.line(token.start)
            yield Change(token.start, token.end, "", frozenset({opened.pop(), line, line + 1}))


def _stray_character(file: Original, chance: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        if token.kind in {"NAME", "NUMBER", "LBRACE", "COMMA", "EQUALS", "NEWLINE"}:
            yield file.here(token.start, token.start, f" {chance.choice(_STRAYS)}")


def _stray_character_in_a_word(file: Original, chance: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        if token.kind == "NAME" and len(token.text) > 2:
            middle = token.start + len(token.text) // 2
            yield file.here(middle, middle, chance.choice(_STRAYS))


def _bad_literal(file: Original, _: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        if token.kind in _SPOILT:
            yield file.here(token.start, token.end, _SPOILT[token.kind].format(token.text))


def _operators(file: Original) -> Iterator[Token]:
    for token in file.tokens:
        is_word = token.kind == "NAME" and token.text in _OPERATORS and not file.leads(token)
        if is_word or token.kind in {"EQUALS", "AT_LEAST"}:
            yield token


def _missing_operator(file: Original, _: random.Random) -> Iterator[Change]:
    for token in _operators(file):
        yield file.here(token.start, token.end, "")


def _misspelt_operator(file: Original, _: random.Random) -> Iterator[Change]:
    for token in _operators(file):
        word = token.text
        yield file.here(token.start, token.end, word[1] + word[0] + word[2:] if token.kind == "NAME" else word * 2)


def _missing_colon(file: Original, _: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        if token.kind == "COLON":
            yield file.here(token.start, token.end, "")


def _two_entries_on_a_line(file: Original, _: random.Random) -> Iterator[Change]:
    for token, following in pairwise(file.tokens):
        if token.kind != "NEWLINE" or following.kind != "NAME":
            continue
        before = file.source.line(file.line(token.start)).rstrip()
        if before and not before.endswith(("{", "}")) and token.text == "\n":
            yield file.here(token.start, following.start, " ")


def _misspelt_first_word(file: Original, _: random.Random) -> Iterator[Change]:
    for token in file.tokens:
        word = token.text
        if token.kind == "NAME" and file.leads(token) and len(word) > 2 and word[1] != word[2]:
            yield file.here(token.start, token.end, word[0] + word[2] + word[1] + word[3:])


KINDS: dict[str, Callable[[Original, random.Random], Iterator[Change]]] = {
    "missing closing brace": _missing_closing_brace,
    "missing opening brace": _missing_opening_brace,
    "surplus brace": _surplus_brace,
    "unclosed text": _unclosed_text,
    "unclosed block text": _unclosed_block_text,
    "unclosed pattern": _unclosed_pattern,
    "unclosed bracket": _unclosed_bracket,
    "stray character": _stray_character,
    "stray character in a word": _stray_character_in_a_word,
    "bad literal": _bad_literal,
    "missing operator": _missing_operator,
    "misspelt operator": _misspelt_operator,
    "missing colon": _missing_colon,
    "two entries on a line": _two_entries_on_a_line,
    "misspelt first word": _misspelt_first_word,
}


def originals() -> tuple[Original, ...]:
    """The largest files, by path."""
    paths = [path for place in PLACES for path in (ROOT / place).rglob("*.drift")]
    largest = sorted(paths, key=lambda path: (-path.stat().st_size, path.as_posix()))[:FILES]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    return tuple(read_original(*(_relative(one) for one in (path, _checked(path, texts)))) for path in sorted(largest))


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _checked(path: Path, texts: dict[Path, str]) -> Path:
    if texts[path].startswith("drift 1\n"):
        return path
    return next(other for other in sorted(texts) if f'/{path.name}"' in texts[other] and other.parent in path.parents)


def plan(
    files: tuple[Original, ...], number: int = MISTAKES, seed: int = SEED
) -> tuple[tuple[Original, str, Change], ...]:
    """The mistakes: the kinds in turn, each time another place of another file; a kind without places left sits out."""
    chance = random.Random(seed)
    places = {
        kind: {file.path: [(file, change) for change in changes(file, chance)] for file in files}
        for kind, changes in KINDS.items()
    }
    chosen: list[tuple[Original, str, Change]] = []
    while len(chosen) < number:
        for kind, by_file in places.items():
            left = [path for path, found in by_file.items() if found]
            if left and len(chosen) < number:
                path = chance.choice(left)
                file, change = by_file[path].pop(chance.randrange(len(by_file[path])))
                chosen.append((file, kind, change))
    return tuple(chosen)


def check_planted(scratch: Path, number: int = MISTAKES, seed: int = SEED) -> tuple[Found, ...]:
    """Plant each mistake in a copy of the files, one at a time, and check the file in full."""
    for place in PLACES:
        shutil.copytree(ROOT / place, scratch / place)
    return tuple(
        Found(file.path, kind, change, _planted(scratch, file, change))
        for file, kind, change in plan(originals(), number, seed)
    )


def _said(checked: Path, planted: Path) -> tuple[tuple[int, str], ...]:
    """Line and id of each diagnostic; line 0 stands for another file."""
    sources, sink = Sources(), Sink()
    load_model(checked, sources, sink)
    said = []
    for diagnostic in sink.found:
        source = sources[diagnostic.span.file]
        is_here = Path(source.path).resolve() == planted.resolve()
        line = source.position(diagnostic.span.start)[0] if is_here else 0
        said.append((line, diagnostic.id))
    return tuple(said)


#: Words behind which a name stands that is declared elsewhere.
_NAMING = frozenset(
    {"of", "favors", "judge", "conflict", "repo", "tasks", "schedule", "session", "toward", "run", "for"}
)


def check_pairs(scratch: Path, number: int, seed: int = SEED) -> tuple[tuple[str, str, bool], ...]:
    """Plant a name that is unknown beside each mistake: file, kind of the mistake, and whether the name is still told.

    Pairs stand more than three lines apart, and the name alone gives one diagnostic, on its line.
    """
    for place in PLACES:
        shutil.copytree(ROOT / place, scratch / place)
    chance = random.Random(seed)
    results = []
    for file, kind, change in plan(originals(), number, seed):
        far = [one for one in _unknown_names(file) if abs(file.line(one.start) - file.line(change.start)) > 3]
        name = chance.choice(far) if far else None
        if name is None or [line for line, _ in _planted(scratch, file, name)] != sorted(name.lines):
            continue
        # What stands behind a change moves by the lines that it takes or adds.
        grown = change.text.count("\n") - file.source.text[change.start : change.end].count("\n")
        (line,) = name.lines
        there = line + (grown if change.start < name.start else 0)
        results.append((file.path, kind, any(said == there for said, _ in _planted(scratch, file, change, name))))
    return tuple(results)


def _unknown_names(file: Original) -> list[Change]:
    return [
        Change(token.start, token.end, f"{token.text[:-2]}zq", frozenset({file.line(token.start)}))
        for before, token in pairwise(file.tokens)
        if token.kind == "NAME" and before.kind == "NAME" and before.text in _NAMING and len(token.text) > 4
    ]


def _planted(scratch: Path, file: Original, *changes: Change) -> tuple[tuple[int, str], ...]:
    """What a check says of the file with the changes."""
    text = file.source.text
    for change in sorted(changes, key=lambda one: -one.start):
        text = text[: change.start] + change.text + text[change.end :]
    target = scratch / file.path
    target.write_text(text, encoding="utf-8")
    said = _said(scratch / file.checked, target)
    target.write_text(file.source.text, encoding="utf-8")
    return said
