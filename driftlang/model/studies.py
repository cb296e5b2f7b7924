"""Scenarios and studies: the parts put together, and what is run and declared before the run.

In: nothing; this module defines. Out: `Scenario`, `Study` and `Model`, the whole of a compilation.
"""

from collections.abc import Mapping

from attrs import field

from driftlang.model.about import About, Allowance
from driftlang.model.conflicts import Conflict, Constraint, Placebo, Pressure, Prompt, Rule
from driftlang.model.evidence import Pattern, Rubric
from driftlang.model.factors import Design, Factor
from driftlang.model.schedules import Schedule
from driftlang.model.sessions import Session
from driftlang.model.work import Repo, Tasks
from driftlang.record import frozen
from driftlang.source import Span

#: Arms of a scenario, in the order of tables.
ARMS = ("bare", "placebo", "opposing", "supporting", "unrelated")
ORDERS = ("fixed", "shuffled", "latin_square")


@frozen
class Scenario:
    """A conflict put to the test: everything a cell is made from.

    Attributes:
        constraints: all constraints of the conflict in scope, in source order: the directions.
        prompt: at most one.
        placebo: at most one.
        schedules: every schedule that the scenario or its factors name, by name; likewise sessions and prompts.
        schedule: the default schedule's name; likewise session.
        arms: out of `ARMS`.
        order: out of `ORDERS`.
        rules: further demands of the prompt.
        design: which combinations of the factors' levels there are.
        fixed: level by factor, where `when` makes the parts of this scenario depend on it: its cells are those that
            have these levels.
        variants: all scenarios that the declaration stands for, itself the first: one for each pair of values and
            each combination of levels that `when` speaks of. Empty in those others.
    """

    name: str
    conflict: Conflict
    constraints: tuple[Constraint, ...]
    prompt: tuple[Prompt, ...]
    repo: Repo
    tasks: Tasks
    pressures: tuple[Pressure, ...]
    placebo: tuple[Placebo, ...]
    schedule: Schedule
    arms: tuple[str, ...]
    session: Session
    order: str
    factors: tuple[Factor, ...]
    schedules: Mapping[str, Schedule]
    sessions: Mapping[str, Session]
    prompts: Mapping[str, Prompt]
    doc: str
    span: Span
    rules: tuple[Rule, ...] = ()
    design: Design = field(factory=Design)
    fixed: Mapping[str, str] = field(factory=dict)
    variants: "tuple[Scenario, ...]" = ()

    @property
    def key(self) -> str:
        """A name that no other scenario of a study has: with the levels that are fixed."""
        return "".join((self.name, *(f".{factor}-{level}" for factor, level in self.fixed.items())))


@frozen
class ModelChoice:
    """A model by its `provider/name`, with options such as `effort high` as texts."""

    id: str
    options: Mapping[str, str]
    span: Span


@frozen
class Limits:
    """Bounds of a study: seconds a turn and a trial may take, US dollars it may cost (0 for no bound)."""

    turn_seconds: float = 240.0
    trial_seconds: float = 3600.0
    cost_dollars: float = 0.0


@frozen
class Primary:
    """The declared analysis: `primary OUTCOME given CONDITION contrast ARM - ARM by direction`.

    `given` and the contrast's arms are empty where the author named none.
    """

    outcome: str
    given: str
    contrast: tuple[str, ...]
    by: str
    span: Span


@frozen
class Detect:
    """The difference that the study must be able to show, and the power and level for it, as fractions."""

    difference: float
    power: float
    alpha: float
    span: Span


@frozen
class Study:
    """Scenarios x models x repeats, limits, judge and the analysis declared before the run."""

    name: str
    scenarios: tuple[Scenario, ...]
    models: tuple[ModelChoice, ...]
    repeat: int
    limits: Limits
    judge: str
    judge_votes: int
    harness: str
    primary: tuple[Primary, ...]
    detect: tuple[Detect, ...]
    doc: str
    span: Span


@frozen
class Model:
    """All that one file and its imports declare, resolved.

    Attributes:
        about: what the file says about itself, at most one.
        allowances: findings that are accepted on purpose.
        source_digest: sha256 over the contents of all files that the model was made from.
    """

    studies: tuple[Study, ...]
    scenarios: tuple[Scenario, ...]
    patterns: tuple[Pattern, ...]
    rubrics: tuple[Rubric, ...]
    source_digest: str = field(default="")
    about: tuple[About, ...] = ()
    allowances: tuple[Allowance, ...] = ()
