"""What the models had read when they acted: a row a cell, a row a message, a row a step.

In: what was gathered. Out: `ExposureView`s for the page; rows of the tables `exposure.csv` and `context.csv`.
Refuses to do: a judgement. A step whose message nobody read stays in every rate as it was scored; steps that were not
measured, as in records of former versions, are left out here.
"""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from attrs import frozen

from driftlang.estimate.forms import CellKey
from driftlang.exposure.forms import NOWHERE, MessageExposure
from driftlang.report.forms import Gathered, StepDetail, TrialDetail
from driftlang.report.tables import CELL_COLUMNS, Row, named
from driftlang.score.forms import Outcome


@frozen
class SeenStep:
    """What was measured of one step, as `ExposureView` counts it.

    Attributes:
        is_error: whether it counts for violations alone.
        pressed: whether a message was placed before it; read: whether one of these had been read before the first edit.
        distances: how many tokens back each of those that had been read stood then.
        prompt_tokens: size of the context; 0 without usage.
        violations: ways in which the constraint or the user's words did not reach the model as planned.
    """

    position: int
    is_error: bool
    pressed: bool
    read: bool
    distances: Sequence[int]
    prompt_tokens: int
    violations: Sequence[str]


@frozen
class Violation:
    """A step in which the constraint or the user's words did not reach the model as planned."""

    trial: str
    run: int
    step: SeenStep


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


def seen_steps(trial: TrialDetail) -> tuple[SeenStep, ...]:
    """What was measured of each step of a trial."""
    return tuple(map(_seen, _measured(trial)))


def _seen(step: StepDetail) -> SeenStep:
    own = own_messages(step)
    return SeenStep(
        position=step.outcome.position,
        is_error=step.outcome.outcome is Outcome.ERROR,
        pressed=bool(own),
        read=any(one.is_read_before_edit for one in own),
        distances=[one.tokens_back for one in own if one.is_read_before_edit and one.copies],
        prompt_tokens=step.exposure.context.prompt_tokens,
        violations=step.exposure.integrity.violations,
    )


def view_exposures(gathered: Gathered, seen: Sequence[Sequence[SeenStep]]) -> tuple[ExposureView, ...]:
    """A view of each cell that has measured steps, in the order of cells.

    Args:
        gathered: with evidence.
        seen: the steps of each of its trials.
    """
    measured: dict[CellKey, list[tuple[str, int, SeenStep]]] = {trial.cell: [] for trial in gathered.trials}
    for trial, steps in zip(gathered.trials, seen, strict=True):
        measured[trial.cell] += [(trial.trial, trial.run, step) for step in steps]
    return tuple(_view(cell, found) for cell, found in measured.items() if found)


def _measured(trial: TrialDetail) -> Iterator[StepDetail]:
    return (step for step in trial.steps if step.exposure.context.calls)


def _view(cell: CellKey, found: Sequence[tuple[str, int, SeenStep]]) -> ExposureView:
    scored = [step for _, _, step in found if not step.is_error]
    distances = [distance for step in scored for distance in step.distances]
    positions = sorted({step.position for step in scored})
    return ExposureView(
        cell=cell,
        steps=len(scored),
        pressed=sum(step.pressed for step in scored),
        read=sum(step.read for step in scored),
        tokens_back=round(median(distances)) if distances else NOWHERE,
        tokens_first=_size(scored, positions[:1]),
        tokens_last=_size(scored, positions[-1:]),
        violations=tuple(Violation(trial, run, step) for trial, run, step in found if step.violations),
    )


def own_messages(step: StepDetail) -> list[MessageExposure]:
    """The messages that were placed before this very step."""
    return [one for one in step.exposure.messages if one.position == step.outcome.position]


def _size(steps: Sequence[SeenStep], positions: Sequence[int]) -> int:
    sizes = [step.prompt_tokens for step in steps if step.position in positions]
    return round(median(sizes)) if sizes else 0


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
