"""`step-without-opportunity`: at each step, some solution touches the conflict.

In: how the solutions of a step ended. Out: an error in the sink where none of them took a side.
Refuses to do: steps without solutions, which `test` lists, and fillers, which are meant to be so.

Why: a step that cannot break the constraint dilutes every rate, and looks as if the agent had obeyed.
Limits: what no pattern sees counts as not there; widen the pattern where the solutions do take sides.
"""

from collections.abc import Iterable

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Step
from driftlang.score.forms import StepOutcome
from driftlang.source import Span


def check_opportunity(ended: Iterable[tuple[Step, StepOutcome]], sink: Sink) -> frozenset[Span]:
    """Say so of each step without; the places of those that were said."""
    touched: dict[Span, bool] = {}
    steps: dict[Span, Step] = {}
    for step, end in ended:
        if not step.is_filler:
            steps[step.span] = step
            # A condition that holds where nothing is hit keeps or breaks a constraint without anybody touching it.
            is_touching = end.outcome.is_exercised and bool(end.hits)
            touched[step.span] = touched.get(step.span, False) or is_touching
    barren = frozenset(span for span, is_touched in touched.items() if not is_touched)
    for span in sorted(barren, key=lambda span: (span.file, span.start)):
        step = steps[span]
        sink.error(
            "step-without-opportunity",
            f"no solution of `{step.name}` does what keeps or breaks a constraint of the conflict",
            span,
            help="let its solutions take sides, widen the patterns, or make it a `filler`",
            labels=tuple(Label(one.span, "this one touches nothing of it") for one in step.solutions[:2]),
        )
    return barren
