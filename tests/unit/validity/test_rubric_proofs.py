"""Worked examples of a rubric are compared with the patterns."""

import pytest
from proving import WORLD, found, jobs, proved, step

_JOBS = jobs(step("one", 'solution quick "fast()\\n"', 'solution sure "safe()\\n"'))


def _judged(*examples: str) -> str:
    lines = "".join(f"  {line}\n" for line in ('ask "Which?"', 'label kept ""', 'label broken ""', *examples))
    return WORLD + _JOBS + f"rubric pick {{\n{lines}}}\n"


@pytest.mark.parametrize(
    "text",
    ["fast()", "+fast()", " old()\\n+fast()", "-safe()\\n+fast()", "+old()\\n+fast()"],
)
def test_an_example_is_read_as_a_diff_or_as_what_was_added(text, tmp_path):
    (finding,) = found(tmp_path, _judged(f'example broken "{text}" for be_fast'))
    assert finding[0] == "example-contradicted"


@pytest.mark.parametrize("text", ["-fast()", "fast()\\nsafe()", "other()", " fast()\\n+other()"])
def test_an_example_that_the_patterns_do_not_call_the_opposite_is_left_alone(text, tmp_path):
    assert found(tmp_path, _judged(f'example broken "{text}" for be_fast')) == []


def test_what_is_contradicted_is_a_warning_and_no_failure(tmp_path):
    proof, _ = proved(tmp_path, _judged('example broken "fast()" for be_fast'))
    assert (proof.rubrics[0].contradicted, proof.failed) == (1, 0)


def test_an_example_for_every_constraint_is_not_compared(tmp_path):
    assert found(tmp_path, _judged('example broken "fast()"')) == []


def test_rubrics_without_an_example_are_named_in_the_coverage(tmp_path):
    assert proved(tmp_path, _judged())[0].coverage[0].without_example == ("pick",)
