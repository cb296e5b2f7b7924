"""A message is found however the agent reads it, and no other one is."""

import json
import textwrap
import time
import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from recorded_calls import shown
from written_sources import SOURCES, Source

from driftlang.exposure.finding import Finder
from driftlang.inject.forms import Inserted
from driftlang.inject.insert import insert
from driftlang.model.schedules import AFTER, BEFORE, DOCSTRING, DOCUMENT, TOP

GENERATED = Path(__file__).parents[3] / "generated"
NOTE = "Ines asks: should this literal still be here? It was flagged last quarter, and the quarter before that one too."


@cache
def _messages() -> tuple[str, ...]:
    """Everything that the library's own studies inject, controls as well."""
    found: dict[str, None] = {}
    for path in sorted(GENERATED.glob("demo*/plan.toml")):
        for script in tomllib.loads(path.read_text("utf-8"))["scripts"]:
            for turn in script["turns"]:
                found.update(dict.fromkeys(one["text"] for one in turn.get("injections", ())))
    assert len(found) > 100
    return tuple(found)


messages = st.deferred(lambda: st.sampled_from(_messages()))
sources = st.sampled_from(SOURCES)
places = st.sampled_from((TOP, BEFORE, AFTER, DOCSTRING, DOCUMENT))


def _put(source: Source, text: str, place: str) -> str:
    """The source with a text put into it; an example where it has no such place is none."""
    anchor = {BEFORE: source.symbol, DOCSTRING: source.symbol, AFTER: source.pattern}.get(place, "")
    placed = insert(source.text, source.path, text, place, anchor=anchor)
    assume(isinstance(placed, Inserted))
    assert isinstance(placed, Inserted)
    return placed.source.decode()


def _read(text: str) -> str:
    return shown("/w/a", text)


def _old_read(text: str) -> str:
    return "<file>\n" + "\n".join(f"{number:05}| {line}" for number, line in enumerate(text.split("\n"), 1))


def _cat(text: str) -> str:
    return "\n".join(f"{number:6}\t{line}" for number, line in enumerate(text.split("\n"), 1))


def _searched(text: str) -> str:
    return "\n".join(f"src/deep/a-b.py:{number}:{line}" for number, line in enumerate(text.split("\n"), 1))


def _around(text: str) -> str:
    return "\n".join(f"src/a.py-{number}-{line}" for number, line in enumerate(text.split("\n"), 1))


def _grepped(text: str) -> str:
    return "/w/a.py:\n" + "\n".join(f"  Line {number}: {line}" for number, line in enumerate(text.split("\n"), 1))


def _diffed(text: str) -> str:
    return "@@ -0,0 +1,9 @@\n" + "\n".join(f"+{line}" for line in text.split("\n"))


def _blamed(text: str) -> str:
    who = "1a2b3c4d (Dana Reyes 2025-03-03 12:00:00 +0000"
    return "\n".join(f"{who} {number:2}) {line}" for number, line in enumerate(text.split("\n"), 1))


def _logged(text: str) -> str:
    return "commit 1a2b3c4d\nAuthor: D <d@x>\n\n" + textwrap.indent(text, "    ")


def _dumped(text: str) -> str:
    return f"[{json.dumps(text, ensure_ascii=False)}]"


LOOKS = (_read, _old_read, _cat, _searched, _around, _grepped, _diffed, _blamed, _logged, _dumped)


def _count(text: str, where: str, *others: str) -> int:
    return len(Finder().find((text, *others), where).get(text, ()))


@settings(max_examples=300)
@given(messages, sources, places, st.sampled_from(LOOKS))
def test_any_message_of_the_library_is_found_in_any_language_however_it_is_shown(
    text: str, source: Source, place: str, look
):
    assert _count(text, look(_put(source, text, place))) == 1


def test_a_message_that_begins_with_a_number_of_its_own_is_found_in_a_search():
    assert (
        _count("INC-2213: the login was missing on a host", _around("INC-2213: the login was missing\non a host")) == 1
    )


@settings(deadline=None)
@given(messages, messages, sources, places)
def test_another_message_is_not_found(text: str, other: str, source: Source, place: str):
    words = " ".join(text.lower().split())
    assume(" ".join(other.lower().split()) not in words)
    assert _count(other, _read(_put(source, text, place)), text) == 0


@given(messages, st.integers(30, 120), st.sampled_from(("# ", "// ", " * ", "-- ", "")))
def test_a_message_that_was_filled_anew_is_found(text: str, width: int, mark: str):
    filled = "\n".join(f"    {mark}{line}" for line in textwrap.wrap(text, width))
    assert _count(text, _read(f"def f():\n{filled}\n    pass\n")) == 1


odd_words = st.text("ab1é2_'.,:#-", min_size=1, max_size=9)


@given(st.sampled_from(LOOKS), st.lists(odd_words, min_size=8, max_size=30).map(" ".join))
@example(_read, "12: again the rule of line 3: which says 4- so - and 17 more")
def test_words_that_look_like_a_listing_are_found(look, text: str):
    filled = "\n".join(f"# {line}" for line in textwrap.wrap(text, 40, break_on_hyphens=False))
    assume(sum(any(letter.isalnum() for letter in word) for word in text.split()) >= 5)
    assert _count(text, look(f"x = 1\n{filled}\ny = 2")) >= 1


def test_where_it_stands_is_told_to_the_letter():
    where = f"x = 1\n# {NOTE}\ny = 2"
    ((start, end),) = Finder().find((NOTE,), where)[NOTE]
    assert where[start:end] == NOTE.rstrip(".")


@given(st.integers(0, len(NOTE.split()) - 1))
def test_a_message_with_a_word_changed_is_not_found(index: int):
    words = NOTE.split()
    words[index] = "otherwise"
    assert _count(NOTE, _read(f"# {' '.join(words)}\n")) == 0


def test_a_part_of_a_longer_message_is_none_of_its_own():
    longer = f"{NOTE} Please look."
    assert _count(NOTE, f"# {longer}\n", longer) == 0
    assert _count(NOTE, f"# {longer}\n\n# {NOTE}\n", longer) == 1
    assert _count(longer, f"# {longer}\n\n# {NOTE}\n", NOTE) == 1


def test_two_messages_of_equal_words_are_both_found():
    assert Finder().find(("Is it so, or is it not?", "Is it so? Or is it not."), "Is it so, or is it not?").keys() == {
        "Is it so, or is it not?",
        "Is it so? Or is it not.",
    }


@pytest.mark.parametrize(
    ("where", "count"),
    [("# Fix this.\n", 1), ("3: # Fix this.\n", 1), ("# We fix this later.\n", 0), ("fix this\n", 1)],
)
def test_a_short_message_must_have_its_line_for_itself(where: str, count: int):
    assert _count("Fix this.", where) == count


def test_every_copy_is_found():
    assert _count(NOTE, _read(f"# {NOTE}\nx = 1\n\n# {NOTE}\n")) == 2


def test_a_message_is_not_pieced_together_over_other_words():
    half = len(NOTE.split()) // 2
    first, second = " ".join(NOTE.split()[:half]), " ".join(NOTE.split()[half:])
    assert _count(NOTE, f"# {first}\nx = load()\n# {second}\n") == 0


def test_a_text_without_words_is_nowhere():
    assert _count("?!", "?! ?!") == 0


def test_new_texts_are_sought_in_what_was_looked_through_before():
    finder = Finder()
    assert finder.find((NOTE,), "Another thing is said here now.") == {}
    assert list(finder.find((NOTE, "Another thing is said here now."), "Another thing is said here now.")) == [
        "Another thing is said here now."
    ]


@pytest.mark.parametrize("piece", [" ", "a-", "0", "1a2b3c4 (", "\t1", "\\n", "line "])
def test_a_hostile_text_is_looked_through_in_time(piece: str):
    began = time.process_time()
    assert _count(NOTE, f"{piece * 300_000}\n# {NOTE}\n{piece * 300_000}") == 1
    assert time.process_time() - began < 5
