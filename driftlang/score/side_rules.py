"""Side rules: whether a step kept the further demands of its prompt, which conflict with nothing.

In: a `Scorer`, then steps. Out: for each rule whether a step kept it.
Refuses to do: a say in the step's outcome, and steps that changed nothing: those kept and broke no demand.
"""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from attrs import frozen

from driftlang.diagnostics.failure import Failure
from driftlang.observe.forms import StepObservation
from driftlang.score.bank import Bank, compile_bank
from driftlang.score.expression import Expression, evaluate, names, parse
from driftlang.score.forms import BankPattern, Scorer
from driftlang.score.units import is_work


@frozen
class SideRules:
    """The side rules of a scorer, ready to use, in the order of their names."""

    bank: Bank
    kept: Mapping[str, Expression]

    def judge(
        self, step: StepObservation, tree: Mapping[str, bytes], before: Mapping[str, bytes]
    ) -> Mapping[str, bool]:
        """Whether the step kept each rule; nothing of one that failed or changed nothing. Trees as in `Bank.hits`."""
        if not self.kept or step.error or not any(map(is_work, step.changes)):
            return {}
        counts = Counter(hit.pattern for hit in self.bank.hits(step, tree, before))
        return {name: evaluate(kept, counts, self.bank.at_least) for name, kept in self.kept.items()}


def compile_side_rules(scorer: Scorer) -> SideRules:
    """Compile the side rules of a scorer.

    Raises:
        Failure: a rule names a pattern that the scorer does not hold, or is damaged.
    """
    return _compile(scorer.patterns, tuple(sorted(scorer.side_rules.items())))


@lru_cache(maxsize=64)
def _compile(patterns: tuple[BankPattern, ...], rules: tuple[tuple[str, str], ...]) -> SideRules:
    kept = {name: parse(text) for name, text in rules}
    known = {pattern.name: pattern for pattern in patterns}
    wanted = dict.fromkeys(pattern for expression in kept.values() for pattern in names(expression))
    for name in wanted:
        if name not in known:
            message = f"a side rule of the scorer names a pattern `{name}` that it does not hold"
            raise Failure(message, help="build the study again: its scorer is damaged")
    return SideRules(compile_bank([known[name] for name in wanted]), kept)
