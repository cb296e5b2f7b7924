"""How good recovery is: planted mistakes are found where they are, and few others are invented."""

import random
import re
from pathlib import Path

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.source import Sources
from driftlang.syntax.lower import lower
from driftlang.syntax.parse import parse

EXAMPLE = Path(__file__).parents[2] / "specification" / "credentials" / "credentials.drift"
LINES = EXAMPLE.read_text(encoding="utf-8").split("\n")


def _outside_texts():
    """Numbers of lines that are entries: not blank, no comment, not within a block text."""
    numbers, is_inside = [], False
    for number, line in enumerate(LINES):
        quotes = line.count('"""')
        if not is_inside and line.strip() and not line.startswith("#"):
            numbers.append(number)
        if quotes % 2:
            is_inside = not is_inside
    return numbers


ENTRIES = _outside_texts()


def _drop(pattern):
    return lambda line: re.sub(pattern, "", line, count=1)


#: What is done to a line: its name, which lines it can be done to, and the line after.
KINDS = {
    "missing closing quote": (r'^[^"]*"[^"]*"$', _drop(r'"$')),
    "missing opening brace": (
        r"^(conflict|pattern|schedule|scenario|study|prompt|session|tasks|  step) .*\{$",
        _drop(r" \{$"),
    ),
    "missing bracket": (r"\]$", _drop(r"\]$")),
    "missing slash": (r"match /.*/$", _drop(r"/$")),
    "stray sign": (r'^  \w+ (?!.*"""$)', lambda line: line + " @"),
    "surplus bracket": (r'^  \w+ (?!.*"""$)', lambda line: line + " ]"),
    "no leading word": (r"^  \w+ +\S", lambda line: "  = " + line.strip()),
    "bad number": (r"severity \d", lambda line: re.sub(r"severity (\d)", r"severity \1x", line)),
    "brace in a line": (r"^  \w+ \w+$", lambda line: line + " } {"),
}


def _found(text):
    sources, sink = Sources(), Sink()
    file = sources.add("a.drift", text)
    lower(parse(text, file, sink), file, sink)
    return [sources[file].position(diagnostic.span.start)[0] - 1 for diagnostic in sink.found]


def _planted(kind):
    """Each text with one mistake of a kind, and its line."""
    where, change = KINDS[kind]
    for number in ENTRIES:
        if re.search(where, LINES[number]):
            yield "\n".join([*LINES[:number], change(LINES[number]), *LINES[number + 1 :]]), number


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_mistake_is_found_on_its_line_and_nothing_else_is(kind):
    results = [(number, _found(text)) for text, number in _planted(kind)]
    assert results
    missed = [number + 1 for number, found in results if not any(line in (number, number + 1) for line in found)]
    invented = [
        (number + 1, [line + 1 for line in found])
        for number, found in results
        if any(line not in (number, number + 1) for line in found)
    ]
    assert (missed, invented) == ([], [])


def _without_brace():
    """Each text without one closing brace, and the line that opened its block."""
    openers = []
    for number in ENTRIES:
        line = LINES[number]
        if line.rstrip().endswith("{"):
            openers.append(number)
        elif line.strip() == "}":
            yield "\n".join([*LINES[:number], *LINES[number + 1 :]]), openers.pop()


def test_a_missing_closing_brace_is_reported_at_the_line_that_opened_the_block():
    assert [(number, found) for text, number in _without_brace() if (found := _found(text)) != [number]] == []


def test_an_unclosed_block_text_is_reported_where_it_begins():
    results = []
    is_inside, opened = False, 0
    for number, line in enumerate(LINES):
        if '"""' not in line:
            continue
        if is_inside:
            text = "\n".join([*LINES[:number], *LINES[number + 1 :]])
            results.append((opened, _found(text)))
        else:
            opened = number
        is_inside = not is_inside
    assert len(results) >= 4
    assert [result for result in results if result[1] != [result[0]]] == []


def test_several_mistakes_in_one_file_are_mostly_found_in_one_pass():
    """300 mistakes, five a file: at least 97 % found on their line or the next, at most 3 % invented."""
    chance = random.Random(20250303)
    options = [(number, kind) for kind in KINDS for number in ENTRIES if re.search(KINDS[kind][0], LINES[number])]
    planted = found_there = invented = 0
    for _ in range(60):
        lines = list(LINES)
        chosen = {}
        while len(chosen) < 5:
            number, kind = chance.choice(options)
            if all(abs(number - other) > 2 for other in chosen):
                chosen[number] = kind
        for number, kind in chosen.items():
            lines[number] = KINDS[kind][1](lines[number])
        found = _found("\n".join(lines))
        planted += len(chosen)
        found_there += sum(any(line in (number, number + 1) for line in found) for number in chosen)
        invented += sum(all(line not in (number, number + 1) for number in chosen) for line in found)
    assert planted == 300
    assert (found_there >= 291, invented <= 9) == (True, True), (found_there, invented)
