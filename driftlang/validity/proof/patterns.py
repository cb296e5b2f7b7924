"""Every `hit` and `miss` of a pattern, through the bank that scores runs.

In: a pattern. Out: `PatternProof`; errors in the sink for what hits and must not, and what must and does not.
Refuses to do: counting, an example shows one unit, whatever `at least` says; and `copies`, which needs the files that
are copied, and an example is a step in an empty repository: a `hit` of such a pattern is not held against it.
"""

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Pattern, PatternExample
from driftlang.score.bank import compile_bank
from driftlang.score.example import Example, example_of
from driftlang.score.forms import BankPattern
from driftlang.score.probe import Probe, probe
from driftlang.score.scorer import bank_pattern
from driftlang.validity.proof.forms import PatternProof

#: Characters of a unit that a message shows.
_LONGEST = 100


def prove_pattern(pattern: Pattern, sink: Sink) -> PatternProof:
    """Run the examples of a pattern; each that fails is an error at its place."""
    compiled = bank_pattern(pattern)
    bank, failed = compile_bank([compiled]), 0
    for example in pattern.hits:
        shown = observe(pattern, example)
        if not bank.hits(shown.step, shown.tree) and not pattern.copies:
            failed += 1
            _report_missing(pattern, example, probe(compiled, shown.step, shown.tree), sink)
    for example in pattern.misses:
        shown = observe(pattern, example)
        found = bank.hits(shown.step, shown.tree)
        if found:
            failed += 1
            _report_noisy(pattern, example, compiled, shown, sink)
    return PatternProof(pattern.name, pattern.surface, len(pattern.hits), len(pattern.misses), failed)


def observe(pattern: Pattern, example: PatternExample) -> Example:
    """The example as a step that the bank can look at."""
    return example_of(pattern.surface, (pattern.globs.include, pattern.globs.exclude), example.path, example.text)


def _report_noisy(pattern: Pattern, example: PatternExample, compiled: BankPattern, shown: Example, sink: Sink) -> None:
    hitting = [each for each in probe(compiled, shown.step, shown.tree) if each.match and not each.unless]
    labels = tuple(
        Label(pattern.match[position].span, f"this `match` hits `{excerpt(each.unit.text)}`")
        for each in hitting[:1]
        for position in each.match
    )
    sink.error(
        "pattern-noisy",
        f"the pattern `{pattern.name}` hits what it must miss",
        example.span,
        help="narrow the `match`, or add an `unless` for what this example stands for",
        labels=labels,
    )


def _report_missing(pattern: Pattern, example: PatternExample, probes: tuple[Probe, ...], sink: Sink) -> None:
    reason, action, labels = _why_not(pattern, probes)
    sink.error(
        "pattern-missing",
        f"the pattern `{pattern.name}` misses what it must hit: {reason}",
        example.span,
        help=action,
        labels=labels,
    )


def _why_not(pattern: Pattern, probes: tuple[Probe, ...]) -> tuple[str, str, tuple[Label, ...]]:
    """Why no unit was hit, what to do, and where."""
    here = Label(pattern.span, f"`{pattern.name}` looks at {pattern.surface}")
    if not probes:
        return f"there is no {pattern.surface} in it", "write the example as the surface has it", (here,)
    covered = [each for each in probes if each.is_path]
    if not covered:
        path = probes[0].unit.path
        return f"its globs do not cover `{path}`", "mend the globs of `on`, or the example's path", (here,)
    stopped = [each for each in covered if each.match and each.unless]
    if stopped:
        labels = (
            Label(pattern.match[stopped[0].match[0]].span, "this `match` would hit it"),
            Label(pattern.unless[stopped[0].unless[0]].span, "this `unless` takes it out again"),
        )
        return "an `unless` takes it out", "narrow the `unless`", labels
    shown = excerpt(covered[0].unit.text)
    return f"no `match` is in `{shown}`", "widen a `match`, or add one", (here,)


def excerpt(text: str) -> str:
    """The text on one line, cut where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"
