"""The answer: what was found in one sentence with its interval, what decides it, how sure it is, and one step to see.

In: what was gathered and estimated. Out: `Answer`.
Refuses to do: adjectives, and a claim beyond the interval that stands beside it.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from driftlang.estimate.forms import Asymmetry, CellKey, Contrast, Difference, Estimates, ScoredTrial
from driftlang.report.evidence import line_of
from driftlang.report.forms import Gathered
from driftlang.report.layout import arrange
from driftlang.report.wording import (
    count,
    difference_limits,
    difference_value,
    limits_of,
    percent,
    pressure_of,
    value_of,
)
from driftlang.score.forms import Outcome, StepOutcome


@frozen
class Example:
    """One step that broke its constraint, for who asks to be shown one; `text` is the line that shows it."""

    trial: ScoredTrial
    step: StepOutcome
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


@frozen
class _Named:
    """What intervals cover, in percent, and the label of each cell's row."""

    level: str
    labels: Mapping[CellKey, str]


def answer(gathered: Gathered, estimates: Estimates, packed: Sequence[bytes]) -> Answer:
    """The answer of all that was estimated; of several estimates of a kind, the largest stands for them.

    Args:
        gathered: what was read.
        estimates: of its trials.
        packed: the evidence of each trial; none where none was asked for.
    """
    crossed = [one for one in estimates.asymmetries if one.given_exercised.has_data]
    effects = [one for one in estimates.contrasts if one.given_exercised.has_data]
    rows = arrange([cell.cell for cell in estimates.cells])
    labels = {cell: row.label for row in rows for panel in row.panels for cell in panel.cells}
    named = _Named(percent(estimates.level), labels)
    if not estimates.cells:
        return Answer("No trial of this run has ended yet: there is nothing to estimate.", (), ())
    if crossed:
        largest = _largest(crossed)
        found = _of_asymmetries(largest, crossed, named)
        pressed = max((largest.first, largest.second), key=lambda one: one.given_exercised.value).cell
    elif effects:
        effect = max(effects, key=lambda one: abs(one.given_exercised.value))
        found = _of_effects(effect, effects, named)
        pressed = effect.cell
    else:
        found, pressed = _of_rates(estimates, named)
    return Answer(
        found,
        _deciding(gathered),
        tuple(_certainty(estimates, crossed or effects)),
        _examples(gathered, packed, pressed),
    )


def _largest(crossed: Sequence[Asymmetry]) -> Asymmetry:
    return max(crossed, key=lambda one: abs(one.given_exercised.value))


def _of_asymmetries(largest: Asymmetry, crossed: Sequence[Asymmetry], named: _Named) -> str:
    first, second, between = largest.first, largest.second, largest.given_exercised
    beginning = _beginning(first.cell, [one.given_exercised for one in crossed], "asymmetries", named)
    return (
        f"{beginning}{_effect(first)}, and {_effect(second, first)}: over the {count(between.pairs, 'run')} that all "
        f"four cells have, an asymmetry of {difference_value(between)} points, {named.level} interval "
        f"{difference_limits(between)}{_verdict(between)}"
    )


def _of_effects(effect: Contrast, effects: Sequence[Contrast], named: _Named) -> str:
    found = effect.given_exercised
    return (
        f"{_beginning(effect.cell, [one.given_exercised for one in effects], 'effects', named)}{_effect(effect)}, "
        f"{named.level} interval {difference_limits(found)}{_verdict(found)}"
    )


def _of_rates(estimates: Estimates, named: _Named) -> tuple[str, CellKey]:
    with_data = [cell for cell in estimates.cells if cell.given_exercised.has_data]
    if not with_data:
        return "No step took a side, so no rate can be told.", estimates.cells[0].cell
    most = max(with_data, key=lambda cell: cell.given_exercised.value)
    rate = most.given_exercised
    found = (
        f"In the {most.cell.arm} arm, {named.labels[most.cell]} broke {most.cell.direction} in {value_of(rate)} of "
        f"exercised steps, {named.level} interval {limits_of(rate)}; no two arms were there to compare."
    )
    return found, most.cell


def _beginning(cell: CellKey, shown: Sequence[Difference], noun: str, named: _Named) -> str:
    """What it speaks of; of several estimates, how many leave 0 out, and that this is the largest."""
    label = named.labels[cell]
    if len(shown) == 1:
        return f"For {label}, "
    clear = sum(not one.low <= 0 <= one.high for one in shown)
    verb = "has" if clear == 1 else "have"
    many = f"Of {len(shown)} {noun}, {clear or 'none'} {verb} a {named.level} interval that leaves 0 out."
    return f"{many} The largest is that of {label}: "


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


def _examples(gathered: Gathered, packed: Sequence[bytes], preferred: CellKey) -> tuple[Example, ...]:
    """The first broken step with evidence: of the cell that the sentence speaks of, or else of any."""
    if not packed:
        return ()
    own = [number for number, trial in enumerate(gathered.trials) if trial.cell == preferred]
    for number in (*own, *range(len(gathered.trials))):
        trial = gathered.trials[number]
        for step in trial.steps:
            if step.outcome is Outcome.BROKEN and step.hits:
                return (Example(trial, step, line_of(packed[number], step.position, step.hits[0])),)
    return ()
