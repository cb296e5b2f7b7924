"""Worked examples of a rubric, beside what the patterns say of the same text.

In: a rubric and the constraints that it judges. Out: `RubricProof`; a warning in the sink for each that differs.
Refuses to do: saying who is right. Patterns are the ones that are tested by `hit` and `miss`; a judge that learns from
an example which they contradict will disagree with them in the results.
"""

from collections.abc import Iterator, Mapping, Sequence

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.evidence import patterns_of
from driftlang.model.forms import Constraint, Pattern, Rubric, RubricExample
from driftlang.model.globs import path_matcher
from driftlang.observe.forms import Change, CommandRun
from driftlang.score.example import Example, step_of
from driftlang.score.forms import Rule, Scorer
from driftlang.score.rule import Verdict, compile_rule
from driftlang.score.sample_path import sample_path
from driftlang.score.scorer import bank_pattern, unparse
from driftlang.validity.proof.forms import RubricProof

#: The label that an outcome contradicts.
_OPPOSITE = {"kept": "broken", "broken": "kept"}


def prove_rubric(rubric: Rubric, constraints: Sequence[Constraint], sink: Sink) -> RubricProof:
    """Compare the examples that name a constraint with its patterns, as they read at each level."""
    contradicted = 0
    for example in rubric.examples:
        opposed = [
            (constraint, verdict)
            for constraint in constraints
            if constraint.name == example.constraint and example.label in _OPPOSITE
            if _sides(verdict := _judge(constraint, example)) == (_OPPOSITE[example.label],)
        ]
        for constraint, verdict in opposed[:1]:
            contradicted += 1
            _report(rubric, example, constraint, verdict, sink)
    return RubricProof(rubric.name, len(rubric.examples), contradicted)


def _sides(verdict: Verdict) -> tuple[str, ...]:
    return (*(("kept",) if verdict.is_kept else ()), *(("broken",) if verdict.is_broken else ()))


def _judge(constraint: Constraint, example: RubricExample) -> Verdict:
    patterns = _patterns(constraint)
    scorer = Scorer(
        patterns=tuple(bank_pattern(pattern) for pattern in patterns.values()),
        rules={constraint.name: Rule(unparse(constraint.kept), unparse(constraint.broken))},
        favors={constraint.name: constraint.favors.name},
        both=constraint.conflict.both,
    )
    text = "".join(part if isinstance(part, str) else f"{{{{ {part.name} }}}}" for part in example.text.parts)
    shown = _shown(text, patterns)
    return compile_rule(scorer, constraint.name).judge(shown.step, shown.tree)


def _patterns(constraint: Constraint) -> Mapping[str, Pattern]:
    return {pattern.name: pattern for side in (constraint.kept, constraint.broken) for pattern in patterns_of(side)}


def _shown(text: str, patterns: Mapping[str, Pattern]) -> Example:
    """The text as a step: lines with `+` and `-` as a diff has them, with `$ ` as commands, else as what was added."""
    lines = text.strip("\n").split("\n")
    commands = tuple(CommandRun(line.removeprefix("$ "), 0) for line in lines if line.startswith("$ "))
    rest = [line for line in lines if not line.startswith("$ ")]
    is_diff = any(line.startswith(("+", "-")) for line in rest)
    before = "".join(f"{line[1:]}\n" for line in rest if is_diff and not line.startswith("+"))
    after = "".join(f"{line[1:] if is_diff else line}\n" for line in rest if not (is_diff and line.startswith("-")))
    changes = tuple(Change(path, before.encode(), after.encode()) for path in _paths(patterns) if before != after)
    return step_of(*changes, commands=commands, reply="" if is_diff or commands else text)


def _paths(patterns: Mapping[str, Pattern]) -> Iterator[str]:
    """A path for each pattern that has globs; one that another's globs cover as well stands for both."""
    paths: list[str] = []
    for pattern in patterns.values():
        include, exclude = pattern.globs.include, pattern.globs.exclude
        if include and not any(path_matcher(include, exclude)(path) for path in paths):
            path = sample_path(include, exclude)
            if path:
                paths.append(path)
                yield path


def _report(rubric: Rubric, example: RubricExample, constraint: Constraint, verdict: Verdict, sink: Sink) -> None:
    side = constraint.broken if verdict.is_broken else constraint.kept
    wanted = {pattern.name for pattern in patterns_of(side)}
    hit = next((hit for hit in verdict.hits if hit.pattern in wanted), None)
    because = f": `{hit.pattern}` hits `{hit.text}`" if hit else ""
    sink.warn(
        "example-contradicted",
        f"`{rubric.name}` shows this as {example.label} for `{constraint.name}`, which its patterns call "
        f"{_OPPOSITE[example.label]}{because}",
        example.span,
        help="mend the label or the pattern: a judge taught by this example would disagree with the patterns",
        labels=(Label(constraint.span, f"`{constraint.name}` is {_OPPOSITE[example.label]} when `{unparse(side)}`"),),
    )
