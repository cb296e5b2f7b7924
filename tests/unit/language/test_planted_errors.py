"""How good a full check is at real files with one mistake each: found where it is, and nothing invented beside it."""

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import Sources
from tests.planting import FILES, KINDS, MISTAKES, ROOT, check_pairs, check_planted, originals


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Every planted mistake with what a check says of it."""
    return check_planted(tmp_path_factory.mktemp("planted"))


def test_mistakes_of_every_kind_are_planted_in_ten_files(planted):
    assert len(planted) == MISTAKES
    assert {found.kind for found in planted} == set(KINDS)
    assert len({found.file for found in planted}) == FILES


def test_no_mistake_is_planted_twice(planted):
    assert len({(found.file, found.change) for found in planted}) == MISTAKES


def test_the_files_have_no_mistake_of_their_own():
    for original in originals():
        sink = Sink()
        load_model(ROOT / original.checked, Sources(), sink)
        assert (original.path, sink.found) == (original.path, ())


def test_at_least_98_in_100_are_reported_where_they_are(planted):
    missed = [found for found in planted if not found.is_there]
    assert len(missed) <= MISTAKES * 0.02, missed


def test_at_most_2_in_100_diagnostics_are_false(planted):
    reported = sum(len(found.said) for found in planted)
    wrong = [found for found in planted if found.false]
    assert sum(found.false for found in wrong) <= reported * 0.02, wrong


def test_an_unknown_name_elsewhere_is_still_told_beside_a_mistake(tmp_path):
    """What follows from a mistake is left unsaid, what stands for itself is not."""
    pairs = check_pairs(tmp_path, 150)
    assert len(pairs) >= 50
    assert [pair for pair in pairs if not pair[2]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_is_left_out(planted, kind):
    of_kind = [found for found in planted if found.kind == kind]
    assert sum(found.is_there for found in of_kind) >= 0.9 * len(of_kind)
