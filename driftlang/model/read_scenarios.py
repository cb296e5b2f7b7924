"""Declarations of scenarios → forms, and the checks that need a whole scenario.

In: a declaration. Out: `Scenario`, or None where a needed part is missing or broken, which has been said then.
Refuses to do: expanding cells.
"""

from collections.abc import Callable, Iterator, Sequence

from attrs import field, frozen

from driftlang.diagnostics.diagnostic import Label
from driftlang.model.forms import (
    ARMS,
    ORDERS,
    PLACES,
    Conflict,
    Constraint,
    Factor,
    Level,
    Placebo,
    Pressure,
    Prompt,
    Repo,
    Scenario,
    Schedule,
    Session,
    Tasks,
    Value,
)
from driftlang.model.placeholders import PART_FACTORS, RESERVED, check_scenario
from driftlang.model.read_conflicts import report_doubled
from driftlang.model.resolver import Declared, F, Resolver
from driftlang.model.row import Row
from driftlang.model.session_checks import check_sessions
from driftlang.model.sides import check_sides
from driftlang.model.vocabulary import SCENARIO
from driftlang.model.wording import text_of
from driftlang.source import Span
from driftlang.syntax.ast import Element, Listing, Quoted, Word

#: Parts of a scenario that the language will let vary, but not yet.
_UNKNOWN_FACTORS = ("constraint", "harness")


@frozen
class _Varied:
    """What a scenario varies, with the parts that its levels name."""

    factors: list[Factor] = field(factory=list)
    schedules: dict[str, Schedule] = field(factory=dict)
    sessions: dict[str, Session] = field(factory=dict)
    prompts: dict[str, Prompt] = field(factory=dict)


def read_scenario(resolver: Resolver, declared: Declared) -> Scenario | None:
    """A scenario with all its parts."""
    parts = _Parts(resolver, declared)
    conflict, repo, tasks = parts.one("conflict", Conflict), parts.one("repo", Repo), parts.one("tasks", Tasks)
    schedule, session = parts.one("schedule", Schedule), parts.one("session", Session)
    prompt, placebo = parts.maybe("prompt", Prompt), parts.maybe("placebo", Placebo)
    pressures = parts.several("pressure", Pressure)
    arms, order = parts.arms(), parts.order()
    varied = parts.varied()
    if not (conflict and repo and tasks and schedule and session and arms) or parts.is_broken:
        return None
    constraints = tuple(c for c in resolver.visible(declared.unit, Constraint) if c.conflict is conflict)
    scenario = Scenario(
        name=declared.name,
        conflict=conflict,
        constraints=constraints,
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
        doc=declared.doc,
        span=declared.span,
    )
    check_scenario(scenario, resolver.sink)
    check_sessions(scenario, lambda arm: _missing_for(arm, scenario), resolver.sink)
    return scenario if _is_sound(resolver, scenario, parts) else None


class _Parts:
    """The entries of one scenario; `is_broken` when something that was named cannot be had."""

    def __init__(self, resolver: Resolver, declared: Declared) -> None:
        self.is_broken = False
        self.fields = declared.fields(SCENARIO)
        self._resolver = resolver
        self._sink = resolver.sink
        self._unit = declared.unit

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
        found = self._resolver.find(self._unit, name, form)
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

    # ---- factors ----

    def varied(self) -> _Varied:
        """Every `vary`."""
        varied = _Varied()
        for entry, row in self.fields.rows("vary"):
            name = row.take(Word, "what varies")
            row.expect("in")
            listing = row.take(Listing, "the levels, as a list")
            row.end()
            if name is None or listing is None or not self._may_vary(name, varied):
                continue
            levels = tuple(self._levels(name.text, listing, varied))
            if not listing.elements:
                self._sink.error(
                    "wrong-argument", "the list of levels is empty", listing.span, help="name two levels or more"
                )
            varied.factors.append(Factor(name.text, levels, entry.span))
        return varied

    def _may_vary(self, name: Word, varied: _Varied) -> bool:
        there = next((factor for factor in varied.factors if factor.name == name.text), None)
        if there is not None:
            report_doubled(self._resolver, "factor", name, there.span)
            return False
        if name.text not in (*_UNKNOWN_FACTORS, *RESERVED):
            return True
        self._sink.error(
            "unknown-word",
            f"`{name.text}` cannot vary here",
            name.span,
            help="vary `schedule`, `session`, `prompt`, `place`, or a name of your own whose levels are texts",
        )
        return False

    def _levels(self, factor: str, listing: Listing, varied: _Varied) -> Iterator[Level]:
        names: dict[str, Span] = {}
        for element in listing.elements:
            row = Row(element, f"vary {factor} in [...]", self._sink, end="the end of the level")
            name = row.take(Word, "a level's name")
            if name is None:
                continue
            if name.text in names:
                report_doubled(self._resolver, "level", name, names[name.text])
                continue
            names[name.text] = name.span
            level = self._level(factor, name, row, element, varied)
            row.end()
            if level is not None:
                yield level

    def _level(self, factor: str, name: Word, row: Row, element: Element, varied: _Varied) -> Level | None:
        readers: dict[str, Callable[[], bool]] = {
            "schedule": lambda: self._keep(name, Schedule, varied.schedules),
            "session": lambda: self._keep(name, Session, varied.sessions),
            "prompt": lambda: self._keep(name, Prompt, varied.prompts),
            "place": lambda: row.known(name.text, name.span, PLACES, "place of a constraint"),
        }
        if factor in PART_FACTORS:
            return Level(name.text, (), element.span) if readers[factor]() else None
        text = row.take(Quoted, f"the text that `{{{{ {factor} }}}}` stands for")
        return Level(name.text, (text_of(text),), element.span) if text is not None else None

    def _keep(self, name: Word, form: type[F], into: dict[str, F]) -> bool:
        found = self._find(name, form)
        if found is not None:
            into[name.text] = found
        return found is not None


def _is_sound(resolver: Resolver, scenario: Scenario, parts: _Parts) -> bool:
    """The checks that need the whole; False where the scenario cannot be expanded."""
    checks: Sequence[Callable[[], bool]] = (
        lambda: check_sides(resolver, scenario),
        lambda: _fits_repo(resolver, scenario, parts),
        lambda: _has_solutions(resolver, scenario),
        lambda: _has_messages(resolver, scenario, parts),
    )
    results = [check() for check in checks]
    return all(results)


def _fits_repo(resolver: Resolver, scenario: Scenario, parts: _Parts) -> bool:
    """The tasks are for the repository that the scenario names."""
    if scenario.tasks.repo is scenario.repo:
        return True
    entry = parts.fields.entry("tasks")
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
    first, second = scenario.conflict.values
    resolver.sink.error(
        "foreign-value",
        f"`{value.name}` is no side of the conflict `{scenario.conflict.name}`, which `{scenario.name}` is about",
        span,
        help=f"write the solution for `{first.name}` or `{second.name}`, or leave it out",
        labels=(Label(scenario.conflict.span, f"between `{first.name}` and `{second.name}`"),),
    )


def _has_messages(resolver: Resolver, scenario: Scenario, parts: _Parts) -> bool:
    """Every arm has something to say in every direction."""
    entry = parts.fields.entry("arms")
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
                help=f"add it to the scenario, or leave out the arm `{arm}`",
            )
            # One arm at a time: what the next one lacks is mostly the same.
            break
    return is_fine


def _missing_for(arm: str, scenario: Scenario) -> str:
    """What an arm lacks, in words; empty when nothing."""
    toward = {pressure.toward.name for pressure in scenario.pressures if pressure.messages}
    sides = {value.name for value in scenario.conflict.values}
    if arm == "bare":
        return ""
    if arm == "placebo" and not scenario.placebo:
        return "the scenario names no placebo"
    if arm == "unrelated":
        return "" if toward - sides else "no pressure is toward a value outside the conflict"
    lacking = sorted(sides - toward)
    return f"no pressure is toward {' or '.join(f'`{name}`' for name in lacking)}" if lacking else ""
