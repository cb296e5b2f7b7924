"""Solutions that are misscored → findings, one a solution.

In: solutions that ended as they must not. Out: `solution-misscored` in the sink.
Refuses to do: mending.
"""

from collections.abc import Sequence

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import PATHLESS_SURFACES, Pattern, Solution
from driftlang.model.globs import path_matcher
from driftlang.score.bank import compile_expression
from driftlang.validity.proof.ended import Ended, blamed
from driftlang.validity.proof.patterns import excerpt
from driftlang.validity.proof.plays import Play

#: Labels of one diagnostic: more would bury the place that it is about.
_MOST_LABELS = 6


def report_misscored(wrong: Sequence[Ended], sink: Sink) -> None:
    """One error a solution: the first way in which it is wrong, and how many there are."""
    of_solution: dict[int, list[Ended]] = {}
    for each in wrong:
        of_solution.setdefault(id(each.play.solution), []).append(each)
    for group in of_solution.values():
        first = group[0]
        solution, step = first.play.solution, first.play.step
        also = list(dict.fromkeys(_ending(each) for each in group[1:] if _ending(each) != _ending(first)))
        sink.error(
            "solution-misscored",
            f"the solution `{solution.value.name}` of `{step.name}` ends as {_ending(first)}"
            + "".join(f", and as {ending}" for ending in also)
            + _after(first.play),
            solution.span,
            help=_action(first),
            labels=_labels(group, solution)[:_MOST_LABELS],
        )


def _ending(each: Ended) -> str:
    return f"{each.ended.outcome.value} under `{each.constraint.name}` (expected {each.expected})"


def _after(play: Play) -> str:
    if not play.before:
        return ""
    return ", after " + ", ".join(f"`{step}` for `{value}`" for step, value in play.before)


def _action(first: Ended) -> str:
    if blamed(first).noisy and blamed(first).missing:
        return "mend the patterns of the constraint, or the solution"
    if blamed(first).noisy:
        return f"narrow `{blamed(first).noisy[0].name}`, which is noisy, or mend the solution"
    if blamed(first).missing and not takes_in(blamed(first).missing[0], first.play):
        return f"mend the globs of `{blamed(first).missing[0].name}`, or the paths of the solution"
    if blamed(first).missing:
        return f"widen `{blamed(first).missing[0].name}`, which is missing, or mend the solution"
    return f"mend the solution: {first.ended.reason}"


def _labels(group: Sequence[Ended], solution: Solution) -> tuple[Label, ...]:
    """The patterns that are to blame, noisy ones where they match."""
    labels: dict[tuple[int, int, int], Label] = {}
    for each in group:
        for pattern in blamed(each).noisy:
            label = _noisy_label(pattern, each)
            labels.setdefault((label.span.file, label.span.start, label.span.end), label)
        for pattern in blamed(each).missing:
            text = f"`{pattern.name}` is missing: it hits nothing of the solution `{solution.value.name}`"
            if not takes_in(pattern, each.play):
                text = f"`{pattern.name}` is missing: its glob takes in none of the files that the solution wrote"
            span = pattern.span
            labels.setdefault((span.file, span.start, span.end), Label(span, text))
    return tuple(labels.values())


def _noisy_label(pattern: Pattern, each: Ended) -> Label:
    hit = next(hit for hit in each.ended.hits if hit.pattern == pattern.name)
    place = f" in {hit.path}" if hit.path else ""
    regex = next((one for one in pattern.match if compile_expression(pattern.name, one.flagged)(hit.text)), None)
    span = regex.span if regex else pattern.span
    return Label(span, f"`{pattern.name}` is noisy: it hits `{excerpt(hit.text)}`{place}")


def takes_in(pattern: Pattern, play: Play) -> bool:
    """Whether the globs of a pattern take in a file that the solution wrote; a pattern without globs sees all."""
    paths = [change.path for change in play.observation.steps[-1].changes]
    if pattern.surface in PATHLESS_SURFACES or not paths:
        return True
    return any(map(path_matcher(pattern.globs.include, pattern.globs.exclude), paths))
