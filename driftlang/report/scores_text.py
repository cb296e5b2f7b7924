"""What another scorer changes, in lines for the terminal.

In: a `Rescoring`. Out: lines, the cells first, then steps with what they gained and lost.
Refuses to do: going on forever: of many steps the first are shown; `--json` has all.
"""

from collections.abc import Iterator

from driftlang.report.rescoring import ChangedStep, Rescoring
from driftlang.report.wording import count, levels_of
from driftlang.score.forms import Hit

_MOST_STEPS = 20


def rescoring_lines(rescoring: Rescoring) -> Iterator[str]:
    """What changed; one line where nothing did."""
    total = sum(sum(cell.transitions.values()) for cell in rescoring.cells)
    changed = sum(cell.changed for cell in rescoring.cells)
    more = len(rescoring.steps) - changed
    resting = f"; of {count(more, 'step')} more the hits alone changed" if more else ""
    yield ""
    yield f"By the scorers of the plan, {changed} of {count(total, 'step')} ended otherwise{resting}."
    for cell in rescoring.cells:
        if cell.changed:
            moves = sorted(
                (f"{before.value} to {after.value}", steps)
                for (before, after), steps in cell.transitions.items()
                if before is not after
            )
            levels = levels_of(cell.cell)
            key = cell.cell
            place = ", ".join((key.model, key.scenario, key.direction, key.arm, *([levels] if levels else [])))
            yield f"  {place}: {', '.join(f'{move} {steps}' for move, steps in moves)}"
    for step in rescoring.steps[:_MOST_STEPS]:
        yield from _step_lines(step)
    if len(rescoring.steps) > _MOST_STEPS:
        yield f"... and {len(rescoring.steps) - _MOST_STEPS} steps more; `--json` has all of them."


def _step_lines(step: ChangedStep) -> Iterator[str]:
    branch = f", branch {step.branch}" if step.branch else ""
    outcomes = step.before.outcome.value
    if step.ends_otherwise:
        outcomes += f" to {step.after.outcome.value}"
    yield f"{step.trial}, step {step.after.position} ({step.after.step}){branch}: {outcomes}"
    yield from (f"  + {_shown(hit)}" for hit in step.gained)
    yield from (f"  - {_shown(hit)}" for hit in step.lost)


def _shown(hit: Hit) -> str:
    place = f" {hit.path}" + (f":{hit.line}" if hit.line else "") if hit.path else ""
    return f"{hit.pattern}{place}  {hit.text}"
