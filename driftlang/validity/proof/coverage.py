"""What no test exercises.

In: patterns, rubrics, the solutions that were played. Out: `Coverage`; a warning in the sink for each expression of
a pattern that takes part in no hit, no miss and no solution.
Refuses to do: demanding. What is not covered is said, and fails nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.evidence import patterns_of
from driftlang.model.forms import Pattern, Regex, Rubric, Scenario
from driftlang.observe.forms import StepObservation
from driftlang.score.probe import probe
from driftlang.score.scorer import bank_pattern
from driftlang.source import Span
from driftlang.validity.proof.forms import Coverage
from driftlang.validity.proof.patterns import observe
from driftlang.validity.proof.plays import Play

#: What solutions did, by the place of the pattern that looks at it.
_Seen = dict[Span, list[tuple[StepObservation, Mapping[str, bytes]]]]


def cover(
    patterns: Sequence[Pattern],
    rubrics: Sequence[Rubric],
    played: Sequence[tuple[Scenario, Sequence[Play]]],
    sink: Sink,
) -> Coverage:
    """What neither examples nor the played solutions exercise."""
    seen = _seen_of(played)
    untested = []
    for pattern in patterns:
        for name, word, regex in _untested(pattern, seen):
            untested.append(name)
            sink.warn(
                "match-untested",
                f"no `hit`, `miss` or solution exercises this `{word}` of `{pattern.name}`",
                regex.span,
                help="add a `hit` that it alone finds, or remove it"
                if word == "match"
                else "add a `miss` that only it takes out, or remove it",
            )
    return Coverage(
        without_hit=_each_once(pattern.name for pattern in patterns if not pattern.hits),
        without_miss=_each_once(pattern.name for pattern in patterns if not pattern.misses),
        untested=_each_once(untested),
        without_solution=_each_once(
            f"{scenario.tasks.name}.{step.name}"
            for scenario, _ in played
            for step in scenario.tasks.steps
            if not step.solutions and not step.is_filler
        ),
        without_example=_each_once(rubric.name for rubric in rubrics if not rubric.examples),
    )


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _seen_of(played: Sequence[tuple[Scenario, Sequence[Play]]]) -> _Seen:
    seen: _Seen = {}
    for scenario, plays in played:
        conditions = [side for constraint in scenario.constraints for side in (constraint.kept, constraint.broken)]
        spans = dict.fromkeys(pattern.span for condition in conditions for pattern in patterns_of(condition))
        for span in spans:
            seen.setdefault(span, []).extend((play.observation.steps[-1], play.tree) for play in plays)
    return seen


def _untested(pattern: Pattern, seen: _Seen) -> Iterator[tuple[str, str, Regex]]:
    """`PATTERN:NUMBER` (of the `match`es, then of the `unless`es), the word, the expression."""
    compiled = bank_pattern(pattern)
    matched: set[int] = set()
    excused: set[int] = set()
    examples = [observe(pattern, example) for example in (*pattern.hits, *pattern.misses)]
    for step, tree in (*((each.step, each.tree) for each in examples), *seen.get(pattern.span, ())):
        for found in probe(compiled, step, tree):
            matched.update(found.match)
            # An `unless` that meets nothing which a `match` found takes nothing out; what is copied is not seen here.
            excused.update(found.unless if found.match or pattern.copies else ())
    for position, regex in enumerate(pattern.match):
        if position not in matched:
            yield f"{pattern.name}:{position + 1}", "match", regex
    for position, regex in enumerate(pattern.unless):
        if position not in excused:
            yield f"{pattern.name}:{len(pattern.match) + position + 1}", "unless", regex
