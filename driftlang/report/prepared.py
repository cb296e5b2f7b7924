"""What a report is written from: all that was read and estimated, and what is to be said of each trial.

In: what was gathered, estimated and analysed. Out: `Prepared`.
"""

from attrs import frozen

from driftlang.estimate.analysis_forms import Analyses
from driftlang.estimate.forms import Estimates
from driftlang.estimate.rates import LEVEL
from driftlang.report.against import Against
from driftlang.report.exposures import ExposureView, view_exposures
from driftlang.report.forms import Gathered
from driftlang.report.judged import Judged
from driftlang.report.trial_parts import TrialPart, trial_parts

#: Where nobody asked for secondary analyses.
NOT_ANALYSED = Analyses(LEVEL)
#: Where nobody judged.
NOT_JUDGED = Judged()


@frozen
class Prepared:
    """All of a report before it is written; `parts` are in the order of the trials, none without evidence."""

    gathered: Gathered
    estimates: Estimates
    analyses: Analyses
    parts: tuple[TrialPart, ...]
    exposures: tuple[ExposureView, ...]
    judged: Judged = NOT_JUDGED
    against: Against | None = None


def prepare(
    gathered: Gathered,
    estimates: Estimates,
    analyses: Analyses = NOT_ANALYSED,
    judged: Judged = NOT_JUDGED,
    against: Against | None = None,
) -> Prepared:
    """What is to be written of `gathered`; the others are of its trials."""
    parts = trial_parts(gathered)
    exposures = view_exposures(gathered, [part.seen for part in parts]) if parts else ()
    return Prepared(gathered, estimates, analyses, parts, exposures, judged, against)
