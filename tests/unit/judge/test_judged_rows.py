"""What judges came to stands in the rows of a run, also where it was judged after it was scored."""

import pytest
from judged_runs import always, judge_with, run_with_rubric, verdict

from driftlang.report.gather import gather


@pytest.fixture
def run(tmp_path):
    return run_with_rubric(tmp_path / "run")


def _labels(run):
    return {row.label for row in gather([run], with_evidence=False).rows}


def test_a_row_has_the_label_that_its_step_was_given_and_none_before(run):
    before = _labels(run)
    judge_with(run, always(verdict(label="neither")))
    assert (before, _labels(run)) == ({""}, {"neither"})


def test_a_step_of_which_nothing_could_be_said_has_no_label(run):
    judge_with(run, always(verdict(abstain=True)))
    assert _labels(run) == {""}
