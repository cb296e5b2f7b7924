"""Where the calls of a trial's model go.

In: a plan and its trials. Out: an `Upstream` and a `Subject` for each attempt.
Refuses to do: models that cannot be reached; that is said before anything is run.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import evolve, field, frozen

from driftlang.build.plan import Plan, PlannedTrial
from driftlang.build.plan_toml import read_solutions
from driftlang.gateway.forms import Upstream
from driftlang.gateway.prices import FREE
from driftlang.run.configuration import Subject, subject_of
from driftlang.run.services import Services, Spending
from driftlang.sim.law import law_of
from driftlang.sim.playbook import Playbook
from driftlang.sim.server import SimulatedProvider

_SIMULATED = "sim/"


def is_simulated(model: str) -> bool:
    """Whether no provider stands behind `model`."""
    return model.startswith(_SIMULATED)


def check_models(trials: Iterable[PlannedTrial], services: Services) -> None:
    """See that every trial's model can be reached and its options mean something.

    Raises:
        Failure: one cannot.
    """
    for trial in trials:
        if is_simulated(trial.model):
            law_of(trial.model, trial.options)
        else:
            services.check(trial)


def spending(services: Services, models: Iterable[str]) -> Spending:
    """What was spent so far, by runs of these models."""
    unpriced = {model for model in models if not is_simulated(model) and services.price_of(model) is None}
    return Spending(services.ledger.spent, tuple(sorted(unpriced)), services.ledger.exceeded)


def seen_as(services: Services, trial: PlannedTrial, harness: str, base_url: str) -> Subject:
    """The trial's model as OpenCode is to see it, behind the gateway's `base_url`."""
    if is_simulated(trial.model):
        return subject_of(trial.model, harness, base_url)
    return services.subject(trial, harness, base_url)


@frozen
class Upstreams:
    """Opens upstreams for trials of `plan`, whose folder is `plan_folder`."""

    plan: Plan
    plan_folder: Path
    provider: SimulatedProvider
    services: Services = field(factory=Services)

    def subject(self, trial: PlannedTrial, harness: str, base_url: str) -> Subject:
        """The trial's model as OpenCode is to see it, behind the gateway's `base_url`."""
        return seen_as(self.services, trial, harness, base_url)

    @contextmanager
    def open(self, trial: PlannedTrial, solutions: str, subject: Subject) -> Iterator[Upstream]:
        """The upstream of one attempt, which knows the model as `subject` names it.

        `solutions` is the path of the scenario's reference solutions in the plan's folder.
        """
        if not is_simulated(trial.model):
            yield self.services.upstream(trial, subject)
            return
        played = read_solutions(self.plan_folder / solutions)
        playbook = Playbook.of(self.plan, trial, played, law_of(trial.model, trial.options))
        upstream = self.provider.open(playbook, model=subject.model)
        try:
            yield evolve(upstream, price=FREE)
        finally:
            self.provider.close(upstream)
