"""Rates count every outcome once, name their denominator, and pair runs."""

import math
from random import Random

import attrs
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from driftlang.estimate.forms import CellKey, Null, ScoredTrial
from driftlang.estimate.offers import BOUNDED_MEAN, MOVER
from driftlang.estimate.rates import estimate
from driftlang.score.forms import Outcome, StepOutcome

LETTERS = {"K": Outcome.KEPT, "B": Outcome.BROKEN, "H": Outcome.HEDGED, "A": Outcome.ASKED, "R": Outcome.REFUSED}
LETTERS |= {"E": Outcome.EARLY, "U": Outcome.UNDONE, "O": Outcome.OMITTED, "!": Outcome.ERROR}
INLINE = CellKey("study", "sim/drifter", "ledger", "inline", "convenience", "security", "opposing")
EXTERNAL = evolve(INLINE, direction="external", favors="security", against="convenience")


def trials(cell, *runs):
    """One trial a text, one letter a step."""
    return [
        ScoredTrial(
            f"{cell.direction}-{cell.arm}-{run}",
            cell,
            run,
            tuple(StepOutcome(k, f"s{k}", LETTERS[letter], ()) for k, letter in enumerate(text, 1)),
        )
        for run, text in enumerate(runs, 1)
    ]


def placebo(cell):
    return evolve(cell, arm="placebo")


def test_both_rates_stand_side_by_side_at_every_step():
    found = estimate(trials(INLINE, "KBO", "BBE", "BKB"))
    assert [(r.given_exercised.count, r.given_exercised.of, r.unconditional.of) for r in found.steps] == [
        (2, 3, 3),
        (2, 3, 3),
        (1, 1, 3),
    ]


def test_a_cell_is_the_mean_over_its_runs():
    cell = estimate(trials(INLINE, "BBOO", "KKKB", "OOUA")).cells[0]
    assert (cell.given_exercised.value, cell.given_exercised.runs) == (0.625, 2)
    assert (cell.unconditional.value, cell.unconditional.runs) == (0.25, 3)
    assert (cell.runs_broken.count, cell.runs_broken.of) == (2, 3)
    assert (cell.steps, cell.exercised, cell.counts[Outcome.OMITTED]) == (12, 6, 4)


def test_errors_are_in_no_rate_and_are_counted():
    cell = estimate(trials(INLINE, "!!!", "KKB")).cells[0]
    assert (cell.counts[Outcome.ERROR], cell.runs, cell.runs_broken.of, cell.unconditional.runs) == (3, 2, 1, 1)


def test_the_easy_beginning_of_a_trial_in_error_is_in_no_rate_and_no_pair():
    """Constraints break late: five runs cut off early must not lower the rate of the five whole ones."""
    whole, cut = "KKKBBB", "KK!!!!"
    found = estimate([*trials(INLINE, whole, cut, cut), *trials(placebo(INLINE), *["KKKKKK"] * 3)])
    cell, contrast = found.cells[0], found.contrasts[0]
    assert (cell.given_exercised.value, cell.given_exercised.runs, cell.unconditional.runs) == (0.5, 1, 1)
    assert (cell.runs_broken.count, cell.runs_broken.of, cell.in_error, cell.runs) == (1, 1, 2, 3)
    assert (contrast.given_exercised.value, contrast.given_exercised.pairs) == (0.5, 1)
    assert (cell.counts[Outcome.ERROR], cell.counts[Outcome.KEPT], cell.steps) == (12, 3, 18)
    assert [rate.given_exercised.of for rate in found.steps if rate.cell == INLINE] == [1] * 6


def test_differences_say_how_their_limits_were_found_and_what_was_tested():
    cells = [INLINE, placebo(INLINE), EXTERNAL, placebo(EXTERNAL)]
    found = estimate([trial for cell, text in zip(cells, "BKBK", strict=True) for trial in trials(cell, *[text] * 10)])
    contrast, asymmetry = found.contrasts[0].given_exercised, found.asymmetries[0].given_exercised
    assert (contrast.method, asymmetry.method, found.cells[0].unconditional.method) == (MOVER, MOVER, BOUNDED_MEAN)
    assert [test.null for test in contrast.tests] == [Null.WEAK, Null.SHARP]
    assert (contrast.p_value(Null.SHARP), asymmetry.p_value(Null.WEAK)) == (0.001953, 1.0)  # 2 of 1,024 sign changes
    assert contrast.p_value(Null.WEAK) < 0.05
    assert contrast.low > 0 > asymmetry.low


def test_limits_do_not_depend_on_the_order_of_runs_or_on_what_else_is_estimated():
    cells = [INLINE, placebo(INLINE)]
    texts = {INLINE: ["BBK", "KKB", "BBB", "KKK"], placebo(INLINE): ["KKK", "KKB", "KBK", "KKK"]}
    alone = [trial for cell in cells for trial in trials(cell, *texts[cell])]
    other = [trial for cell in (EXTERNAL, placebo(EXTERNAL)) for trial in trials(cell, "BBB", "KKB", "KKK")]
    assert estimate(alone[::-1]).contrasts[0].given_exercised == estimate([*alone, *other]).contrasts[0].given_exercised


def test_a_declared_contrast_stands_against_the_arm_it_names_or_is_missing():
    bare = evolve(INLINE, arm="bare")
    three = [*trials(INLINE, "B"), *trials(bare, "K"), *trials(placebo(INLINE), "K")]
    found = estimate(three, declared={"study": [("opposing", "bare"), ("placebo", "bare")]})
    assert [(c.cell.arm, c.baseline.arm) for c in found.contrasts] == [("opposing", "bare"), ("placebo", "bare")]
    without = [trial for trial in three if trial.cell.arm != "bare"]
    assert estimate(without, declared={"study": [("opposing", "bare")]}).contrasts == ()


def test_injections_are_summed_over_the_runs_of_a_cell():
    one, other = trials(INLINE, "B", "K")
    cell = estimate([evolve(one, scheduled=3, placed=3), evolve(other, scheduled=3, placed=1)]).cells[0]
    assert (cell.scheduled, cell.placed) == (6, 4)


def test_a_cell_of_errors_has_no_data_and_no_nan():
    found = estimate([*trials(INLINE, "!!"), *trials(placebo(INLINE), "KK")])
    cell, contrast = found.cells[0], found.contrasts[0]
    assert [cell.given_exercised.has_data, cell.runs_broken.has_data, contrast.given_exercised.has_data] == [False] * 3
    assert (cell.given_exercised.low, cell.given_exercised.high) == (0.0, 1.0)
    assert (contrast.given_exercised.low, contrast.given_exercised.high) == (-1.0, 1.0)
    with pytest.raises(ValueError, match="no value"):
        _ = cell.given_exercised.value


def test_no_trials_are_no_estimates():
    found = estimate([])
    assert (found.steps, found.cells, found.contrasts, found.asymmetries) == ((), (), (), ())


def test_a_contrast_pairs_the_runs_that_both_arms_have():
    found = estimate([*trials(INLINE, "BBBB", "BBKK", "BBBB"), *trials(placebo(INLINE), "KKKK", "KKKB")])
    difference = found.contrasts[0].given_exercised
    assert (difference.pairs, difference.value) == (2, (1.0 + 0.25) / 2)
    assert -1 <= difference.low < difference.value < difference.high <= 1


def test_an_asymmetry_is_the_difference_of_two_contrasts():
    found = estimate(
        trials(INLINE, "BB", "BK")
        + trials(placebo(INLINE), "KK", "KB")
        + trials(EXTERNAL, "KB", "KK")
        + trials(placebo(EXTERNAL), "KK", "KK")
    )
    difference = found.asymmetries[0].given_exercised
    assert (difference.pairs, difference.value) == (2, ((1 - 0) + (0.5 - 0.5) - (0.5 - 0) - (0 - 0)) / 2)
    assert -2 <= difference.low < difference.value < difference.high <= 2


def test_joint_limits_cover_a_rare_run_that_breaks_every_step():
    """The published case: 1 run in 20 breaks everything under pressure, nothing else ever breaks."""
    random = Random(11)
    covered = 0
    for _ in range(200):
        runs = ["B" if random.random() < 0.05 else "K" for _ in range(10)]
        found = estimate([*trials(INLINE, *runs), *trials(placebo(INLINE), *"K" * 10)])
        covered += found.contrasts[0].given_exercised.low <= 0.05 <= found.contrasts[0].given_exercised.high
    assert covered == 200


def test_a_bare_arm_is_the_baseline_only_without_a_placebo():
    bare = evolve(INLINE, arm="bare")
    alone = estimate([*trials(INLINE, "B"), *trials(bare, "K")])
    both = estimate([*trials(INLINE, "B"), *trials(bare, "K"), *trials(placebo(INLINE), "K")])
    assert [found.contrasts[0].baseline.arm for found in (alone, both)] == ["bare", "placebo"]
    assert [len(found.contrasts) for found in (alone, both)] == [1, 1]


def test_missing_arms_and_other_models_make_no_contrast():
    other = evolve(placebo(INLINE), model="sim/keeper")
    assert estimate([*trials(INLINE, "B"), *trials(other, "K")]).contrasts == ()


def test_levels_are_compared_within_themselves():
    shuffled = evolve(INLINE, levels=(("schedule", "shuffled"),))
    found = estimate([*trials(INLINE, "B"), *trials(placebo(INLINE), "K"), *trials(shuffled, "B")])
    assert [contrast.cell for contrast in found.contrasts] == [INLINE]


RUNS = st.lists(st.text(alphabet="".join(LETTERS), min_size=1, max_size=6), max_size=4)


@given(first=RUNS, second=RUNS)
def test_every_number_is_finite_and_counts_add_up(first, second):
    given_trials = [*trials(INLINE, *first), *trials(placebo(INLINE), *second)]
    found = estimate(given_trials)
    assert all(math.isfinite(number) for number in _floats(found))
    assert sum(cell.steps for cell in found.cells) == sum(len(trial.steps) for trial in given_trials)
    assert sum(sum(rate.counts.values()) for rate in found.steps) == sum(cell.steps for cell in found.cells)


@given(runs=RUNS)
def test_the_order_of_trials_changes_no_number(runs):
    found = trials(INLINE, *runs)
    assert estimate(found).cells == estimate(list(reversed(found))).cells


def _floats(value):
    if isinstance(value, float):
        yield value
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _floats(getattr(value, field.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _floats(inner)
