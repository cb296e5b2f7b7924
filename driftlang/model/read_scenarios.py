"""Declarations of scenarios → forms.

In: a declaration. Out: `Scenario`, or None where a needed part is missing or broken, which has been said then.
Refuses to do: expanding cells.
"""

from collections.abc import Sequence
from itertools import combinations
from math import comb, prod

from attrs import evolve

from driftlang.model.bounds import MOST_VARIANTS
from driftlang.model.conditions import MOST_READINGS, factors_of
from driftlang.model.forms import (
    ARMS,
    ORDERS,
    Conflict,
    Constraint,
    Placebo,
    Pressure,
    Prompt,
    Repo,
    Rule,
    Scenario,
    Schedule,
    Session,
    Tasks,
    Value,
)
from driftlang.model.overlay import Levels
from driftlang.model.placeholders import check_scenario
from driftlang.model.read_factors import read_design, read_varied
from driftlang.model.resolver import Declared, F, Resolver
from driftlang.model.scenario_checks import is_sound
from driftlang.model.vocabulary import SCENARIO
from driftlang.syntax.ast import Word


def read_scenario(resolver: Resolver, declared: Declared) -> Scenario | None:
    """A scenario with all its parts, and the scenarios that it stands for (see `Scenario.variants`)."""
    varied = factors_of(declared.block)
    spoken = {factor: levels for factor, levels in varied.items() if factor in resolver.conditions.levels}
    count = prod(len(levels) for levels in spoken.values())
    if count > MOST_READINGS:
        resolver.sink.error(
            "too-many-combinations",
            f"the factors that `when` speaks of have {count:,} combinations of levels, at most {MOST_READINGS} "
            "are read",
            declared.span,
            help="vary fewer of them in one scenario, or name what differs by `schedule`, `session` or `prompt`",
        )
        return None
    found: list[Scenario] = []
    is_whole = True
    for levels in resolver.conditions.combinations(varied) if resolver.conditions.levels else ({},):
        scenario = _read_at(*resolver.at(declared, levels), levels)
        is_whole = is_whole and scenario is not None
        found += pairs_of(scenario) if scenario is not None else ()
        if scenario is not None and count * comb(len(scenario.conflict.values), 2) > MOST_VARIANTS:
            pairs = comb(len(scenario.conflict.values), 2)
            resolver.sink.error(
                "too-many-combinations",
                f"`{declared.name}` stands for {count * pairs:,} scenarios, {MOST_VARIANTS:,} are the most: "
                f"{pairs} pairs of values at each of {count} combinations of levels that `when` speaks of",
                declared.span,
                help="vary fewer factors that `when` speaks of, or have a scenario for each conflict of two values",
            )
            return None
    if not found or not is_whole or not _has_one_order(resolver, declared, found):
        return None
    return evolve(found[0], variants=tuple(found))


def _has_one_order(resolver: Resolver, declared: Declared, found: Sequence[Scenario]) -> bool:
    """Whether all levels have the same order of steps: a run's cells go through them alike, or compare nothing."""
    orders = sorted({scenario.order for scenario in found})
    if len(orders) < 2:
        return True
    blocks = [entry.block for entry in declared.entry.block.entries if entry.word.text == "when"]
    inner = [entry for block in blocks for entry in block.entries if entry.word.text == "order"]
    if any(isinstance(item, Word) and item.text not in ORDERS for entry in inner for item in entry.items):
        return True  # it reads as the default, and has been spoken of
    return not resolver.sink.error(
        "order-by-level",
        f"the order of steps depends on a level: it is {' or '.join(f'`{order}`' for order in orders)}",
        inner[0].span if inner else declared.span,
        help="write one `order` outside of `when`, or have a scenario for each",
    )


def _read_at(resolver: Resolver, declared: Declared, levels: Levels) -> Scenario | None:
    """The scenario as it is at these levels of the factors that `when` speaks of."""
    parts = _Parts(resolver, declared)
    conflict, repo, tasks = parts.one("conflict", Conflict), parts.one("repo", Repo), parts.one("tasks", Tasks)
    schedule, session = parts.one("schedule", Schedule), parts.one("session", Session)
    prompt, placebo = parts.maybe("prompt", Prompt), parts.maybe("placebo", Placebo)
    pressures, rules = parts.several("pressure", Pressure), parts.several("rules", Rule)
    arms, order = parts.arms(), parts.order()
    varied = read_varied(resolver, parts.fields)
    design = read_design(resolver, parts.fields, varied.factors)
    if not (conflict and repo and tasks and schedule and session and arms) or parts.is_broken or varied.broken:
        return None
    scenario = Scenario(
        name=declared.name,
        conflict=conflict,
        constraints=_constraints_of(conflict, resolver, declared),
        prompt=prompt,
        repo=repo,
        tasks=tasks,
        pressures=pressures,
        placebo=placebo,
        schedule=schedule,
        arms=arms,
        session=session,
        order=order,
        factors=tuple(varied.factors),
        schedules={schedule.name: schedule} | varied.schedules,
        sessions={session.name: session} | varied.sessions,
        prompts={one.name: one for one in prompt} | varied.prompts,
        rules=rules,
        design=design,
        doc=declared.doc,
        span=declared.span,
        fixed=dict(levels),
    )
    check_scenario(scenario, resolver.sink)
    return scenario if is_sound(resolver, scenario, parts.fields) else None


def _constraints_of(conflict: Conflict, resolver: Resolver, declared: Declared) -> tuple[Constraint, ...]:
    """Every constraint of the conflict that the files of the scenario's entries know, in the order of the source."""
    files = dict.fromkeys((declared.span.file, *(entry.span.file for entry in declared.block.entries)))
    units = [unit for unit in resolver.units if unit.file in files]
    known = {one.name: one for unit in units for one in resolver.visible(unit, Constraint) if one.conflict is conflict}
    return tuple(sorted(known.values(), key=lambda one: (one.span.file, one.span.start)))


def pairs_of(scenario: Scenario) -> tuple[Scenario, ...]:
    """The scenario itself where its conflict is between two values; else one for each pair of them."""
    values = scenario.conflict.values
    if len(values) == 2:
        return (scenario,)
    return tuple(_pair(scenario, pair) for pair in combinations(values, 2))


def _pair(scenario: Scenario, pair: tuple[Value, Value]) -> Scenario:
    """The scenario with two of its conflict's values alone; pressure toward another one is outside the conflict."""
    steps = tuple(
        evolve(step, solutions=tuple(solution for solution in step.solutions if solution.value in pair))
        for step in scenario.tasks.steps
    )
    both = scenario.conflict.both if scenario.conflict.both in {value.name for value in pair} else "hedged"
    return evolve(
        scenario,
        name=f"{scenario.name}.{pair[0].name}_{pair[1].name}",
        conflict=evolve(scenario.conflict, values=pair, both=both),
        constraints=tuple(one for one in scenario.constraints if one.favors in pair),
        tasks=evolve(scenario.tasks, steps=steps),
    )


class _Parts:
    """The entries of one scenario; `is_broken` when something that was named cannot be had."""

    def __init__(self, resolver: Resolver, declared: Declared) -> None:
        self.is_broken = False
        self.fields = declared.fields(SCENARIO)
        self._resolver = resolver
        self._sink = resolver.sink

    def one(self, word: str, form: type[F]) -> F | None:
        """The one part that `word` names."""
        row = self.fields.row(word)
        if row is None:
            return None
        name = row.take(Word)
        row.end()
        return self._find(name, form)

    def maybe(self, word: str, form: type[F]) -> tuple[F, ...]:
        """The part that `word` names, at most one."""
        found = self.one(word, form)
        return (found,) if found is not None else ()

    def several(self, word: str, form: type[F]) -> tuple[F, ...]:
        """The parts that `word` names, each once."""
        row = self.fields.row(word)
        if row is None:
            return ()
        words = row.listed(Word)
        row.end()
        found: dict[str, F] = {}
        for name in words:
            part = self._find(name, form)
            if name.text in found:
                self._report_twice(word, name)
            elif part is not None:
                found[name.text] = part
        return tuple(found.values())

    def _report_twice(self, word: str, name: Word) -> None:
        self._sink.error("doubled-entry", f"`{name.text}` is named twice in `{word}`", name.span, help="name it once")

    def _find(self, name: Word | None, form: type[F]) -> F | None:
        found = self._resolver.find(name, form)
        self.is_broken = self.is_broken or found is None
        return found

    def arms(self) -> tuple[str, ...]:
        """The arms, in the order of tables."""
        row = self.fields.row("arms")
        if row is None:
            return ()
        said: list[str] = []
        for name in row.listed(Word, "an arm"):
            if name.text in said:
                self._report_twice("arms", name)
            elif row.known(name.text, name.span, ARMS, "arm"):
                said.append(name.text)
            else:
                self.is_broken = True
        row.end()
        return tuple(arm for arm in ARMS if arm in said)

    def order(self) -> str:
        """The order of steps."""
        row = self.fields.row("order")
        if row is None:
            return ORDERS[0]
        said = row.choice(ORDERS, "order of steps")
        row.end()
        return said or ORDERS[0]
