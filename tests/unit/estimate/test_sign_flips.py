"""The sign-flip test is exact: it equals the listing of all sign changes, and keeps its size."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.estimate.sign_flips import sign_flip_p_value


@given(counts=st.lists(st.integers(-24, 24), min_size=1, max_size=9), steps=st.sampled_from([1, 5, 12]))
def test_it_equals_the_listing_of_all_sign_changes(counts, steps):
    observed, sizes = abs(sum(counts)), [abs(count) for count in counts]
    changed = [
        abs(sum(sign * size for sign, size in zip(signs, sizes, strict=True)))
        for signs in product((1, -1), repeat=len(sizes))
    ]
    expected = Fraction(sum(one >= observed for one in changed), len(changed))
    assert sign_flip_p_value([count / steps for count in counts]) == pytest.approx(float(expected))


def test_it_agrees_with_scipys_permutation_test():
    from scipy.stats import permutation_test

    differences = np.random.default_rng(2).integers(-12, 20, 11) / 12
    peer = permutation_test((differences,), np.sum, permutation_type="samples", n_resamples=np.inf, vectorized=True)
    assert sign_flip_p_value(differences.tolist()) == pytest.approx(peer.pvalue)


def test_many_runs_with_odd_numbers_of_steps_are_rounded_and_stay_close():
    differences = np.random.default_rng(4).normal(0.02, 0.3, 200)
    z = abs(differences.sum()) / np.sqrt((differences**2).sum())
    from scipy.special import ndtr

    assert sign_flip_p_value(differences.tolist()) == pytest.approx(2 * ndtr(-z), abs=0.01)


def test_no_difference_is_no_evidence():
    assert sign_flip_p_value([0.0, 0.0]) == 1.0
