"""Sides that are the wrong way round: exactly mirrored outcomes have one cause, not one a solution.

In: how solutions ended. Out: `solution-misscored` in the sink, once a constraint or step; what is left to report.
Refuses to do: guessing. All outcomes of a constraint, or of a step beside others that are right, must be mirrored.
"""

from collections.abc import Sequence

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.source import Span
from driftlang.validity.proof.ended import Ended


def report_swapped(judged: Sequence[Ended], sink: Sink) -> list[Ended]:
    """Say of constraints and steps that they are the wrong way round; the wrong outcomes that this does not explain."""
    told = [each for each in judged if not each.play.step.is_filler]
    constraints = {each.constraint.span: each.constraint for each in told}
    steps = {each.play.step.span: each.play.step for each in told}
    swapped = [span for span in constraints if _are_mirrored([one for one in told if one.constraint.span == span])]
    for span in swapped:
        constraint = constraints[span]
        sink.error(
            "solution-misscored",
            f"`kept` and `broken` of `{constraint.name}` seem swapped: every solution ends as the other one must",
            span,
            help="swap the two expressions, or what the constraint `favors`",
        )
    left = [each for each in judged if each.constraint.span not in swapped]
    turned = [span for span in steps if _are_mirrored([one for one in left if one.play.step.span == span])]
    for span in turned:
        _report_step([each for each in left if each.play.step.span == span], sink)
    return [each for each in left if not each.is_right and each.play.step.span not in turned]


def _are_mirrored(judged: Sequence[Ended]) -> bool:
    """Whether all of two solutions or more are."""
    return len(_solutions(judged)) > 1 and all(each.is_mirrored for each in judged)


def _solutions(judged: Sequence[Ended]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(each.play.solution.span for each in judged))


def _report_step(judged: Sequence[Ended], sink: Sink) -> None:
    step = judged[0].play.step
    sink.error(
        "solution-misscored",
        f"the solutions of `{step.name}` seem swapped: each ends as the other one must",
        step.span,
        help="swap the values that the solutions are for",
        labels=tuple(Label(solution.span, "this serves the other of the values") for solution in step.solutions),
    )
