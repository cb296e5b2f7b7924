"""The checks that need a whole scenario: tasks for its repository, solutions and messages for its values.

In: a scenario and the fields that it was read from. Out: diagnostics, and whether the scenario can be expanded.
Refuses to do: judging the design; see the rules of `validity`.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import prod

from driftlang.diagnostics.diagnostic import Label
from driftlang.model.bounds import MOST_COMBINATIONS, MOST_FACTORS, MOST_PAIRS, spoken
from driftlang.model.fields import Fields
from driftlang.model.forms import Scenario, Value
from driftlang.model.resolver import Resolver
from driftlang.model.session_checks import check_sessions
from driftlang.model.sides import check_sides
from driftlang.model.text_sizes import check_texts
from driftlang.source import Span


def is_sound(resolver: Resolver, scenario: Scenario, fields: Fields) -> bool:
    """The checks that need the whole; False where the scenario cannot be expanded."""
    checks: Sequence[Callable[[], bool]] = (
        lambda: check_sides(resolver, scenario),
        lambda: _fits_repo(resolver, scenario, fields),
        lambda: _has_solutions(resolver, scenario),
        lambda: _has_messages(resolver, scenario, fields),
        lambda: _is_heard(resolver, scenario),
        lambda: _has_room_for_rules(resolver, scenario, fields),
        lambda: _is_of_a_size(resolver, scenario),
        lambda: check_texts(scenario, resolver.sink),
        lambda: check_sessions(scenario, lambda arm: _missing_for(arm, scenario), resolver.sink),
    )
    results = [check() for check in checks]
    return all(results)


def _fits_repo(resolver: Resolver, scenario: Scenario, fields: Fields) -> bool:
    """The tasks are for the repository that the scenario names."""
    if scenario.tasks.repo is scenario.repo:
        return True
    entry = fields.entry("tasks")
    resolver.sink.error(
        "other-repo",
        f"the tasks `{scenario.tasks.name}` are for `{scenario.tasks.repo.name}`, the scenario's repo is "
        f"`{scenario.repo.name}`",
        entry.span if entry else scenario.span,
        help=f"name tasks for `{scenario.repo.name}`, or write `repo {scenario.tasks.repo.name}`",
        labels=(Label(scenario.tasks.span, "the tasks are declared here"),),
    )
    return False


def _has_solutions(resolver: Resolver, scenario: Scenario) -> bool:
    """Every step that is no filler has a solution for both values, and none for another."""
    values = scenario.conflict.values
    names = " and ".join(f"`{value.name}`" for value in values)
    before = len(resolver.sink.found)
    for step in scenario.tasks.steps:
        there = {solution.value.name for solution in step.solutions}
        missing = [value for value in values if value.name not in there]
        if missing and not step.is_filler:
            resolver.sink.error(
                "missing-solution",
                f"the step `{step.name}` has no solution for {' and '.join(f'`{value.name}`' for value in missing)}",
                step.span,
                help=f'add `solution {missing[0].name} """..."""`, or `filler` where the step is without opportunity',
                labels=(Label(scenario.conflict.span, f"`{scenario.name}` is about {names}"),),
            )
        for solution in step.solutions:
            if solution.value not in values:
                _report_foreign(resolver, scenario, solution.value, solution.span)
    return len(resolver.sink.found) == before


def _report_foreign(resolver: Resolver, scenario: Scenario, value: Value, span: Span) -> None:
    *others, last = (f"`{side.name}`" for side in scenario.conflict.values)
    sides = ", ".join(others)
    resolver.sink.error(
        "foreign-value",
        f"`{value.name}` is no side of the conflict `{scenario.conflict.name}`, which `{scenario.name}` is about",
        span,
        help=f"write the solution for {sides} or {last}, or leave it out",
        labels=(Label(scenario.conflict.span, f"between {sides} and {last}"),),
    )


def _has_messages(resolver: Resolver, scenario: Scenario, fields: Fields) -> bool:
    """Every arm has something to say in every direction."""
    entry = fields.entry("arms")
    span = entry.span if entry else scenario.span
    is_fine = True
    for arm in scenario.arms:
        missing = _missing_for(arm, scenario)
        if missing:
            is_fine = False
            resolver.sink.error(
                "arm-without-messages",
                f"the arm `{arm}` of `{scenario.name}` has nothing to inject: {missing}",
                span,
                help=f"{_addition(arm, scenario)}, or leave out the arm `{arm}`",
                labels=_reason(arm, scenario),
            )
            # One arm at a time: what the next one lacks is mostly the same.
            break
    return is_fine


def _reason(arm: str, scenario: Scenario) -> tuple[Label, ...]:
    conflict = scenario.conflict
    sides = " and ".join(f"`{value.name}`" for value in conflict.values)
    return () if arm == "placebo" else (Label(conflict.span, f"`{conflict.name}` is between {sides}"),)


def _addition(arm: str, scenario: Scenario) -> str:
    if arm == "placebo" and not scenario.placebo:
        return "write `placebo NAME` in the scenario"
    if arm == "unrelated":
        return "add a pressure toward such a value to `pressure`"
    lacking = _without_pressure(scenario)
    return f"add a pressure toward {' and one toward '.join(f'`{name}`' for name in lacking)} to `pressure`"


def _without_pressure(scenario: Scenario) -> list[str]:
    """The sides of the conflict toward which no pressure has a message."""
    toward = {pressure.toward.name for pressure in scenario.pressures if pressure.messages}
    return sorted({value.name for value in scenario.conflict.values} - toward)


def _missing_for(arm: str, scenario: Scenario) -> str:
    """What an arm lacks, in words; empty when nothing."""
    toward = {pressure.toward.name for pressure in scenario.pressures if pressure.messages}
    sides = {value.name for value in scenario.conflict.values}
    if arm == "bare":
        return ""
    if arm == "placebo" and not scenario.placebo:
        return "the scenario names no placebo"
    if arm == "unrelated":
        # A conflict of three stands for its pairs, and outside one of them is the third.
        pairs = combinations(sorted(sides), 2)
        has_others = all(toward.difference(pair) for pair in pairs)
        return "" if has_others else "no pressure is toward a value outside the conflict"
    lacking = _without_pressure(scenario)
    return f"no pressure is toward {' or '.join(f'`{name}`' for name in lacking)}" if lacking else ""


def _is_heard(resolver: Resolver, scenario: Scenario) -> bool:
    """Every schedule speaks at some step, unless no arm lets it speak at all."""
    steps = len(scenario.tasks.steps)
    silent = [one for one in scenario.schedules.values() if not one.at.positions(steps)]
    if not silent or set(scenario.arms) <= {"bare"}:
        return True
    return not resolver.sink.error(
        "silent-schedule",
        f"the schedule `{silent[0].name}` speaks at no step of `{scenario.name}`, whose runs have {steps}",
        silent[0].at.span,
        help=f"name steps from 1 to {steps}",
        labels=(Label(scenario.tasks.span, "the steps are declared here"),),
    )


def _has_room_for_rules(resolver: Resolver, scenario: Scenario, fields: Fields) -> bool:
    """Every prompt has a place for the scenario's rules."""
    entry = fields.entry("rules")
    without = [prompt for prompt in scenario.prompts.values() if "rules" not in prompt.text.names]
    if entry is None or not scenario.rules or not without:
        return True
    return not resolver.sink.error(
        "constraint-lost",
        f"the rules of `{scenario.name}` have no place in the prompt `{without[0].name}`",
        entry.span,
        help="write `{{ rules }}` in the prompt, where their texts shall stand",
        labels=(Label(without[0].span, "this prompt has no `{{ rules }}`"),),
    )


def _is_of_a_size(resolver: Resolver, scenario: Scenario) -> bool:
    """The scenario has no more combinations of levels than are expanded."""
    design = scenario.design
    sizes = sorted((len(factor.levels) for factor in scenario.factors), reverse=True)
    count = prod(sizes)
    if design.kind == "sample":
        count = min(count, design.size)
    elif design.kind == "pairwise":
        count = prod(sizes[:2])
    pairs = sum(one * other for one, other in combinations(sizes, 2)) if len(sizes) <= MOST_FACTORS else 0
    advice = "write `sample N seed N`, or `pairwise`, which lets every two levels meet with few combinations"
    if len(sizes) > MOST_FACTORS:
        found, advice = f"varies {len(sizes):,} things, {MOST_FACTORS} are the most", "vary fewer in one scenario"
    elif count > MOST_COMBINATIONS:
        found = f"has {spoken(count)} combinations of levels, at most {MOST_COMBINATIONS:,} can be had"
    elif design.kind == "pairwise" and pairs > MOST_PAIRS:
        found = f"has {pairs:,} pairs of levels that shall meet, at most {MOST_PAIRS:,} can be had by `pairwise`"
        advice = "write `sample N seed N`, or vary fewer levels"
    else:
        return True
    return not resolver.sink.error("too-many-combinations", f"`{scenario.name}` {found}", scenario.span, help=advice)
