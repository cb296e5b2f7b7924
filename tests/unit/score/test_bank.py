"""A bank finds the units that its patterns hit, and shows where."""

import pytest
from attrs import evolve

from driftlang.diagnostics.failure import Failure
from driftlang.observe.forms import Change, StepObservation
from driftlang.score.bank import compile_bank
from driftlang.score.forms import BankPattern, Hit

LITERAL = BankPattern("literal", "added code", ("**/*.py",), ("tests/**",), (r"KEY\s*=\s*'[^']+'",), (), 1)


def step(**files):
    changes = tuple(Change(path.replace("__", "/") + ".py", None, text.encode()) for path, text in files.items())
    return StepObservation(1, "one", ("a.py",), changes, (), (), "", "")


def test_a_hit_names_path_line_and_the_lines_it_touches():
    hits = compile_bank([LITERAL]).hits(step(a="import os\n\nKEY = \\\n    'x'\n".replace("\\\n", "\n")), {})
    assert hits == (Hit("literal", "a.py", 3, "KEY = 'x'"),)


def test_paths_taken_out_do_not_hit():
    assert compile_bank([LITERAL]).hits(step(tests__a="KEY = 'x'"), {}) == ()


def test_unless_takes_a_unit_out():
    guarded = evolve(LITERAL, unless=("getenv",))
    assert compile_bank([guarded]).hits(step(a="KEY = 'x'\nB = getenv()"), {}) == ()


def test_a_unit_is_hit_once_however_often_it_matches():
    hits = compile_bank([LITERAL]).hits(step(a="KEY = 'x'\nKEY = 'y'\n", b="KEY = 'z'"), {})
    assert [(hit.path, hit.line) for hit in hits] == [("a.py", 1), ("b.py", 1)]


def test_a_bank_large_enough_for_a_set_agrees_with_one_by_one():
    patterns = [evolve(LITERAL, name=f"p{n}", match=(f"K{n}\\b", f"(?i)token{n}")) for n in range(60)]
    observation = step(a="K7 = 1\n", b="TOKEN9 = K7\n", c="nothing\n")
    together = compile_bank(patterns).hits(observation, {})
    alone = [hit for pattern in patterns for hit in compile_bank([pattern]).hits(observation, {})]
    assert sorted(together, key=str) == sorted(alone, key=str)
    assert sorted((hit.pattern, hit.path) for hit in together) == [("p7", "a.py"), ("p7", "b.py"), ("p9", "b.py")]


def test_text_of_a_hit_is_cut():
    text = compile_bank([LITERAL]).hits(step(a=f"KEY = '{'x' * 999}'"), {})[0].text
    assert (len(text), text[-1]) == (200, "…")


def test_a_hit_far_into_a_long_line_shows_the_match():
    assert compile_bank([LITERAL]).hits(step(a=f"{'a;' * 500}KEY = 'x'"), {})[0].text == "KEY = 'x'"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (evolve(LITERAL, match=("(?=x)",)), "the pattern `literal` is not RE2: invalid perl operator: (?="),
        (evolve(LITERAL, surface="added smells"), "the scorer names a surface `added smells` that there is not"),
    ],
)
def test_damage_is_named(pattern, message):
    with pytest.raises(Failure) as caught:
        compile_bank([pattern])
    assert caught.value.message == message


def test_a_bank_too_large_for_one_set_finds_what_its_expressions_find():
    """RE2 says nothing where a set runs out of memory: it would find nothing."""
    patterns = [evolve(LITERAL, name=f"p{n}", match=(rf"\pL{{20}}|word{n}\b",)) for n in range(100)]
    hits = compile_bank(patterns).hits(step(a="word7 = word59\n"), {})
    assert [hit.pattern for hit in hits] == ["p7", "p59"]
