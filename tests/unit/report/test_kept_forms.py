"""A scored trial is read back as it was written, whatever is equal or missing in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.estimate.forms import CellKey, ScoredTrial
from driftlang.estimate.rows import StepRow
from driftlang.report.forms import ScoredBranch
from driftlang.report.kept_forms import KeptTrial, dump_trial, load_trial
from driftlang.score.forms import Hit, Origin, Outcome, StepOutcome

CELL = CellKey("demo", "sim/drifter", "ledger", "inline", "convenience", "security", "opposing")
texts = st.sampled_from(["", "a", "KEY = 'ü'\n"])
numbers = st.integers(0, 3)
origins = st.builds(Origin, texts, numbers, texts, texts, numbers, texts, texts)
hits = st.builds(Hit, texts, texts, numbers, texts, origins)
outcomes = st.builds(
    StepOutcome,
    numbers,
    texts,
    st.sampled_from(Outcome),
    st.lists(hits, max_size=3).map(tuple),
    numbers,
    numbers,
    texts,
    st.dictionaries(texts, st.booleans(), max_size=2),
)


def rows_of(steps, arm="", fork=0, fields=()):
    return [
        StepRow(
            *("t", CELL, 7, step.position, step.step, step.outcome, arm, fork, "yes"),
            *(step.recovered_at, step.early_from, *fields),
        )
        for step in steps
    ]


@given(
    st.lists(outcomes, max_size=4).map(tuple),
    st.lists(outcomes, min_size=1, max_size=3).map(tuple),
    st.tuples(*(numbers for _ in range(6)), texts, numbers, numbers),
    numbers,
)
def test_a_trial_comes_back_with_its_branches_and_rows(own, forked, fields, scheduled):
    rows = (*rows_of(own, fields=fields), *rows_of(forked, "placebo", 2, fields=fields))
    scored = ScoredTrial("t", CELL, 7, own, scheduled, 1)
    kept = KeptTrial(scored, rows, (ScoredBranch("t", "placebo", 2, forked),))
    assert load_trial(dump_trial(kept), "t", CELL, 7) == kept


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no",
        b"[]",
        b"{}",
        b"[1, 2, []]",
        b'[0, 0, [["", 0, 1, 0]]]',
        (
            b'[0, 0, [["", 0, 2, 0, [1], "a", "kept", 0, 0, 0, "", {}, ["",0,0,0,0,0,0,"",0,0], '
            b"[[],[],[],[]], [[],[],[],[],[],[],[]]]]]"
        ),
    ],
)
def test_what_has_another_shape_is_told(content):
    with pytest.raises(ValueError, match=r"."):
        load_trial(content, "t", CELL, 7)
