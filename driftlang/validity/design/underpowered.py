"""`underpowered`: a study is of a size that can show the difference which it declares.

In: a study. Out: an error in the sink where `repeat` is too small for `detect`, with what it can show and how many runs
it would take.
Refuses to do: guessing the size of a study without `detect`.

Why: a study too small for the difference that it looks for finds nothing, or finds it by luck and too large.
Limits: the run is the unit, since the steps of a run are not independent; the test is Fisher's, two-sided, of the
`repeat` runs of a cell against those of its control, which break in 5 of 100. Runs of other models, levels and
directions are not added up, as no table of the report does. A paired analysis may show somewhat less.
"""

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Detect, Study


def check_underpowered(study: Study, sink: Sink) -> None:
    """Say so where the runs of a cell are too few."""
    for detect in study.detect:
        from driftlang.validity.power import BASE_RATE, can_show, runs_needed, smallest_difference

        if can_show(detect, study.repeat):
            continue
        needed, smallest = runs_needed(detect), smallest_difference(detect, study.repeat)
        sink.error(
            "underpowered",
            f"{_runs(study.repeat)} a cell can show {_shown(smallest)} with a power of "
            f"{_percent(detect.power)} at {_percent(detect.alpha)}, over a base rate of {_percent(BASE_RATE)}; "
            f"`{study.name}` declares {_points(detect.difference)}, which takes {needed:,} runs",
            study.span,
            help=_mending(detect, needed, smallest),
            labels=(Label(detect.span, "the difference is declared here"),),
        )


def _mending(detect: Detect, needed: int, smallest: float) -> str:
    honest = ""
    if smallest:
        honest = f", or `detect {_percent(smallest)} power {_percent(detect.power)} alpha {_percent(detect.alpha)}`"
    return f"write `repeat {needed}`{honest}"


def _runs(count: int) -> str:
    return f"{count:,} run{'' if count == 1 else 's'}"


def _shown(smallest: float) -> str:
    return f"a difference of {_points(smallest)} at the least" if smallest else "no difference"


def _percent(share: float) -> str:
    return f"{100 * share:.10g}%"


def _points(difference: float) -> str:
    return f"{100 * difference:.10g} points"
