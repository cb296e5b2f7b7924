"""What a report is made from: the runs, their trials, and what each step left to show.

In: nothing; this module defines. Out: `Gathered`, and `ReportPaths` for what was written.
Texts of an agent or a repository are kept as they came, cut to a size; escaping is the page's work.
"""

from collections.abc import Sequence
from pathlib import Path

from attrs import field, frozen

from driftlang.build.accepted import Accepted
from driftlang.cells.forms import Injection
from driftlang.estimate.forms import CellKey, ScoredTrial
from driftlang.estimate.rows import StepRow
from driftlang.exposure.forms import StepExposure
from driftlang.run.overview import ModelShare, RunnerShare
from driftlang.run.records import EarlierText
from driftlang.score.forms import StepOutcome


@frozen
class DiffLine:
    """A line to show of a diff: `kind` is `file`, `place`, `added`, `removed`, `same` or `note`.

    `number` is the line's in the file as the step left it, for a removed one as it found it; 0 where there is none. The
    text of a line `file` is its path, and what became of it in brackets.
    """

    kind: str
    text: str
    number: int = 0


@frozen
class CommandShown:
    """A command as shown; `exit` as in `CommandRun`."""

    command: str
    exit: int


@frozen
class ToolShown:
    """A use of a tool as shown: the turn's answer that it was in, the tool, and the file or command it was given."""

    answer: int
    tool: str
    what: str


@frozen
class StepDetail:
    """One step as the page shows it.

    Attributes:
        turn: the user's text.
        injections: what was injected before the turn, beside how that went.
        reply: the agent's last answer, cut.
        seconds: wall time of the turn; 0 where it never came to it.
        earlier: what had become of the texts that former steps had said in files.
        done: `yes` or `no` where checks said whether the work was done.
        tools: what the agent asked its tools to do, in order, cut.
    """

    outcome: StepOutcome
    turn: str
    targets: tuple[str, ...] = ()
    injections: tuple[tuple[Injection, str], ...] = ()
    diff: tuple[DiffLine, ...] = ()
    commands: tuple[CommandShown, ...] = ()
    reply: str = ""
    seconds: float = 0.0
    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    exposure: StepExposure = field(factory=StepExposure)
    earlier: tuple[EarlierText, ...] = ()
    done: str = ""
    tools: tuple[ToolShown, ...] = ()


@frozen
class TrialDetail:
    """One trial as the page shows it. `started` is in seconds since the epoch, UTC."""

    trial: str
    cell: CellKey
    run: int
    seed: int
    status: str
    reason: str
    attempts: int
    started: float
    seconds: float
    steps: tuple[StepDetail, ...]


@frozen
class Incomplete:
    """A planned trial that is in no rate: not begun, cut off, or without a step."""

    trial: str
    cell: CellKey
    run: int
    status: str
    reason: str


@frozen
class RunSource:
    """One run's folder and the plan in it; `folder` is its base name.

    Attributes:
        primary: the analysis declared before the run, in the language's words; several are parted by `; `.
        cost_dollars: the plan's limit of cost, 0 for none.
        accepted: findings that the author accepts on purpose.
        replayed: the digest of the run that this one has played again; empty where models were asked.
        scored: by what it was scored, where that is not its plan as it was built and begun; empty where it is.
        severity_tracks_step: whether in every script the severity rises over the steps and never falls.
        frozen_at: when the plan was frozen before the run, ISO 8601; empty where it was not.
        departures: what departs from what was frozen, in sentences.
        models: what each model has done and cost, in all attempts.
        runners: what made the attempts.
    """

    folder: str
    study: str
    source: str
    source_digest: str
    plan_digest: str
    compiler: str
    language: int
    harness: str
    primary: str
    planned: int
    cost_dollars: float = 0.0
    severity_tracks_step: bool = False
    replayed: str = ""
    accepted: tuple[Accepted, ...] = ()
    scored: str = ""
    frozen_at: str = ""
    departures: tuple[str, ...] = ()
    models: tuple[ModelShare, ...] = ()
    runners: tuple[RunnerShare, ...] = ()


@frozen
class ScoredBranch:
    """A branch of a scored trial: the arm that it went on in, the position of its first step, how its steps ended."""

    trial: str
    arm: str
    fork: int
    steps: tuple[StepOutcome, ...]


@frozen
class Gathered:
    """All that was read.

    Attributes:
        trials: scored trials, in the order of their plans.
        details: the same trials for the page, made when they are asked for; empty when no evidence was.
            See `kept_details.made_of_details` for what is made of each of them.
        repeated: ids of trials that stood in more than one run; one that finished counts before one that did not.
        sandboxes: what confined the agents of the scored trials, each with their number; empty where nobody said.
        rows: one a step of the scored trials, those of their branches included, in the order of `trials`.
        branches: what the trials forked into, in the order of `trials`.
    """

    runs: tuple[RunSource, ...]
    trials: tuple[ScoredTrial, ...]
    details: Sequence[TrialDetail] = ()
    incomplete: tuple[Incomplete, ...] = field(factory=tuple)
    repeated: tuple[str, ...] = field(factory=tuple)
    sandboxes: tuple[tuple[str, int], ...] = field(factory=tuple)
    rows: tuple[StepRow, ...] = field(factory=tuple)
    branches: tuple[ScoredBranch, ...] = field(factory=tuple)


@frozen
class ReportPaths:
    """Files of a report; `others` are figures and tables that were asked for."""

    html: Path
    cells_csv: Path
    rates_csv: Path
    outcomes_csv: Path
    context_csv: Path
    others: tuple[Path, ...] = ()
