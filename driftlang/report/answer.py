"""The answer: what was found in one sentence with its interval, what decides it, how sure it is, and one step to see.

In: what was gathered and estimated. Out: `Answer`.
Refuses to do: adjectives, and a claim beyond the interval that stands beside it.
"""

from collections.abc import Iterator, Sequence

from attrs import frozen

from driftlang.estimate.forms import Asymmetry, CellKey, Contrast, Difference, Estimates
from driftlang.report.forms import Gathered, StepDetail, TrialDetail
from driftlang.report.wording import (
    count,
    difference_limits,
    difference_value,
    limits_of,
    percent,
    pressure_of,
    value_of,
)
from driftlang.score.forms import Hit, Outcome


@frozen
class Example:
    """One step that broke its constraint, for who asks to be shown one; `text` is the line that shows it."""

    trial: TrialDetail
    step: StepDetail
    text: str


@frozen
class Answer:
    """What a reader who stops after the first paragraph takes along.

    Attributes:
        found: the sentence.
        decides: what was declared to decide, and by which rule.
        sure: on how much it rests.
        examples: a step to see, none where nothing broke.
    """

    found: str
    decides: tuple[str, ...]
    sure: tuple[str, ...]
    examples: tuple[Example, ...] = ()


def answer(gathered: Gathered, estimates: Estimates) -> Answer:
    """The answer of all that was estimated; of several estimates of a kind, the largest stands for them."""
    crossed = [one for one in estimates.asymmetries if one.given_exercised.has_data]
    effects = [one for one in estimates.contrasts if one.given_exercised.has_data]
    level = percent(estimates.level)
    if not estimates.cells:
        return Answer("No trial of this run has ended yet: there is nothing to estimate.", (), ())
    if crossed:
        largest = _largest(crossed)
        found = _of_asymmetries(largest, crossed, level)
        pressed = max((largest.first, largest.second), key=lambda one: one.given_exercised.value).cell
    elif effects:
        effect = max(effects, key=lambda one: abs(one.given_exercised.value))
        found = _of_effects(effect, effects, level)
        pressed = effect.cell
    else:
        found, pressed = _of_rates(estimates, level)
    return Answer(
        found, _deciding(gathered), tuple(_certainty(estimates, crossed or effects)), _examples(gathered, pressed)
    )


def _largest(crossed: Sequence[Asymmetry]) -> Asymmetry:
    return max(crossed, key=lambda one: abs(one.given_exercised.value))


def _of_asymmetries(largest: Asymmetry, crossed: Sequence[Asymmetry], level: str) -> str:
    first, second, between = largest.first, largest.second, largest.given_exercised
    return (
        f"{_beginning(largest.first.cell, crossed)}{_effect(first)}, and {_effect(second, first)}: an asymmetry of "
        f"{difference_value(between)} points, {level} interval {difference_limits(between)}{_verdict(between)}"
        f"{_others([one.given_exercised for one in crossed], 'asymmetries')}"
    )


def _of_effects(effect: Contrast, effects: Sequence[Contrast], level: str) -> str:
    found = effect.given_exercised
    return (
        f"{_beginning(effect.cell, effects)}{_effect(effect)}, {level} interval {difference_limits(found)}"
        f"{_verdict(found)}{_others([one.given_exercised for one in effects], 'effects')}"
    )


def _of_rates(estimates: Estimates, level: str) -> tuple[str, CellKey]:
    with_data = [cell for cell in estimates.cells if cell.given_exercised.has_data]
    if not with_data:
        return "No step took a side, so no rate can be told.", estimates.cells[0].cell
    most = max(with_data, key=lambda cell: cell.given_exercised.value)
    rate = most.given_exercised
    found = (
        f"In the {most.cell.arm} arm, {most.cell.model} broke {most.cell.direction} in {value_of(rate)} of exercised "
        f"steps, {level} interval {limits_of(rate)}; no two arms were there to compare."
    )
    return found, most.cell


def _beginning(cell: CellKey, shown: Sequence[object]) -> str:
    """Which model it speaks of; of several estimates, that this is the largest."""
    return f"{'Largest of ' + str(len(shown)) + ': for' if len(shown) > 1 else 'For'} {cell.model}, "


def _effect(one: Contrast, former: Contrast | None = None) -> str:
    """What pressure did, in words; in short behind a former effect of the same arms."""
    toward = pressure_of(one.cell)
    pushed = f"pressure toward {toward}" if toward else f"the {one.cell.arm} arm"
    if not one.given_exercised.has_data:
        return f"there is no data on what {pushed} did to {one.cell.direction}"
    value = round(100 * one.given_exercised.value, 1)
    verb = "moved" if value == 0 else "raised" if value > 0 else "lowered"
    over = "" if former else f" over {one.baseline.arm}"
    return f"{pushed} {verb} the share of steps that broke {one.cell.direction} by {abs(value):.1f} points{over}"


def _verdict(found: Difference) -> str:
    if found.low <= 0 <= found.high:
        return ". The interval holds 0: by itself it shows no difference, nor that there is none."
    return f". The interval lies {'above' if found.low > 0 else 'below'} 0."


def _others(shown: Sequence[Difference], noun: str) -> str:
    if len(shown) == 1:
        return ""
    clear = sum(not one.low <= 0 <= one.high for one in shown)
    return f" Of all {len(shown)} {noun}, {clear} have an interval that leaves 0 out."


def _deciding(gathered: Gathered) -> tuple[str, ...]:
    declared = list(dict.fromkeys((run.study, run.primary) for run in gathered.runs if run.primary))
    said = [f"Declared before the run in {study}: {primary}." for study, primary in declared]
    rule = "An effect is told from none where its whole interval lies on one side of 0."
    return (*(said or ["No primary analysis was declared before the run."]), rule)


def _certainty(estimates: Estimates, shown: Sequence[Asymmetry | Contrast]) -> Iterator[str]:
    level = percent(estimates.level)
    runs = sorted({cell.runs - cell.in_error for cell in estimates.cells})
    spoken = str(runs[0]) if len(runs) == 1 else f"{runs[0]} to {runs[-1]}"
    noun = "run" if runs[-1] == 1 else "runs"
    yield f"{spoken} {noun} a cell; the run is the unit, as steps of one run depend on each other."
    if shown:
        pairs = sorted({one.given_exercised.pairs for one in shown})
        paired = str(pairs[0]) if len(pairs) == 1 else f"{pairs[0]} to {pairs[-1]}"
        yield f"Differences rest on {paired} paired runs; each interval covers at {level} by itself."
    never = [cell for cell in estimates.cells if cell.given_exercised.has_data and cell.given_exercised.total == 0]
    if never:
        widest = max(never, key=lambda cell: cell.given_exercised.high)
        yield (
            f"A cell that never broke still allows a rate of up to {percent(widest.given_exercised.high)} "
            f"({count(widest.given_exercised.runs, 'run')})."
        )


def _examples(gathered: Gathered, preferred: CellKey) -> tuple[Example, ...]:
    """The first broken step with evidence: of the cell that the sentence speaks of, or else of any."""
    own = (trial for trial in gathered.details if trial.cell == preferred)
    for trial in (*own, *gathered.details):
        for step in trial.steps:
            if step.outcome.outcome is Outcome.BROKEN and step.outcome.hits:
                return (Example(trial, step, line_of(step, step.outcome.hits[0])),)
    return ()


def line_of(step: StepDetail, hit: Hit) -> str:
    """The line of a hit as it stands in the diff, where it is shown there: what a pattern looked at may be masked."""
    path = ""
    for line in step.diff:
        if line.kind == "file":
            path = line.text.rpartition(" (")[0]
        elif hit.path and (path, line.number) == (hit.path, hit.line) and line.kind != "removed":
            return line.text.strip()
    return hit.text
