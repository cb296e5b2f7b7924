"""Every hit and miss goes through the bank, on every surface."""

import pytest
from proving import found, proved

from driftlang.model.evidence import PATHLESS_SURFACES, SURFACES

#: What each surface shows of an example that says `marker`.
_GLOB = ' of "src/**/*.py"'


def _pattern(surface: str, *entries: str, regex: str = "marker") -> str:
    globs = "" if surface in PATHLESS_SURFACES else _GLOB
    lines = "".join(f"  {entry}\n" for entry in (f"on {surface}{globs}", f"match /{regex}/", *entries))
    return f"drift 1\npattern marks {{\n{lines}}}\n"


_LINES = {
    "added comments": ("x = 1  # marker", "marker = 1"),
    "added code": ("marker = 1", "x = 1  # marker"),
    "added code outside strings": ("marker = 1", "x = 'marker'"),
    "created path": ("src/marker.py", "src/other.py"),
    "changed path": ("src/marker.py", "src/other.py"),
    "removed path": ("src/marker.py", "src/other.py"),
    "command": ("sudo marker now", "echo 'marker'"),
    "succeeded command": ("marker now", "echo 'marker'"),
    "failed command": ("marker now", "echo 'marker'"),
}


@pytest.mark.parametrize("surface", SURFACES)
def test_a_line_is_looked_at_as_its_surface_shows_it(surface, tmp_path):
    hit, miss = _LINES.get(surface, ("marker", "other"))
    assert found(tmp_path, _pattern(surface, f'hit "{hit}"', f'miss "{miss}"')) == []


@pytest.mark.parametrize("surface", SURFACES)
def test_a_hit_that_misses_and_a_miss_that_hits_are_told_apart(surface, tmp_path):
    hit, miss = _LINES.get(surface, ("marker", "other"))
    ids = [each for each, _ in found(tmp_path, _pattern(surface, f'hit "{miss}"', f'miss "{hit}"'))]
    assert [each for each in ids if each != "match-untested"] == ["pattern-missing", "pattern-noisy"]


@pytest.mark.parametrize("surface", [surface for surface in SURFACES if surface not in PATHLESS_SURFACES])
def test_a_file_example_stands_at_its_own_path(surface, tmp_path):
    text = "marker = 1  # marker"
    path = "src/marker.py"
    entries = (f'hit file "{path}" "{text}"', f'miss file "docs/marker.md" "{text}"')
    assert found(tmp_path, _pattern(surface, *entries)) == []


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (('hit file "docs/a.py" "marker"',), "its globs do not cover `docs/a.py`"),
        (('hit "marker by hand"', "unless /by hand/"), "an `unless` takes it out"),
        (('hit "# marker"',), "there is no added code in it"),
        (('hit "other = 1"',), "no `match` is in `other = 1`"),
    ],
)
def test_a_missing_pattern_says_what_stands_in_its_way(entries, reason, tmp_path):
    messages = [message for each, message in found(tmp_path, _pattern("added code", *entries)) if "missing" in each]
    assert messages == [f"the pattern `marks` misses what it must hit: {reason}"]


def test_a_noisy_pattern_is_labelled_at_the_match_that_hits(tmp_path):
    text = _pattern("added code", 'miss "other = 1"', "match /other/")
    (noisy,) = (each for each in proved(tmp_path, text)[1] if each.id == "pattern-noisy")
    assert [text[label.span.start : label.span.end] for label in noisy.labels] == ["/other/"]


def test_an_example_shows_one_unit_whatever_the_pattern_counts(tmp_path):
    assert found(tmp_path, _pattern("added code", "at least 3", 'hit "marker = 1"')) == []


def test_an_unless_that_takes_nothing_out_is_untested(tmp_path):
    text = _pattern("added code", 'hit "marker = 1"', "unless /never/")
    assert [each for each, _ in found(tmp_path, text)] == ["match-untested"]


def test_an_unless_that_takes_a_miss_out_is_tested(tmp_path):
    text = _pattern("added code", 'hit "marker = 1"', "unless /never/", 'miss "marker = never"')
    assert found(tmp_path, text) == []


def test_patterns_without_a_hit_or_a_miss_are_named_in_the_coverage(tmp_path):
    (coverage,) = proved(tmp_path, _pattern("reply"))[0].coverage
    assert (coverage.without_hit, coverage.without_miss, coverage.untested) == (("marks",), ("marks",), ("marks:1",))


def test_a_choice_runs_what_has_the_name_and_tells_no_coverage(tmp_path):
    text = _pattern("reply", 'hit "other"') + _pattern("reply", 'hit "other"').replace("marks", "tells").removeprefix(
        "drift 1\n"
    )
    proof, _ = proved(tmp_path, text, "ell")
    assert ([each.name for each in proof.patterns], proof.failed, proof.coverage) == (["tells"], 1, ())
