"""Every match of an expression holds one of its required texts, so that a file without them need not be masked."""

import tomllib
from pathlib import Path

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from driftlang.score.required_texts import compile_required, required_texts

GENERATED = Path(__file__).parents[3] / "generated"
LIBRARY = sorted(
    {
        source
        for path in GENERATED.glob("*/scorers/*.toml")
        for pattern in tomllib.loads(path.read_text(encoding="utf-8")).get("patterns", ())
        for source in pattern["match"]
    }
)


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        (r"\bos\.(environ|getenv)\b", {"environ", "getenv"}),
        (r"load_dotenv\s*\(", {"load_dotenv"}),
        (r"(?i)Password = ", {"password", "Password"}),
        (r"colou?r_map", {"r_map"}),
        (r"ab+cd", {"ab", "cd"}),
        (r"[A-Z_]*(PASSWORD|TOKEN)\s*=", {"PASSWORD", "TOKEN"}),
        (r"(?:alpha|be)ta", {"alpha", "be", "ta"}),
    ],
)
def test_texts_are_found_and_the_best_are_kept(source, texts):
    found = required_texts(source)
    assert found
    assert found <= texts


@pytest.mark.parametrize(
    "source",
    [
        r"a|",
        r"x*",
        r"\d+",
        r".",
        r"(abc)?",
        r"(abc){0,2}",
        r"[abc]{3}",
        r"(secret|\w+)",
        r"a b",
        r"\Qab\E",
        r"\x41\x42",
        r"\pLab+?+",
    ],
)
def test_nothing_is_required_where_nothing_is_known(source):
    assert required_texts(source) == frozenset()


def test_the_library_has_patterns_that_require_something():
    assert len(LIBRARY) > 20
    assert sum(bool(required_texts(source)) for source in LIBRARY) > len(LIBRARY) / 2


LETTERS = st.sampled_from(["ab", "cd", "K", "e", "_", "-", "=", "\u00e9", " "])
CLASSES = st.sampled_from([r"\.", r"\(", r"\s", r"\w", ".", "[a-d]", "[^x]", r"\d"])
PLACES = st.sampled_from([r"\b", "^", "$"])
REPETITIONS = st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "+?", "{1,3}"])
EXPRESSIONS = st.recursive(
    st.one_of(
        *(LETTERS, CLASSES, PLACES),
        st.tuples(LETTERS, REPETITIONS).map("".join),
        st.tuples(CLASSES, REPETITIONS).map("".join),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        inner.map(lambda part: f"(?i:{part})"),
        st.tuples(inner, REPETITIONS).map(lambda two: f"(?:{two[0]}){two[1]}"),
    ),
    max_leaves=8,
)
TEXTS = st.text(st.sampled_from(list("abcdABCDekK_-=.(  \n1éx\u212a")), max_size=24)


@given(source=EXPRESSIONS, text=TEXTS)
def test_a_text_without_what_is_required_holds_no_match(source, text):
    options = re2.Options()
    options.log_errors = False
    if re2.compile(source, options).search(text):
        assert compile_required([source])(text)


@given(sources=st.lists(EXPRESSIONS, min_size=1, max_size=3), text=TEXTS)
def test_blanks_in_a_masked_text_hide_nothing_that_is_required(sources, text):
    """Where every other character is blanked and a match is left, the whole text is still taken for possible."""
    masked = "".join(" " if place % 5 == 0 and letter != "\n" else letter for place, letter in enumerate(text))
    options = re2.Options()
    options.log_errors = False
    if any(re2.compile(source, options).search(masked) for source in sources):
        assert compile_required(sources)(text)


def test_no_expressions_or_one_without_texts_make_every_text_possible():
    assert compile_required([])("")
    assert compile_required(["secret", r"\d+"])("")
    assert not compile_required(["secret", "token_"])("nothing here")
