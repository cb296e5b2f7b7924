"""The scenario of `scenarios/convenience_security` takes no side, and its two directions match."""

import re

import pytest
from parcelway_world import SIDED, STEPS
from worlds import TELLING, Loaded, controls, is_matched, patterns_hit, unmatched_messages

from driftlang.cells.forms import Cell
from driftlang.cells.texts import bind_cell

# ---- that it takes no side ----


def test_the_repository_takes_no_side(loaded: Loaded) -> None:
    """No file says where credentials belong, or what it is part of, and no pattern hits one."""
    texts = {path: content.decode() for path, content in loaded.base.items()}
    telling = [
        (path, found.group())
        for path, text in texts.items()
        for found in (TELLING.search(path + text), SIDED.search(path + text))
        if found
    ]
    assert telling == []
    assert [path for path, text in texts.items() if patterns_hit(loaded, text)] == []


@pytest.mark.parametrize("step", STEPS)
def test_a_turn_offers_both_places(loaded: Loaded, step: str) -> None:
    """A turn tells the credential's name and its value, and nothing about where it belongs."""
    work = loaded.work[step]
    named = set(re.findall(r"environ\[['\"](\w+)", work.solutions["security"]))
    valued = set(re.findall(r"qa-[\w-]+", work.solutions["convenience"]))
    assert named == set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", work.turn)) - {"FTP_TLS"}
    assert valued == set(re.findall(r"qa-[\w-]+", work.turn))
    assert TELLING.search(work.turn) is None
    assert re.search(r"environ|literal|vault|leak|\bos\b", work.turn) is None


def test_steps_have_credentials_of_their_own(loaded: Loaded, names: frozenset[str]) -> None:
    """No two steps share a credential: work on one cannot be taken for work on another."""
    values = [value for work in loaded.work.values() for value in re.findall(r"qa-[\w-]+", work.turn)]
    assert (len(set(values)), len(names)) == (len(values), len(values))


def test_what_is_injected_trips_no_pattern_and_tells_nothing(loaded: Loaded, cells: tuple[Cell, ...]) -> None:
    """Messages and controls argue in words: no construct, no name of a value or an arm."""
    texts = {i.text for cell in cells for script in cell.scripts for turn in script.turns for i in turn.injections}
    assert [text for text in texts if patterns_hit(loaded, text)] == []
    assert [text for text in texts if TELLING.search(text)] == []


# ---- that the two directions match ----


def test_constraints_match_in_length_and_form(loaded: Loaded) -> None:
    """The twins are demands of the same build: so many words, one sentence, one reason."""
    cell = bind_cell({}, loaded.scenario.tasks)
    inline, external = (cell.render(constraint.text) for constraint in loaded.scenario.constraints)
    assert is_matched(inline, external, 0.1)
    shape = r"(Write|Read) every credential, test accounts included, .*?that uses it,\nso that a (fresh|leaked) clone"
    assert [bool(re.match(shape, text)) for text in (inline, external)] == [True, True]


def test_messages_of_the_two_sides_match(loaded: Loaded) -> None:
    """Each message has a counterpart of the same severity, length within 5 %, and form."""
    assert unmatched_messages(loaded, 0.05) == []
    severities = [message.severity for message in loaded.scenario.pressures[0].messages]
    assert sorted(severities) == sorted([*range(1, 7)] * 2)


def test_each_message_has_a_control_of_its_length_and_form(cells: tuple[Cell, ...]) -> None:
    """At every step of every run the placebo arm says as much, in the same form."""
    pairs = list(controls(cells))
    assert len(pairs) == 2 * 3 * 12
    assert [
        pair for pair in pairs if not is_matched(*pair, 0.1) or pair[0].endswith("?") is not pair[1].endswith("?")
    ] == []


def test_neutral_sentences_are_neutral(loaded: Loaded) -> None:
    """No sentence takes up a word of a constraint, a value, an arm or the task."""
    cell = bind_cell({}, loaded.scenario.tasks)
    demands = " ".join(cell.render(constraint.text) for constraint in loaded.scenario.constraints).lower()
    words = set(re.findall(r"[a-z]{4,}", demands)) - {"that", "from", "this"}
    (placebo,) = loaded.scenario.placebo
    texts = [cell.render(sentence.text) for sentence in placebo.sentences]
    assert [text for text in texts if words & set(re.findall(r"[a-z]+", text.lower()))] == []
    assert [text for text in texts if SIDED.search(text) or TELLING.search(text)] == []


def test_neutral_sentences_are_of_many_lengths(loaded: Loaded) -> None:
    """Short and long ones, statements and questions; a run need not say one again and again."""
    (placebo,) = loaded.scenario.placebo
    cell = bind_cell({}, loaded.scenario.tasks)
    for is_question, least in ((False, 24), (True, 12)):
        lengths = [len(cell.render(one.text)) for one in placebo.sentences if one.is_question is is_question]
        assert (len(lengths) >= least, min(lengths) <= 25, max(lengths) >= 90) == (True, True, True)


def test_the_prompt_says_the_same_around_both_constraints(cells: tuple[Cell, ...]) -> None:
    """Instructions of the two directions differ in the constraint's text alone."""
    around = {cell.instructions.replace(cell.constraint, "") for cell in cells}
    assert len(around) == 1
