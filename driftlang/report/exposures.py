"""What the models had read when they acted: a row a cell, a row a message, a row a step.

In: what was gathered. Out: `ExposureView`s for the page; rows of the tables `exposure.csv` and `context.csv`.
Refuses to do: a judgement. A step whose message nobody read stays in every rate as it was scored; steps that were not
measured, as in records of former versions, are left out here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import median

from attrs import frozen

from driftlang.estimate.forms import CellKey, ScoredTrial
from driftlang.exposure.forms import NOWHERE, MessageExposure
from driftlang.report.forms import Gathered, StepDetail, TrialDetail
from driftlang.report.tables import CELL_COLUMNS, Row, named
from driftlang.score.forms import Outcome


@frozen
class SeenTrial:
    """What was measured of a trial, as `ExposureView` counts it; steps in error count for violations alone.

    Attributes:
        steps, pressed, read: see `ExposureView`.
        distances: how many tokens back each message stood that had been read before its step's first edit.
        first, last: position of the first step and of the last, each with the tokens of its context.
        violations: positions of steps, each with the ways in which it did not reach the model as planned.
    """

    steps: int = 0
    pressed: int = 0
    read: int = 0
    distances: Sequence[int] = ()
    first: Sequence[int] = (0, 0)
    last: Sequence[int] = (0, 0)
    violations: Sequence[tuple[int, Sequence[str]]] = ()


@frozen
class Violation:
    """A step in which the constraint or the user's words did not reach the model as planned, and how."""

    trial: str
    run: int
    position: int
    texts: Sequence[str]


@frozen
class ExposureView:
    """One cell; steps in error count for violations alone.

    Attributes:
        steps: steps that were measured.
        pressed: those before which a message was placed.
        read: those of them in which one of these messages had been read before the first edit.
        tokens_back: median distance of such a message from the end of the conversation; `NOWHERE` without one.
        tokens_first, tokens_last: median size of the context at the first step and at the last; 0 without usage.
        violations: the steps whose integrity was violated.
    """

    cell: CellKey
    steps: int
    pressed: int
    read: int
    tokens_back: int
    tokens_first: int
    tokens_last: int
    violations: tuple[Violation, ...]


def see_trial(trial: TrialDetail) -> SeenTrial:
    """What was measured of a trial."""
    measured = list(_measured(trial))
    scored = [step for step in measured if step.outcome.outcome is not Outcome.ERROR]
    own = [messages for step in scored if (messages := own_messages(step))]
    sizes = [(step.outcome.position, step.exposure.context.prompt_tokens) for step in scored] or [(0, 0)]
    broken = [(step.outcome.position, step.exposure.integrity.violations) for step in measured]
    return SeenTrial(
        steps=len(scored),
        pressed=len(own),
        read=sum(any(one.is_read_before_edit for one in messages) for messages in own),
        distances=[one.tokens_back for messages in own for one in messages if one.is_read_before_edit and one.copies],
        first=min(sizes),
        last=max(sizes),
        violations=[(position, texts) for position, texts in broken if texts],
    )


def view_exposures(gathered: Gathered, seen: Sequence[SeenTrial]) -> tuple[ExposureView, ...]:
    """A view of each cell that has measured steps, in the order of cells.

    Args:
        gathered: with evidence.
        seen: what was measured of each of its trials.
    """
    measured: dict[CellKey, list[tuple[ScoredTrial, SeenTrial]]] = {trial.cell: [] for trial in gathered.trials}
    for trial, one in zip(gathered.trials, seen, strict=True):
        if one.steps or one.violations:
            measured[trial.cell].append((trial, one))
    return tuple(_view(cell, found) for cell, found in measured.items() if found)


def _measured(trial: TrialDetail) -> Iterator[StepDetail]:
    return (step for step in trial.steps if step.exposure.context.calls)


def _view(cell: CellKey, found: Sequence[tuple[ScoredTrial, SeenTrial]]) -> ExposureView:
    seen = [one for _, one in found if one.steps]
    distances = [distance for one in seen for distance in one.distances]
    return ExposureView(
        cell=cell,
        steps=sum(one.steps for one in seen),
        pressed=sum(one.pressed for one in seen),
        read=sum(one.read for one in seen),
        tokens_back=round(median(distances)) if distances else NOWHERE,
        tokens_first=_size([one.first for one in seen], min),
        tokens_last=_size([one.last for one in seen], max),
        violations=tuple(
            Violation(trial.trial, trial.run, position, texts)
            for trial, one in found
            for position, texts in one.violations
        ),
    )


def own_messages(step: StepDetail) -> list[MessageExposure]:
    """The messages that were placed before this very step."""
    return [one for one in step.exposure.messages if one.position == step.outcome.position]


def _size(ends: Sequence[Sequence[int]], end: Callable[[Iterable[int]], int]) -> int:
    """Median size of the context at the outermost of the trials' ends; 0 without any."""
    if not ends:
        return 0
    outermost = end(position for position, _ in ends)
    return round(median(tokens for position, tokens in ends if position == outermost))


_STEP_COLUMNS = (*CELL_COLUMNS, "run", "trial", "position", "step", "outcome")
#: Columns of the two tables.
MESSAGE_COLUMNS = (
    *_STEP_COLUMNS, "said_at", "number", "message", "read_before_edit", "calls", "kinds", "copies", "characters_back",
    "tokens_back", "messages_back", "compaction", "fate",
)  # fmt: skip
CONTEXT_COLUMNS = (
    *_STEP_COLUMNS, "calls", "first_edit", "prompt_tokens", "request_bytes", "messages", "constraint_elsewhere",
    "violations",
)  # fmt: skip


def message_rows(trial: TrialDetail) -> Iterator[Row]:
    """One row a step and message that was placed so far; a former one with what had become of it in its file."""
    texts = _texts(trial)
    for step in _measured(trial):
        fates = {one.text: one.fate for one in step.earlier}
        for one in step.exposure.messages:
            is_former = one.position < step.outcome.position
            fate = fates.get(texts.get((one.position, one.number), ""), "") if is_former else ""
            yield {**_step(trial, step), **_message(one), "fate": fate}


def _texts(trial: TrialDetail) -> Mapping[tuple[int, int], str]:
    return {
        (step.outcome.position, number): injection.text
        for step in trial.steps
        for number, (injection, _) in enumerate(step.injections)
    }


def _message(one: MessageExposure) -> Row:
    stands = one.characters_back != NOWHERE
    return {
        "said_at": one.position,
        "number": one.number + 1,
        "message": one.message,
        "read_before_edit": "yes" if one.is_read_before_edit else "no",
        "calls": one.calls,
        "kinds": "; ".join(one.kinds),
        "copies": one.copies,
        "characters_back": one.characters_back if stands else "",
        "tokens_back": one.tokens_back if stands else "",
        "messages_back": one.messages_back if stands else "",
        "compaction": one.compaction,
    }


def context_rows(trial: TrialDetail) -> Iterator[Row]:
    """One row a step: how much its calls showed, and whether as planned."""
    return ({**_step(trial, step), **_context(step)} for step in _measured(trial))


def _context(step: StepDetail) -> Row:
    context, integrity = step.exposure.context, step.exposure.integrity
    return {
        "calls": context.calls,
        "first_edit": context.first_edit or "",
        "prompt_tokens": context.prompt_tokens or "",
        "request_bytes": context.request_bytes,
        "messages": context.messages,
        "constraint_elsewhere": integrity.elsewhere,
        "violations": "; ".join(integrity.violations),
    }


def _step(trial: TrialDetail, step: StepDetail) -> Row:
    return {
        **named(trial.cell),
        "run": trial.run,
        "trial": trial.trial,
        "position": step.outcome.position,
        "step": step.outcome.step,
        "outcome": step.outcome.outcome.value,
    }
