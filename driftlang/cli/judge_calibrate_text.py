"""A calibration on the terminal and as JSON.

In: `Calibration`. Out: tables and lines on standard output; a JSON object.
Refuses to do: numbers without their limits.
"""

import math
from collections.abc import Iterable, Sequence

from attrs import asdict

from driftlang.estimate.agreement import Agreement, Coefficient
from driftlang.estimate.calibration import PATTERNS, Calibration, CorrectedCell, CorrectedContrast, Correction
from driftlang.estimate.corrected import Corrected
from driftlang.estimate.effective import Share
from driftlang.estimate.forms import CellKey

_NOTHING = "none"


def calibration_json(calibration: Calibration) -> object:
    """The calibration as JSON has it; a number that is not offered is null."""
    return _plain({**asdict(calibration), "refused": calibration.refused})


def print_calibration(calibration: Calibration) -> None:
    """All of it: labels, agreement, corrected rates."""
    from driftlang.report.terminal import print_lines

    given = ", ".join(f"{name} {count}" for name, count in calibration.labellers) or "nobody"
    print_lines(f"Labelled: {calibration.labelled} of the {calibration.drawn} drawn steps ({given}).")
    if calibration.outside:
        print_lines(f"{calibration.outside} labelled steps were not drawn and count nowhere.")
    if calibration.labelled:
        print_lines("", "Against people, as of all steps of the run:")
        _print_agreements(calibration.against_people)
    among = (*calibration.among_raters, *calibration.among_people)
    if among:
        print_lines("", "Among each other, the second taken as the reference:")
        _print_agreements(among)
    if len(calibration.labellers) > 1:
        print_lines(f"Krippendorff's alpha of all labellers: {_coefficient(calibration.alpha_of_people)}")
    for correction in calibration.corrections:
        _print_correction(correction)
    level = f"{100 * calibration.level:.0f} %"
    print_lines("", f"Intervals are {level} ones over runs. Rates are broken steps out of all that are no errors.")
    if calibration.refused:
        print_lines(f"No rate is corrected: {calibration.refused}.")


def _print_agreements(agreements: Iterable[Agreement]) -> None:
    names = ("", "steps", "sensitivity", "specificity", "right when broken", "right when not", "kappa", "alpha")
    rows = [
        (
            f"{one.rater} / {one.reference}",
            str(one.steps),
            *(_share(s) for s in (one.sensitivity, one.specificity, one.positive_value, one.negative_value)),
            _coefficient(one.kappa),
            _coefficient(one.alpha),
        )
        for one in agreements
    ]
    _print_table(names, rows)


def _print_correction(correction: Correction) -> None:
    from driftlang.report.terminal import print_lines

    said = "the patterns say" if correction.rater == PATTERNS else f"{correction.rater} says"
    if correction.refused:
        print_lines("", f"What {said} is not corrected: {correction.refused}.")
        return
    print_lines("", f"What {said}, and corrected:")
    names = ("", "labels", "as said", "prediction-powered", "Rogan-Gladen")
    cells = [(_words(one.cell), str(one.predicted.labels), *_three(one)) for one in correction.cells]
    contrasts = [
        (f"{_words(one.cell)} less {one.baseline.arm}", str(one.predicted.labels), *_three(one))
        for one in correction.contrasts
    ]
    _print_table(names, [*cells, *contrasts])
    for why in dict.fromkeys(one.predicted.refused for one in correction.cells if one.predicted.refused):
        print_lines(f"A cell is not corrected: {why}.")
    for one in correction.contrasts:
        if one.differential.is_shown:
            print_lines(
                f"It errs differently in {one.cell.arm} and {one.baseline.arm} ({one.cell.direction}): "
                "Rogan and Gladen's rates are biased there, the prediction-powered ones are not."
            )


def _print_table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from driftlang.report.terminal import print_table

    print_table(names, rows)


def _three(one: CorrectedCell | CorrectedContrast) -> tuple[str, str, str]:
    return _rate(one.uncorrected), _rate(one.predicted), _rate(one.rogan_gladen)


def _words(cell: CellKey) -> str:
    levels = "".join(f" {factor}={level}" for factor, level in cell.levels)
    return f"{cell.model} {cell.direction} {cell.arm}{levels}"


def _share(share: Share) -> str:
    return f"{share.value:.2f} [{share.low:.2f}, {share.high:.2f}]" if share.has_data else _NOTHING


def _coefficient(one: Coefficient) -> str:
    return f"{one.value:.2f} [{one.low:.2f}, {one.high:.2f}]" if one.has_data else _NOTHING


def _rate(one: Corrected) -> str:
    return f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]" if one.has_data else _NOTHING


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
