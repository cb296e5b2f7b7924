"""What the models had read when they acted: a row a cell, a row a message, a row a step.

In: what was gathered. Out: `ExposureView`s for the page; rows of the tables `exposure.csv` and `context.csv`.
Refuses to do: a judgement. A step whose message nobody read stays in every rate as it was scored; steps that were not
measured, as in records of former versions, are left out here.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from attrs import frozen

from driftlang.estimate.forms import CellKey
from driftlang.exposure.forms import NOWHERE, MessageExposure
from driftlang.report.forms import Gathered, StepDetail, TrialDetail
from driftlang.report.tables import Row, named
from driftlang.score.forms import Outcome


@frozen
class Violation:
    """A step in which the constraint or the user's words did not reach the model as planned."""

    trial: TrialDetail
    step: StepDetail


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


def view_exposures(gathered: Gathered, cells: Sequence[CellKey]) -> tuple[ExposureView, ...]:
    """A view of each cell that has measured steps, in the order of `cells`."""
    measured: dict[CellKey, list[tuple[TrialDetail, StepDetail]]] = {cell: [] for cell in cells}
    for trial, step in _measured(gathered):
        measured[trial.cell].append((trial, step))
    return tuple(_view(cell, found) for cell, found in measured.items() if found)


def _measured(gathered: Gathered) -> Iterator[tuple[TrialDetail, StepDetail]]:
    for trial in gathered.details:
        for step in trial.steps:
            if step.exposure.context.calls:
                yield trial, step


def _view(cell: CellKey, found: Sequence[tuple[TrialDetail, StepDetail]]) -> ExposureView:
    scored = [step for _, step in found if step.outcome.outcome is not Outcome.ERROR]
    own = [messages for step in scored if (messages := own_messages(step))]
    distances = [one.tokens_back for messages in own for one in messages if one.is_read_before_edit and one.copies]
    positions = sorted({step.outcome.position for step in scored})
    return ExposureView(
        cell=cell,
        steps=len(scored),
        pressed=len(own),
        read=sum(any(one.is_read_before_edit for one in messages) for messages in own),
        tokens_back=round(median(distances)) if distances else NOWHERE,
        tokens_first=_size(scored, positions[:1]),
        tokens_last=_size(scored, positions[-1:]),
        violations=tuple(Violation(trial, step) for trial, step in found if step.exposure.integrity.violations),
    )


def own_messages(step: StepDetail) -> list[MessageExposure]:
    """The messages that were placed before this very step."""
    return [one for one in step.exposure.messages if one.position == step.outcome.position]


def _size(steps: Sequence[StepDetail], positions: Sequence[int]) -> int:
    sizes = [step.exposure.context.prompt_tokens for step in steps if step.outcome.position in positions]
    return round(median(sizes)) if sizes else 0


#: Columns of an empty table.
MESSAGE_COLUMNS = ("trial", "position", "step", "said_at", "message", "read_before_edit")
CONTEXT_COLUMNS = ("trial", "position", "step", "calls", "violations")


def message_rows(gathered: Gathered) -> list[Row]:
    """One row a step and message that was placed so far; a former one with what had become of it in its file."""
    rows: list[Row] = []
    for trial, step in _measured(gathered):
        texts = _texts(trial)
        fates = {one.text: one.fate for one in step.earlier}
        for one in step.exposure.messages:
            is_former = one.position < step.outcome.position
            fate = fates.get(texts.get((one.position, one.number), ""), "") if is_former else ""
            rows.append({**_step(trial, step), **_message(one), "fate": fate})
    return rows


def _texts(trial: TrialDetail) -> dict[tuple[int, int], str]:
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


def context_rows(gathered: Gathered) -> list[Row]:
    """One row a step: how much its calls showed, and whether as planned."""
    return [{**_step(trial, step), **_context(step)} for trial, step in _measured(gathered)]


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
