"""Where the calls of a trial's model go.

In: a plan and its trials. Out: an `Upstream` for each attempt.
Refuses to do: models that this version has no provider for; that is said before anything is run.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from driftlang.build.plan import Plan, PlannedTrial
from driftlang.build.plan_toml import read_solutions
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.gateway.forms import Upstream
from driftlang.run.configuration import Subject
from driftlang.sim.law import law_of
from driftlang.sim.playbook import Playbook
from driftlang.sim.server import SimulatedProvider

_SIMULATED = "sim/"


def is_simulated(model: str) -> bool:
    """Whether no provider stands behind `model`."""
    return model.startswith(_SIMULATED)


def check_models(trials: Iterable[PlannedTrial]) -> None:
    """See that every trial's model can be reached and its options mean something.

    Raises:
        Failure: one cannot.
    """
    for trial in trials:
        if not is_simulated(trial.model):
            raise Failure(
                f"no provider of `{trial.model}` can be reached: this version runs simulated models (`sim/NAME`)",
                help="name models such as `sim/drifter` in the study, or choose those with `--model`",
                status=ExitStatus.MISUSE,
            )
        law_of(trial.model, trial.options)


@frozen
class Upstreams:
    """Opens upstreams for trials of `plan`, whose folder is `plan_folder`."""

    plan: Plan
    plan_folder: Path
    provider: SimulatedProvider

    @contextmanager
    def open(self, trial: PlannedTrial, solutions: str, subject: Subject) -> Iterator[Upstream]:
        """The upstream of one attempt, which knows the model as `subject` names it.

        `solutions` is the path of the scenario's reference solutions in the plan's folder.
        """
        played = read_solutions(self.plan_folder / solutions)
        playbook = Playbook.of(self.plan, trial, played, law_of(trial.model, trial.options))
        upstream = self.provider.open(playbook, model=subject.model)
        try:
            yield upstream
        finally:
            self.provider.close(upstream)
