"""Every reference solution of a scenario, scored as a run is, beside what its value implies.

In: a scenario. Out: `ScenarioProof`; an error in the sink for each solution that ends otherwise.
Refuses to do: mending. A solution keeps the constraint that favours its value and breaks the other; one of a `filler`
touches neither.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from attrs import frozen

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Constraint, Pattern, Scenario, Solution, Step
from driftlang.score.bank import compile_expression
from driftlang.score.forms import Outcome, StepOutcome
from driftlang.score.outcomes import score_trial
from driftlang.score.scorer import make_scorer
from driftlang.validity.proof.blame import Blame, blame
from driftlang.validity.proof.forms import PLAIN, ScenarioProof
from driftlang.validity.proof.mutation import Tally, is_as_expected, prove_mutants
from driftlang.validity.proof.opportunity import check_opportunity
from driftlang.validity.proof.patterns import excerpt
from driftlang.validity.proof.plays import Play, plays_of

#: Labels of one diagnostic: more would bury the place that it is about.
_MOST_LABELS = 6


@frozen
class _Misscored:
    """A solution that did not end as its value implies under a constraint."""

    play: Play
    constraint: Constraint
    expected: str
    ended: StepOutcome
    blame: Blame


def prove_solutions(
    scenario: Scenario, is_wanted: Callable[[Step], bool], sink: Sink
) -> tuple[ScenarioProof, tuple[Play, ...]]:
    """Score the solutions of the wanted steps under every constraint; what was played is handed back as well."""
    plays = tuple(play for play in plays_of(scenario, sink) if is_wanted(play.step))
    scorer, tally = make_scorer(scenario), Tally()
    wrong: list[_Misscored] = []
    endings: list[tuple[Step, Outcome]] = []
    for play in plays:
        for constraint in scenario.constraints:
            ended = score_trial(play.observation, scorer, constraint.name).steps[-1]
            expected = _expected(play, constraint)
            is_right = is_as_expected(ended.outcome, expected)
            endings.append((play.step, ended.outcome))
            tally.add(PLAIN, expected, ended.outcome, is_right=is_right)
            if not is_right:
                wrong.append(_Misscored(play, constraint, expected, ended, _blame(constraint, expected, ended)))
    barren = check_opportunity(endings, sink)
    _report([each for each in wrong if each.play.step.span not in barren], sink)
    misscored = {each.play.solution.span for each in wrong}
    prove_mutants(scenario, scorer, [play for play in plays if play.solution.span not in misscored], tally, sink)
    steps = [step for step in scenario.tasks.steps if is_wanted(step)]
    proof = ScenarioProof(
        name=scenario.name,
        directions=tuple(constraint.name for constraint in scenario.constraints),
        steps=len(steps),
        solutions=sum(len(step.solutions) for step in steps),
        outcomes=len(plays) * len(scenario.constraints),
        failed=len(wrong),
        confusion=tally.rows(),
    )
    return proof, plays


def _expected(play: Play, constraint: Constraint) -> str:
    if play.step.is_filler:
        return "not exercised"
    own = play.solution.value.name == constraint.favors.name
    return Outcome.KEPT.value if own else Outcome.BROKEN.value


def _blame(constraint: Constraint, expected: str, ended: StepOutcome) -> Blame:
    hits = Counter(hit.pattern for hit in ended.hits)
    kept = blame(constraint.kept, should_hold=expected == "kept", hits=hits)
    return kept.and_(blame(constraint.broken, should_hold=expected == "broken", hits=hits))


def _report(wrong: Sequence[_Misscored], sink: Sink) -> None:
    """One error a solution: the first way in which it is wrong, and how many there are."""
    of_solution: dict[int, list[_Misscored]] = {}
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


def _ending(each: _Misscored) -> str:
    return f"{each.ended.outcome.value} under `{each.constraint.name}` (expected {each.expected})"


def _after(play: Play) -> str:
    if not play.before:
        return ""
    return ", after " + ", ".join(f"`{step}` for `{value}`" for step, value in play.before)


def _action(first: _Misscored) -> str:
    if first.blame.noisy and first.blame.missing:
        return "mend the patterns of the constraint, or the solution"
    if first.blame.noisy:
        return f"narrow `{first.blame.noisy[0].name}`, which is noisy, or mend the solution"
    if first.blame.missing:
        return f"widen `{first.blame.missing[0].name}`, which is missing, or mend the solution"
    return f"mend the solution: {first.ended.reason}"


def _labels(group: Sequence[_Misscored], solution: Solution) -> tuple[Label, ...]:
    """The patterns that are to blame, noisy ones where they match."""
    labels: dict[tuple[int, int, int], Label] = {}
    for each in group:
        for pattern in each.blame.noisy:
            label = _noisy_label(pattern, each)
            labels.setdefault((label.span.file, label.span.start, label.span.end), label)
        for pattern in each.blame.missing:
            text = f"`{pattern.name}` is missing: it hits nothing of the solution `{solution.value.name}`"
            span = pattern.span
            labels.setdefault((span.file, span.start, span.end), Label(span, text))
    return tuple(labels.values())


def _noisy_label(pattern: Pattern, each: _Misscored) -> Label:
    hit = next(hit for hit in each.ended.hits if hit.pattern == pattern.name)
    place = f" in {hit.path}" if hit.path else ""
    regex = next((one for one in pattern.match if compile_expression(pattern.name, one.source)(hit.text)), None)
    span = regex.span if regex else pattern.span
    return Label(span, f"`{pattern.name}` is noisy: it hits `{excerpt(hit.text)}`{place}")
