"""Controls: the form and length of the message, no sentence twice, and no control when none fits."""

from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from driftlang.cells.chance import Chance
from driftlang.cells.control import Control, NeutralSentence, TooCoarse, compose, is_question

LENGTHS = st.lists(st.integers(1, 60), min_size=0, max_size=8, unique=True)


def bank(plain, asking):
    return tuple(
        [NeutralSentence("a" * length, is_question=False) for length in plain]
        + [NeutralSentence("b" * (length - 1) + "?", is_question=True) for length in asking]
    )


def possible_lengths(sentences, *, question):
    """Every length that can be composed, by trying all subsets."""
    body = [sentence for sentence in sentences if not sentence.is_question]
    ends = [[sentence] for sentence in sentences if sentence.is_question] if question else [[]]
    subsets = [list(s) for size in range(len(body) + 1) for s in combinations(body, size)]
    made = [[*subset, *end] for subset in subsets for end in ends]
    return {sum(len(s.text) + 1 for s in parts) - 1 for parts in made if parts}


@given(LENGTHS, LENGTHS, st.integers(10, 120), st.booleans(), st.integers(0, 50))
def test_a_control_is_found_exactly_when_there_is_one(plain, asking, length, question, seed):
    sentences = bank(plain, asking)
    message = "x" * (length - 1) + ("?" if question else ".")
    found = compose(sentences, message, Chance(seed, "c"), ())
    possible = possible_lengths(sentences, question=question)
    if any(abs(size - length) * 10 <= length for size in possible):
        assert isinstance(found, Control)
        assert abs(len(found.text) - length) * 10 <= length
        assert is_question(found.text) == question
        assert found.text == " ".join(sentences[place].text for place in found.sentences)
        assert len(set(found.sentences)) == len(found.sentences)
        assert [sentences[place].is_question for place in found.sentences[:-1]] == [False] * (len(found.sentences) - 1)
    else:
        nearest = min((abs(size - length) for size in possible), default=None)
        assert isinstance(found, TooCoarse)
        assert found.length == length
        assert (abs(found.nearest - length) if found.nearest else None) == nearest


@given(st.integers(0, 50))
def test_controls_vary_while_there_are_others(seed):
    sentences = bank([10, 11, 12, 13, 14], [])
    used: set[frozenset[int]] = set()
    for position in range(8):
        found = compose(sentences, "x" * 24, Chance(seed, position), used)
        assert isinstance(found, Control)
        assert frozenset(found.sentences) not in used
        used.add(frozenset(found.sentences))


def test_sentences_take_turns():
    """Ten of equal length and controls of two: no sentence comes again before most have come."""
    sentences = bank([], []) + tuple(NeutralSentence(letter * 20, is_question=False) for letter in "abcdefghij")
    used: list[frozenset[int]] = []
    for position in range(5):
        found = compose(sentences, "x" * 41, Chance(3, position), used)
        assert isinstance(found, Control)
        used.append(frozenset(found.sentences))
    assert len(frozenset().union(*used)) >= 9


def test_a_control_comes_again_when_there_is_no_other():
    sentences = bank([20], [])
    found = compose(sentences, "x" * 20, Chance(1, "c"), {frozenset({0})})
    assert found == Control("a" * 20, (0,))


def test_every_control_that_fits_is_about_equally_likely():
    sentences = bank([10, 11, 12, 13], [])
    fitting = {frozenset(pair) for pair in combinations(range(4), 2) if 23 <= sum(10 + p for p in pair) + 1 <= 25}
    drawn = [compose(sentences, "x" * 24, Chance(seed, "c"), ()) for seed in range(400)]
    exact = {frozenset(pair) for pair in fitting if sum(10 + place for place in pair) + 1 == 24}
    counts = {pair: sum(frozenset(control.sentences) == pair for control in drawn) for pair in exact}
    assert sum(counts.values()) == 400
    assert all(150 < count < 250 for count in counts.values())


@given(LENGTHS, st.integers(10, 120), st.integers(0, 50))
def test_the_same_chance_composes_the_same(plain, length, seed):
    assume(plain)
    made = [compose(bank(plain, []), "x" * length, Chance(seed, "c"), ()) for _ in range(2)]
    assert made[0] == made[1]
