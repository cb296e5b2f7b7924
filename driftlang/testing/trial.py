"""A property → its result for a file: kept failures first, then the file, then what is made of it and generated ones.

In: a property, an experiment, a number of examples, a seed, a folder for failures. Out: `Result`.
Refuses to do: leaving a failure as it was found; it is reduced, and saved.
"""

from pathlib import Path
from time import monotonic

from attrs import frozen
from hypothesis.errors import UnsatisfiedAssumption

from driftlang.testing.experiment import Experiment, Subject, is_valid
from driftlang.testing.failures import Kept, save_failure
from driftlang.testing.reduce import reduce_experiment
from driftlang.testing.runs import runs
from driftlang.testing.search import Searched, reason_of, search
from driftlang.testing.suite import Property, RunProperty

#: Of the examples, the share that a property may say nothing of: one that passes over more is not tried.
MOST_PASSED_OVER = 0.1
#: Examples that are looked at to see whether what is made of a smaller experiment still fails.
_FEW = 10


@frozen
class Result:
    """What a property came to.

    Attributes:
        name: of the property.
        examples: how many held.
        seconds: how long that took.
        reason: why it does not hold; empty where it does.
        saved: the file that shows it, as a path; empty where there is none.
        passed_over: how many examples it could say nothing of.
    """

    name: str
    examples: int
    seconds: float
    reason: str = ""
    saved: str = ""
    passed_over: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.reason


@frozen
class Effort:
    """How hard to try: on how many examples, by which seed, where failures go, and which are there already."""

    examples: int
    seed: int
    folder: Path
    kept: tuple[Kept, ...] = ()

    def kept_for(self, one: Property) -> list[Experiment]:
        """What failed the property before."""
        return [each.experiment for each in self.kept if each.property == one.name]


def try_property(one: Property, experiment: Experiment, effort: Effort) -> Result:
    """Try the property on what failed before, on the experiment, and on others."""
    start = monotonic()
    for other in (*effort.kept_for(one), experiment):
        reason = _why(one, other, effort.seed)
        if reason:
            saved = _save(one, other, reason, effort) if other is experiment else other.path
            return Result(one.name, 0, monotonic() - start, reason, saved.as_posix())
    searched: Searched[Subject] = search(one.holds, one.subjects(experiment), effort.examples, effort.seed)
    if not searched.found:
        return Result(
            one.name, searched.examples, monotonic() - start, _too_many(searched), passed_over=searched.passed_over
        )
    found = searched.found[0]
    saved = _save(one, _shown(found.example, one), found.reason, effort)
    return Result(one.name, searched.examples, monotonic() - start, found.reason, saved.as_posix())


def _too_many(searched: Searched[Subject]) -> str:
    """That most examples were passed over; empty where they were not."""
    if searched.share_passed_over <= MOST_PASSED_OVER:
        return ""
    return f"it says nothing of {searched.passed_over} of {searched.examples + searched.passed_over} examples"


def try_run_property(one: RunProperty, effort: Effort) -> Result:
    """Try a property of runs."""
    searched = search(one.holds, runs(), effort.examples, effort.seed)
    reason = f"{searched.found[0].reason}, for {searched.found[0].example!r}" if searched.found else ""
    return Result(one.name, searched.examples, searched.seconds, reason)


def _shown(subject: Subject, one: Property) -> Experiment:
    """The experiment that shows the failure: of a variant that keeps too little, the original."""
    original = getattr(subject, "original", subject.experiment)
    return subject.experiment if not one.own or not isinstance(original, Experiment) else original


def _save(one: Property, experiment: Experiment, reason: str, effort: Effort) -> Path:
    smallest = reduce_experiment(experiment, lambda other: _still_fails(one, other, effort.seed))
    return save_failure(smallest, one.name, _why(one, smallest, effort.seed) or reason, effort.seed, effort.folder)


def _still_fails(one: Property, experiment: Experiment, seed: int) -> bool:
    return (not one.is_of_valid or is_valid(experiment)) and bool(_why(one, experiment, seed))


def _why(one: Property, experiment: Experiment, seed: int) -> str:
    """Why the property does not hold of the experiment itself, or of a few things made of it; empty where it does."""
    if one.is_of_valid and not is_valid(experiment):
        return ""
    for make in one.own:
        searched: Searched[Subject] = search(one.holds, make(experiment), _FEW, seed, shrinks=False)
        return searched.found[0].reason if searched.found else ""
    try:
        one.holds(experiment)
    except UnsatisfiedAssumption:
        return ""
    except Exception as trouble:  # noqa: BLE001 - whatever it raises, it does not hold
        return reason_of(trouble)
    return ""
