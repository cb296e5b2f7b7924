"""Model → scorer: a scenario's pattern bank and outcome rules as plain data.

In: a scenario. Out: `score.forms.Scorer`.
Refuses to do: judging the rules.
"""

from driftlang.model.evidence import patterns_of
from driftlang.model.forms import And, Condition, CountAtLeast, Not, Or, Pattern, PatternRef, Scenario
from driftlang.score.forms import BankCopies, BankPattern, Rule, Scorer

#: How tightly operators bind, from loosest.
_OR, _AND, _NOT = 1, 2, 3


def make_scorer(scenario: Scenario) -> Scorer:
    """The scorer of a scenario: every pattern that its constraints and rules speak of, by name, a rule a direction."""
    conditions = [side for constraint in scenario.constraints for side in (constraint.kept, constraint.broken)]
    conditions += [rule.kept for rule in scenario.rules]
    patterns = {pattern.name: pattern for condition in conditions for pattern in patterns_of(condition)}
    constraints = sorted(scenario.constraints, key=lambda constraint: constraint.name)
    return Scorer(
        patterns=tuple(bank_pattern(patterns[name]) for name in sorted(patterns)),
        rules={c.name: Rule(kept=unparse(c.kept), broken=unparse(c.broken)) for c in constraints},
        favors={c.name: c.favors.name for c in constraints},
        both=scenario.conflict.both,
        side_rules={rule.name: unparse(rule.kept) for rule in sorted(scenario.rules, key=lambda rule: rule.name)},
    )


def unparse(condition: Condition) -> str:
    """The condition as an author writes it, with the parentheses that it needs."""
    return _unparse(condition, 0)


def _unparse(condition: Condition, around: int) -> str:
    match condition:
        case PatternRef():
            return condition.pattern.name
        case CountAtLeast():
            return f"count({condition.pattern.name}) >= {condition.number}"
        case Not():
            return f"not {_unparse(condition.operand, _NOT)}"
        case And():
            text, binding = " and ".join(_unparse(operand, _AND) for operand in condition.operands), _AND
        case Or():
            text, binding = " or ".join(_unparse(operand, _OR) for operand in condition.operands), _OR
    return f"({text})" if binding < around else text


def bank_pattern(pattern: Pattern) -> BankPattern:
    """The pattern as a bank takes it."""
    return BankPattern(
        name=pattern.name,
        surface=pattern.surface,
        include=pattern.globs.include,
        exclude=pattern.globs.exclude,
        match=tuple(regex.flagged for regex in pattern.match),
        unless=tuple(regex.flagged for regex in pattern.unless),
        at_least=pattern.at_least,
        copies=tuple(BankCopies(one.globs.include, one.globs.exclude, one.share) for one in pattern.copies),
    )
