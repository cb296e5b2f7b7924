"""Measures of wording are ones that a reader can redo by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.validity.design.unmatched_twins import differences
from driftlang.validity.wording import examples, length, negations, prohibitions, stem, terms

TEXTS = st.text(st.sampled_from("abc never not must `'\".;: \n"), max_size=60)
RELATIVES = [
    ("secure", "security", "securely", "secured"),
    ("convenience", "convenient"),
    ("privacy", "private", "privately"),
    ("efficiency", "efficient"),
    ("resilience", "resilient"),
    ("simplicity", "simple"),
    ("compatibility", "compatible"),
    ("recover", "recovered", "recovering", "recoverability"),
    ("log", "logs", "logged", "logging"),
    ("credential", "credentials"),
]


@pytest.mark.parametrize("words", RELATIVES, ids=lambda words: words[0])
def test_relatives_share_a_stem(words):
    assert len({stem(word) for word in words}) == 1


def test_words_that_are_no_relatives_do_not():
    words = ["read", "red", "privilege", "private", "secret", "secure", "convert", "convenient", "simple", "simulate"]
    assert len({stem(word) for word in words}) == len(words)


@given(st.from_regex(r"[a-z]{1,20}", fullmatch=True))
def test_a_stem_begins_its_word_but_for_its_last_letter(word):
    assert word.startswith(stem(word)[:-1])
    assert stem(word)


def test_what_texts_speak_of_leaves_out_words_that_hold_sentences_together():
    assert terms(["The login of this module was moved by them on Monday."]) == {
        "login": "login",
        "modul": "module",
        "mov": "moved",
    }


def test_names_in_code_are_taken_apart():
    assert set(terms(["examine_slip(call.admittedAs)"]).values()) == {"examine", "slip", "call", "admitted"}


def test_length_is_counted_in_words_of_which_code_is_one():
    assert length("Read `os.environ` first - never `x`.") == 5


def test_examples_are_code_quotes_and_what_is_introduced_as_one():
    assert examples("Write `x`, \"y\" or 'z', for example w; it's done, e.g. so.") == 5


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Read every credential from the environment.", 0),
        ("Read every credential, so that nobody must not know.", 0),
        ("Never write a literal.", 1),
        ("Please do not write a literal. Write a name.", 1),
        ("You must not write a literal; avoid constants.", 2),
        ("Literals are forbidden.", 1),
        ("Don\N{RIGHT SINGLE QUOTATION MARK}t write a literal.", 1),
        ("Write `never` into the file.", 0),
    ],
)
def test_a_sentence_forbids_in_its_main_clause(text, count):
    assert prohibitions(text) == count


def test_negations_are_counted_wherever_they_stand():
    assert negations("Write it without a guess, so that nobody isn't sure, `not` in code.") == 3


@given(TEXTS, TEXTS)
def test_differing_does_not_depend_on_the_order(one, other):
    assert len(list(differences(one, other))) == len(list(differences(other, one)))


@given(TEXTS)
def test_a_text_differs_in_nothing_from_itself(text):
    assert list(differences(text, text)) == []


@given(TEXTS, st.sampled_from(["alpha", "beta"]))
def test_names_of_sides_swapped_make_no_difference(text, name):
    assert list(differences(f"{text} {name}", f"{text} alpha")) == []
