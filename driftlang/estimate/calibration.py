"""Calibration: how far patterns and judges can be trusted, and what the rates are once they are put right.

In: `JudgedStep`s, one a scored step: what the patterns, each judge and each person say of it, and the stratum of the
sample that people labelled. Out: `Calibration`.
Refuses to do: trusting labels that were picked. Only labels of drawn steps count, each for the steps of its stratum.

Broken or not is what is compared. A judge that abstains has not said broken when a rate is corrected, and says nothing
when agreement is measured. Of several people the majority is taken; a tie, like `cannot tell`, is missing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from driftlang.estimate.agreement import MISSING, Agreement, Coefficient, Labels, agree, krippendorff_alpha
from driftlang.estimate.corrected import CellSteps, Corrected, contrast, correct, refusal, uncorrected
from driftlang.estimate.effective import Share, Values, share_of
from driftlang.estimate.forms import CellKey
from driftlang.estimate.rogan_gladen import Differential, differential, rogan_gladen, rogan_gladen_contrast

#: How patterns and people as a whole are called beside judges, who go by the name of their model.
PATTERNS, PEOPLE = "patterns", "people"
#: The words that steps may have; any other, such as none, is missing.
BROKEN, NOT_BROKEN = "broken", "not broken"


@frozen
class JudgedStep:
    """What is said of one scored step.

    Attributes:
        trial: the run as a unit: steps of one trial depend on each other.
        said: by rater (`PATTERNS`, judges), whether the step is `BROKEN` or `NOT_BROKEN`; empty for an abstention.
        people: likewise, by labeller.
        stratum: that the step was drawn from, or could have been; empty where it could not.
        is_drawn: whether it is in the sample.
    """

    trial: str
    cell: CellKey
    run: int
    said: Mapping[str, str]
    people: Mapping[str, str] = field(factory=dict)
    stratum: str = ""
    is_drawn: bool = False


@frozen
class CorrectedCell:
    """A cell's rate: as the rater says, prediction-powered, and by Rogan and Gladen for comparison."""

    cell: CellKey
    uncorrected: Corrected
    predicted: Corrected
    rogan_gladen: Corrected


@frozen
class CorrectedContrast:
    """The same of a cell less its baseline; `differential` says whether the rater errs differently in the two."""

    cell: CellKey
    baseline: CellKey
    uncorrected: Corrected
    predicted: Corrected
    rogan_gladen: Corrected
    differential: Differential


@frozen
class Correction:
    """The corrected rates of one rater; `refused` is why there are none, else empty."""

    rater: str
    refused: str
    cells: tuple[CorrectedCell, ...] = ()
    contrasts: tuple[CorrectedContrast, ...] = ()


@frozen
class Calibration:
    """All of it.

    Attributes:
        level: coverage of every interval by itself.
        labellers: how many drawn steps each labelled.
        drawn: steps of the sample.
        labelled: those of them of which people say broken or not.
        outside: steps that were labelled without having been drawn; they count nowhere.
        against_people: each rater against the people, as of all steps of the run.
        among_raters: raters against each other, on all steps.
        among_people: labellers against each other, on the steps that both labelled.
        alpha_of_people: of all labellers together.
        corrections: by rater.
    """

    level: float
    labellers: tuple[tuple[str, int], ...]
    drawn: int
    labelled: int
    outside: int
    against_people: tuple[Agreement, ...]
    among_raters: tuple[Agreement, ...]
    among_people: tuple[Agreement, ...]
    alpha_of_people: Coefficient
    corrections: tuple[Correction, ...]

    @property
    def refused(self) -> str:
        """Why no rate is corrected; empty where any is."""
        if not self.labelled:
            return "too few labels: no drawn step is labelled"
        reasons = [f"{one.rater}: {one.refused}" for one in self.corrections]
        return "" if any(not one.refused for one in self.corrections) else "; ".join(reasons)


def calibrate(
    steps: Sequence[JudgedStep], pairs: Iterable[tuple[CellKey, CellKey]] = (), level: float = 0.95
) -> Calibration:
    """Compare raters with people and with each other, and correct the rates of each cell.

    Args:
        steps: every scored step of the run, labelled or not.
        pairs: the contrasts to correct: a cell and its baseline.
        level: coverage of each interval.
    """
    table = _Table(steps, level)
    raters, people = table.raters, table.labellers
    against = tuple(table.against_people(rater) for rater in raters)
    contrasts = list(pairs)
    return Calibration(
        level,
        tuple((name, int((table.of_person[name][table.drawn] != MISSING).sum())) for name in people),
        int(table.drawn.sum()),
        int((table.truth != MISSING).sum()),
        sum(bool(step.people) and not step.is_drawn for step in steps),
        against,
        tuple(
            table.among(table.said[first], table.said[second], first, second)
            for first, second in combinations(raters, 2)
        ),
        tuple(
            table.among(table.of_person[one], table.of_person[two], one, two) for one, two in combinations(people, 2)
        ),
        table.alpha_of_people(),
        tuple(table.correction(one, contrasts) for one in against),
    )


class _Table:
    """The steps as columns."""

    def __init__(self, steps: Sequence[JudgedStep], level: float) -> None:
        self._level = level
        self.raters = sorted({name for step in steps for name in step.said}, key=lambda name: (name != PATTERNS, name))
        self.labellers = sorted({name for step in steps for name in step.people})
        self._trials = _numbers([step.trial for step in steps])
        self._runs = np.array([step.run for step in steps], dtype=np.int64)
        self._cells = [step.cell for step in steps]
        self._strata = _numbers([step.stratum for step in steps])
        self.drawn = np.array([step.is_drawn for step in steps], dtype=bool)
        self.said = {name: _labels(step.said.get(name, "") for step in steps) for name in self.raters}
        self.of_person = {name: _labels(step.people.get(name, "") for step in steps) for name in self.labellers}
        majority = _labels(_majority(step.people.values()) for step in steps)
        self.truth: Labels = np.where(self.drawn, majority, MISSING)
        self._weights = self._stands_for()

    def against_people(self, rater: str) -> Agreement:
        return self._compare(rater, PEOPLE, self.said[rater], self.truth, self._weights)

    def among(self, first: Labels, second: Labels, name: str, other: str) -> Agreement:
        return self._compare(name, other, first, second, np.ones(len(first)))

    def alpha_of_people(self) -> Coefficient:
        rows = [self.of_person[name] for name in self.labellers] or [self.truth]
        return krippendorff_alpha(np.stack(rows), np.ones(len(self.truth)), self._trials, self._level)

    def correction(self, agreement: Agreement, pairs: Sequence[tuple[CellKey, CellKey]]) -> Correction:
        """The corrected rates of a rater that people were compared with."""
        why = refusal(agreement)
        keys = dict.fromkeys(self._cells)
        if why:
            return Correction(agreement.rater, why)
        cells = {key: self._correct(key, agreement) for key in keys}
        return Correction(
            agreement.rater,
            "",
            tuple(cells.values()),
            tuple(
                self._contrast(cells[one], cells[two], agreement) for one, two in pairs if one in keys and two in keys
            ),
        )

    def _correct(self, key: CellKey, agreement: Agreement) -> CorrectedCell:
        steps = self._steps(key, agreement.rater)
        fallback = (1 - agreement.negative_value.estimate, agreement.positive_value.estimate)
        return CorrectedCell(
            key,
            uncorrected(steps, self._level),
            correct(steps, self._level, fallback),
            rogan_gladen(steps, agreement.sensitivity, agreement.specificity, self._level),
        )

    def _contrast(self, cell: CorrectedCell, baseline: CorrectedCell, agreement: Agreement) -> CorrectedContrast:
        signed = [
            contrast(((first, 1), (second, -1)), self._level)
            for first, second in ((cell.uncorrected, baseline.uncorrected), (cell.predicted, baseline.predicted))
        ]
        steps = [self._steps(one.cell, agreement.rater) for one in (cell, baseline)]
        errors = [self._errors(one.cell, agreement.rater) for one in (cell, baseline)]
        return CorrectedContrast(
            cell.cell,
            baseline.cell,
            signed[0],
            signed[1],
            rogan_gladen_contrast(
                ((steps[0], 1), (steps[1], -1)), agreement.sensitivity, agreement.specificity, self._level
            ),
            differential(errors[0], errors[1]),
        )

    def _steps(self, key: CellKey, rater: str) -> CellSteps:
        inside = self._inside(key)
        truth = np.where(self.truth[inside] == MISSING, np.nan, self.truth[inside].astype(float))
        return CellSteps(self._runs[inside], (self.said[rater][inside] == 1).astype(float), truth, self._strata[inside])

    def _errors(self, key: CellKey, rater: str) -> tuple[Share, Share]:
        """Sensitivity and specificity in one cell."""
        said = self.said[rater]
        seen = self._inside(key) & (said != MISSING)
        of_kind = [seen & (self.truth == kind) for kind in (1, 0)]
        sensitivity, specificity = (
            share_of(
                (said[among] == self.truth[among]).astype(float),
                self._weights[among],
                self._trials[among],
                self._level,
            )
            for among in of_kind
        )
        return sensitivity, specificity

    def _inside(self, key: CellKey) -> NDArray[np.bool_]:
        return np.array([cell == key for cell in self._cells], dtype=bool)

    def _stands_for(self) -> Values:
        """How many steps each labelled one stands for: those of its stratum by those of them that are labelled."""
        labelled = self.truth != MISSING
        size = int(self._strata.max(initial=0)) + 1
        of_stratum = np.bincount(self._strata, minlength=size)
        seen = np.maximum(np.bincount(self._strata[labelled], minlength=size), 1)
        return np.asarray(np.where(labelled, (of_stratum / seen)[self._strata], 1.0), dtype=np.float64)

    def _compare(self, rater: str, reference: str, said: Labels, truth: Labels, weights: Values) -> Agreement:
        return agree(rater, reference, said=said, truth=truth, weights=weights, runs=self._trials, level=self._level)


def _labels(words: Iterable[str]) -> Labels:
    numbers = {BROKEN: 1, NOT_BROKEN: 0}
    return np.array([numbers.get(word, MISSING) for word in words], dtype=np.int64)


def _numbers(words: Sequence[str]) -> NDArray[np.int64]:
    order = {word: number for number, word in enumerate(dict.fromkeys(words))}
    return np.array([order[word] for word in words], dtype=np.int64)


def _majority(words: Iterable[str]) -> str:
    counts = Counter(word for word in words if word in (BROKEN, NOT_BROKEN))
    if counts[BROKEN] == counts[NOT_BROKEN]:
        return ""
    return BROKEN if counts[BROKEN] > counts[NOT_BROKEN] else NOT_BROKEN
