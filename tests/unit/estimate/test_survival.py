"""Time to the first break: curves agree with lifelines, errors are cut off, and nothing seen rules little out."""

import numpy as np
import pytest
from attrs import evolve
from lettered import MIRRORED, OPPOSING, PLACEBO, columns, rows
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from driftlang.estimate.recovery import recoveries
from driftlang.estimate.survival import kaplan_meier, survivals
from driftlang.estimate.survival_contrasts import survival_contrasts


def some(seed, runs=40, horizon=12):
    random = np.random.default_rng(seed)
    time = np.minimum(random.geometric(0.12, runs), horizon)
    broke = (random.random(runs) < 0.7) & (time < horizon)
    return time, broke


@pytest.mark.parametrize("seed", range(4))
def test_curves_and_limits_are_those_of_lifelines(seed):
    time, broke = some(seed)
    peer = KaplanMeierFitter(alpha=0.05).fit(time, broke)
    for point in kaplan_meier(time, broke, 12, 0.95):
        assert point.share == pytest.approx(float(peer.predict(point.position)))
        if 0 < point.share < 1:
            low, high = peer.confidence_interval_.loc[: point.position].iloc[-1]
            assert (point.low, point.high) == pytest.approx((low, high), abs=1e-6)


def test_steps_before_the_first_break_are_lifelines_restricted_mean():
    texts = ["KKBKKK", "KKKKKK", "BKKKKK", "KKKKBK", "KBBKKK"]
    found = survivals(columns(rows(OPPOSING, *texts)), 0.95)[0]
    time = [text.find("B") + 1 or 6 for text in texts]
    peer = KaplanMeierFitter().fit(time, ["B" in text for text in texts])
    # Steps before the first break, where lifelines counts the broken one.
    assert found.unbroken_steps.value == pytest.approx(restricted_mean_survival_time(peer, t=7) - 1)
    assert found.unbroken_steps.low < found.unbroken_steps.value < found.unbroken_steps.high


def test_runs_in_error_are_cut_off_at_their_first_error():
    found = survivals(columns(rows(OPPOSING, "KK!!", "KKKB", "KKKK")), 0.95)[0]
    assert (found.runs, found.broke, found.cut) == (3, 1, 1)
    assert [point.at_risk for point in found.points] == [3, 3, 2, 2]


def test_no_break_leaves_room_for_some():
    found = survivals(columns(rows(OPPOSING, *["KKKK"] * 10)), 0.95)[0]
    assert (found.points[-1].share, found.points[-1].high) == (1.0, 1.0)
    assert found.points[-1].low == pytest.approx(0.6915, abs=1e-4)
    assert "up to 31%" in found.says


def test_where_every_run_broke_the_limits_are_those_of_none_out_of_all():
    found = survivals(columns(rows(OPPOSING, *["KBKK"] * 9, "KKBK")), 0.95)[0]
    assert [point.share for point in found.points] == [1.0, pytest.approx(0.1), 0.0, 0.0]
    assert [point.high for point in found.points[2:]] == pytest.approx([0.3085, 0.3085], abs=1e-4)


def test_a_run_that_breaks_first_in_one_arm_counts_once():
    texts = ["BKK", "KBK", "KKB", "KKK"], ["KKB", "KBK", "KKK", "KBK"]
    found = survival_contrasts(columns(rows(OPPOSING, *texts[0]), rows(PLACEBO, *texts[1])), 0.95)[0]
    assert (found.earlier, found.later, found.alike) == (2, 1, 1)
    assert found.log_rank.p_value == pytest.approx(1.0)
    assert found.difference.low < found.difference.value < found.difference.high


def test_arms_that_all_break_earlier_are_told_by_the_test_and_adjusted_over_the_family():
    arms = [rows(OPPOSING, *["BKKK"] * 8), rows(PLACEBO, *["KKKK"] * 8)]
    mirrored = [rows(MIRRORED, *["KKKK"] * 8), rows(evolve(MIRRORED, arm="placebo"), *["KKKK"] * 8)]
    first, second = survival_contrasts(columns(*arms, *mirrored), 0.95)
    assert first.log_rank.p_value == pytest.approx(2 / 2**8)
    assert (first.log_rank.family, first.log_rank.adjusted) == (2, pytest.approx(4 / 2**8))
    assert first.difference.high < 0
    assert second.reason.startswith("in no run")


def test_breaks_that_are_turned_back_are_timed():
    broken = rows(OPPOSING, "BKKB", "BKKK")
    turned = [evolve(row, recovered_at=3) if row.position == 1 and row.run == 1 else row for row in broken]
    found = recoveries(columns(turned), 0.95)[0]
    assert (found.broken, found.recovered, found.longest) == (3, 1, 2)
    assert found.share.value == pytest.approx((0.5 + 0.0) / 2)


def test_a_cell_without_breaks_has_nothing_to_turn_back():
    assert recoveries(columns(rows(OPPOSING, "KK", "KK")), 0.95)[0].reason.startswith("no step was broken")
