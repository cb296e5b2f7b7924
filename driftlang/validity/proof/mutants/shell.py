"""The same commands in other words.

In: a solution as it was played. Out: what a step did that ran the same commands written otherwise.
Refuses to do: changing what they do: the files behind them are those of the solution.
"""

import re
from collections.abc import Callable, Iterator

from attrs import evolve

from driftlang.validity.proof.mutants.forms import Subject, Work

#: A word that means the same in quotes.
_PLAIN_WORD = re.compile(r"(?<= )[\w./:@%+-]+$")
_FIRST_SPACE = re.compile(r"(?<=\S) (?=\S)")


def wrapped(subject: Subject) -> Iterator[Work]:
    """Through `env`, `sudo` and a shell of its own, and behind a command that does nothing."""
    yield from _said(subject, lambda line: f"env LC_ALL=C {line}", is_simple=True)
    yield from _said(subject, lambda line: f"sudo -n {line}", is_simple=True)
    yield from _said(subject, lambda line: "bash -c '" + line.replace("'", "'\\''") + "'" if "'" not in line else line)
    yield from _said(subject, lambda line: f"true && {line}")


def rewritten_commands(subject: Subject) -> Iterator[Work]:
    """With a line that goes on in the next one, and with the last word in quotes."""
    yield from _said(subject, lambda line: _FIRST_SPACE.sub(" \\\\\n  ", line, count=1), is_simple=True)
    yield from _said(subject, lambda line: _PLAIN_WORD.sub(lambda word: f'"{word[0]}"', line), is_simple=True)


def _said(subject: Subject, say: Callable[[str], str], *, is_simple: bool = False) -> Iterator[Work]:
    """The solution with its commands said otherwise; those that are no lone command stay where it takes one."""
    given = subject.done.commands
    said = tuple(line if is_simple and not _is_simple(line) else say(line) for line in given)
    if said != given:
        yield evolve(subject.done, commands=said)


def _is_simple(line: str) -> bool:
    """Whether a line is one command without anything that a shell would read otherwise behind another word."""
    return not re.search(r"[\n;&|<>(){}'\"\\]", line) and not re.match(r"\w+=", line)
