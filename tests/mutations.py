"""Files gone wrong: what cut cables, merge tools, cats and attackers make of a file of the library.

In: a seed. Out: mutated contents, always the same for the same seed.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[1]
#: Bytes of a file that are mutated: more would only take longer.
LARGEST = 12_000
_SIGNS = '{}[]()",:=/#\\-.\n\t "'


@frozen
class Mutant:
    """A mutated file: what was done to it, and what came of it."""

    kind: str
    content: bytes


def originals() -> list[bytes]:
    """Library files, the example of the language, and the files with mistakes of each kind."""
    folders = ("scenarios", "tests/specification", "tests/errors")
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.drift"))
    return [path.read_bytes()[:LARGEST] for path in files]


def mutants(count: int, seed: int) -> Iterator[Mutant]:
    """`count` mutants, the kinds in turn."""
    chance = random.Random(seed)
    texts = originals()
    kinds = sorted(_KINDS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield Mutant(kind, _KINDS[kind](chance, chance.choice(texts), texts))


def _truncated(chance: random.Random, text: bytes, _: list[bytes]) -> bytes:
    return text[: chance.randrange(len(text) + 1)]


def _spliced(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    other = chance.choice(texts)
    start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    first, last = sorted(chance.randrange(len(other) + 1) for _ in range(2))
    return text[:start] + other[first:last] + text[end:]


def _random_bytes(chance: random.Random, text: bytes, _: list[bytes]) -> bytes:
    changed = bytearray(text)
    for _ in range(chance.choice((1, 3, 30, 300))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _random_characters(chance: random.Random, text: bytes, _: list[bytes]) -> bytes:
    letters = list(text.decode(errors="replace"))
    for _ in range(chance.choice((1, 3, 30))):
        letters.insert(chance.randrange(len(letters) + 1), chr(chance.choice((0, 7, 0x85, 0x2028, 0x1F600, 0x301))))
    return "".join(letters).encode()


def _nested(chance: random.Random, text: bytes, _: list[bytes]) -> bytes:
    opener = chance.choice((b"{", b"[", b"(", b"a {\n", b"vary x in [", b"kept when (", b"when a is b {\n"))
    at = chance.randrange(len(text) + 1)
    return text[:at] + opener * chance.choice((10, 100, 5_000)) + text[at:]


def _long_lines(chance: random.Random, text: bytes, _: list[bytes]) -> bytes:
    at = chance.randrange(len(text) + 1)
    filling = chance.choice((b"a", b"a ", b'"', b"/", b"\\", b"{{ a }} ", b"1", b"-", b", "))
    return text[:at] + filling * chance.choice((1_000, 50_000)) + text[at:]


def _unclosed(chance: random.Random, text: bytes, _: list[bytes]) -> bytes:
    """Quotes, slashes or brackets taken out."""
    sign = chance.choice((b'"', b'"""', b"/", b"}", b"{", b"]", b")"))
    places = [at for at in range(len(text)) if text.startswith(sign, at)]
    for at in sorted(chance.sample(places, min(len(places), chance.choice((1, 2, 20)))), reverse=True):
        text = text[:at] + text[at + len(sign) :]
    return text


def _shuffled_lines(chance: random.Random, text: bytes, _: list[bytes]) -> bytes:
    lines = text.splitlines(keepends=True)
    for _ in range(chance.choice((1, 5, 50))):
        if len(lines) < 2:
            break
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        action = chance.choice(("swap", "drop", "double"))
        if action == "swap":
            lines[one], lines[other] = lines[other], lines[one]
        elif action == "drop":
            del lines[one]
        else:
            lines.insert(other, lines[one])
    return b"".join(lines)


def _signs(chance: random.Random, text: bytes, _: list[bytes]) -> bytes:
    for _ in range(chance.choice((1, 2, 10))):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(_SIGNS).encode() + text[at:]
    return text


def _swapped_words(chance: random.Random, text: bytes, _: list[bytes]) -> bytes:
    words = text.split(b" ")
    for _ in range(chance.choice((1, 4))):
        one, other = chance.randrange(len(words)), chance.randrange(len(words))
        words[one], words[other] = words[other], words[one]
    return b" ".join(words)


_KINDS: dict[str, Callable[[random.Random, bytes, list[bytes]], bytes]] = {
    "truncated": _truncated,
    "spliced": _spliced,
    "random bytes": _random_bytes,
    "random characters": _random_characters,
    "deep nesting": _nested,
    "long lines": _long_lines,
    "unclosed": _unclosed,
    "shuffled lines": _shuffled_lines,
    "signs put in": _signs,
    "words swapped": _swapped_words,
}
