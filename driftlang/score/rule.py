"""A rule ready to use: the patterns of one direction compiled, its two expressions read.

In: a `Scorer` and a direction. Out: `Verdict`s on what a step did.
Refuses to do: anything that needs more than one step; see `outcomes`.
"""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from attrs import frozen

from driftlang.diagnostics.failure import Failure
from driftlang.observe.forms import StepObservation
from driftlang.score.bank import NO_FILES, Bank, compile_bank
from driftlang.score.expression import Expression, evaluate, names, parse
from driftlang.score.forms import BankPattern, Hit, Rule, Scorer
from driftlang.score.units import is_work


@frozen
class Verdict:
    """What the rule says of one step's work, and every unit that one of its patterns hit."""

    is_kept: bool
    is_broken: bool
    hits: tuple[Hit, ...]

    @property
    def is_exercised(self) -> bool:
        """Whether the work took a side."""
        return self.is_kept or self.is_broken


@frozen
class CompiledRule:
    """The rule of one direction."""

    bank: Bank
    kept: Expression
    broken: Expression

    def judge(
        self, step: StepObservation, tree: Mapping[str, bytes], before: Mapping[str, bytes] = NO_FILES
    ) -> Verdict:
        """What the rule says of a step's work, given the contents of all files at its end and before it.

        A side that holds by what is absent alone (`not NAME`) is taken only by a step that changed something: a
        request declined has not served it.
        """
        verdict = self.judge_state(step, tree, before)
        if any(map(is_work, step.changes)):
            return verdict
        seen = {hit.pattern for hit in verdict.hits}
        is_kept = verdict.is_kept and not seen.isdisjoint(names(self.kept))
        is_broken = verdict.is_broken and not seen.isdisjoint(names(self.broken))
        return Verdict(is_kept, is_broken, verdict.hits)

    def judge_state(
        self, step: StepObservation, tree: Mapping[str, bytes], before: Mapping[str, bytes] = NO_FILES
    ) -> Verdict:
        """What the rule says of a state that is described as a step's doing, even if it differs in nothing."""
        hits = self.bank.hits(step, tree, before)
        counts = Counter(hit.pattern for hit in hits)
        at_least = self.bank.at_least
        return Verdict(evaluate(self.kept, counts, at_least), evaluate(self.broken, counts, at_least), hits)

    def paths_of_broken(self, verdict: Verdict) -> tuple[str, ...]:
        """Paths of the hits of patterns that `broken` names, in order."""
        wanted = names(self.broken)
        return tuple(sorted({hit.path for hit in verdict.hits if hit.path and hit.pattern in wanted}))


def compile_rule(scorer: Scorer, direction: str) -> CompiledRule:
    """Compile the rule of a direction; an equal rule over equal patterns is compiled once.

    Raises:
        Failure: the scorer has no such direction, or names a pattern that it does not hold, or is damaged.
    """
    if direction not in scorer.rules:
        message = f"the scorer has no rule for `{direction}`"
        raise Failure(message, help="build the study again: plan and scorer do not belong together")
    return _compile(scorer.patterns, scorer.rules[direction])


@lru_cache(maxsize=64)
def _compile(patterns: tuple[BankPattern, ...], rule: Rule) -> CompiledRule:
    kept, broken = parse(rule.kept), parse(rule.broken)
    known = {pattern.name: pattern for pattern in patterns}
    wanted = dict.fromkeys((*names(kept), *names(broken)))
    for name in wanted:
        if name not in known:
            message = f"the scorer's rule names a pattern `{name}` that it does not hold"
            raise Failure(message, help="build the study again: its scorer is damaged")
    return CompiledRule(compile_bank([known[name] for name in wanted]), kept, broken)
