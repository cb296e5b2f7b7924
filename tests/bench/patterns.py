"""Matching a bank against Python's `re`, and masking against the parse that it needs, in one run.

`python -m tests.bench.patterns [FILES]`: 60 patterns over 3,000 files of 3 kB unless said otherwise. The peer looks for
each expression by itself, as `re` does it; the bank tells in one pass which of them occur and looks for those alone.
Then one file after the other is masked and matched as a scorer does it, against tree-sitter's parse of the same texts.
CPU time; the median of the ratios of rounds that follow each other.
"""

import argparse
import random
import re
import statistics
from collections.abc import Callable, Sequence
from time import process_time

from driftlang.inject.languages import parse
from driftlang.observe.forms import Change, StepObservation
from driftlang.score import mask as masking
from driftlang.score import units
from driftlang.score.bank import Bank, compile_bank
from driftlang.score.forms import BankPattern

#: Rounds of the bank, which is quick; of them, those in which `re` takes its turn too, on a part of the files.
ROUNDS, SHARE = 5, 10
SIZE = 3000
#: What the patterns of scenarios look for, in the forms that authors write.
_WORDS = (
    *("PASSWORD", "TOKEN", "SECRET", "CREDENTIAL", "PRIVATE_KEY", "SESSION", "COOKIE", "LICENSE", "WEBHOOK", "CERT"),
    *("requests", "urllib", "pickle", "subprocess", "hashlib", "random", "tempfile", "yaml", "sqlite3", "socket"),
)
_FORMS = (
    r"\b[A-Z_]*{}[A-Z_]*\s*=\s*[\"'][^\"']+[\"']",
    r"\b{}\.(get|load|loads|open|run|connect)\s*\(",
    r"(?i)\b(import|from)\s+{}\b",
)


def bank_patterns() -> tuple[BankPattern, ...]:
    """Sixty patterns on the code that a step added."""
    sources = [form.replace("{}", word) for form in _FORMS for word in _WORDS]
    return tuple(
        BankPattern(f"p{number}", "added code", ("**/*.py",), (), (source,), (), 1)
        for number, source in enumerate(sources)
    )


def files(count: int) -> list[str]:
    """Made-up modules; one in fifty has a line that some pattern hits."""
    chance = random.Random(7)
    names = ["".join(chance.choices("abcdefghijklmnopqrst", k=chance.randint(3, 9))) for _ in range(400)]
    made = []
    for number in range(count):
        lines = ['"""A module of the ledger."""', "import os", ""]
        if number % 50 == 0:
            lines.append('SERVICE_TOKEN = "qa-7731"')
        while sum(map(len, lines)) + len(lines) < SIZE:
            one, other, third = chance.sample(names, 3)
            lines += [f"def {one}_{len(lines)}({other}, {third}=1):", f'    """Gives the {other} of {third}."""']
            lines += [f"    {one} = {other}.{third}({len(lines)})  # {other} first", f"    return {one} + {third}", ""]
        made.append("\n".join(lines) + "\n")
    return made


def observe(path: str, text: str) -> StepObservation:
    """A step that wrote a file."""
    return StepObservation(1, "one", (path,), (Change(path, None, text.encode()),), (), (), "", "")


def by_bank(bank: Bank, texts: Sequence[str]) -> int:
    """How many expressions occur in the texts, by the bank's own sets."""
    return sum(len(surface.candidates(text)) for surface in bank._surfaces for text in texts)


def by_re(expressions: Sequence[re.Pattern[str]], texts: Sequence[str]) -> int:
    """The same by `re`, one expression after the other."""
    return sum(expression.search(text) is not None for text in texts for expression in expressions)


def score(bank: Bank, steps: Sequence[StepObservation]) -> int:
    """Mask and match, with nothing remembered from before."""
    masking._ranges.cache_clear()
    units.difference.cache_clear()
    return sum(len(bank.hits(step, {})) for step in steps)


def parses(texts: Sequence[bytes]) -> int:
    """The floor of masking: a syntax tree of each."""
    return sum(parse(text, "python") is not None for text in texts)


def seconds(work: Callable[[], int]) -> tuple[float, int]:
    """CPU seconds of one go, and what it found."""
    began = process_time()
    found = work()
    return process_time() - began, found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="?", type=int, default=3000)
    texts = files(parser.parse_args().files)
    patterns = bank_patterns()
    bank = compile_bank(patterns)
    expressions = [re.compile(source) for pattern in patterns for source in pattern.match]
    some = texts[:: max(1, len(texts) // (len(texts) // SHARE or 1))]
    assert by_bank(bank, some) == by_re(expressions, some)
    steps = [observe(f"ledger/m{number}.py", text) for number, text in enumerate(texts)]
    encoded = [text.encode() for text in texts]
    ratios, shares = [], []
    for _ in range(ROUNDS):
        took, _ = seconds(lambda: by_bank(bank, texts))
        slow, _ = seconds(lambda: by_re(expressions, some))
        ratios.append(slow * len(texts) / len(some) / took)
        scored, hits = seconds(lambda: score(bank, steps))
        floor, trees = seconds(lambda: parses(encoded))
        assert (trees, hits) == (len(texts), len([text for text in texts if "SERVICE_TOKEN" in text]))
        shares.append(scored / floor)
    print(f"{len(expressions)} patterns, {len(texts)} files of {SIZE} bytes")
    print(f"which of them occur, against `re` one by one: {statistics.median(ratios):.0f}x faster (target 200)")
    print(f"mask and match, against the parse: {statistics.median(shares):.2f}x (target at most 1.1)")


if __name__ == "__main__":
    main()
