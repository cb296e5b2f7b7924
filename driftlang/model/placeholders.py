"""Placeholders: whether every `{{ name }}` stands for something, wherever its text is used.

In: a scenario, or a list of tasks or messages that no scenario uses. Out: diagnostics.
Refuses to do: putting anything in.

A step's texts see `target`, `targets`, the step's lets, the lets of its tasks and the scenario's free factors. What is
said at a step (messages, placebo sentences) sees the same, and must make sense at every step. Constraints, prompts and
sessions see the lets of the tasks and the free factors; prompts and sessions see `constraint` as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.diagnostics.suggest import did_you_mean
from driftlang.model.forms import (
    AppendText,
    Edit,
    FileText,
    Let,
    Placebo,
    Pressure,
    Prompt,
    RemoveFile,
    ReplaceText,
    RunCommand,
    Scenario,
    Schedule,
    Step,
    Tasks,
    Text,
)
from driftlang.record import frozen

#: Names that are put in by themselves.
RESERVED = ("target", "targets", "constraint", "rules")
#: A statement of Jinja and its like, within a line.
_STATEMENT = r"\{%-?[ \t]*(?:for|if|set|macro|include|import|block|extends|raw)\b[^%\n]{0,60}%\}"
_OF_STEP = frozenset({"target", "targets"})


@frozen
class _Scope:
    """Names that texts may use, and where they are, in words; `of_step` are lets that only a step can fill in."""

    names: frozenset[str]
    where: str
    of_step: frozenset[str] = frozenset()


def check_scenario(scenario: Scenario, sink: Sink) -> None:
    """Check every text that the scenario uses."""
    free = frozenset(factor.name for factor in scenario.factors if any(level.text for level in factor.levels))
    tasks = scenario.tasks
    check_tasks(tasks, free, sink)
    _check_levels(scenario, sink)
    cell = free | {let.name for let in tasks.lets}
    of_step = _of_step(tasks.lets)
    for constraint in scenario.constraints:
        _check(constraint.text, _Scope(cell, f"the constraint `{constraint.name}`", of_step), sink)
    for prompt in scenario.prompts.values():
        _check(prompt.text, _Scope(cell | {"constraint", "rules"}, f"the prompt `{prompt.name}`", of_step), sink)
    for rule in scenario.rules:
        _check(rule.text, _Scope(cell, f"the rule `{rule.name}`", of_step), sink)
    for session in scenario.sessions.values():
        for text in session.texts:
            _check(text, _Scope(cell | {"constraint"}, f"the session `{session.name}`", of_step), sink)
    for said in _own_texts(scenario):
        _warn_of_statements(said, sink)
    for text, where in (*_said(scenario.pressures, scenario.placebo), *_placed(scenario.schedules.values())):
        _check_said(text, where, tasks, cell, sink)


def _own_texts(scenario: Scenario) -> Iterator[Text]:
    """What is said to the agent, beside the steps."""
    yield from (constraint.text for constraint in scenario.constraints)
    yield from (prompt.text for prompt in scenario.prompts.values())
    yield from (rule.text for rule in scenario.rules)
    yield from (text for text, _ in _said(scenario.pressures, scenario.placebo))


def _check_levels(scenario: Scenario, sink: Sink) -> None:
    """The texts of levels: names that a cell knows, none of which leads back, and no name that a let has as well."""
    lets = {let.name: let for let in scenario.tasks.lets}
    texts = [(factor, level) for factor in scenario.factors for level in factor.levels if level.text]
    scope = frozenset(lets) | {factor.name for factor, _ in texts}
    for factor, level in texts:
        if factor.name in lets:
            sink.error(
                "doubled-name",
                f"`{factor.name}` is a factor here, and a name that the tasks give by `let`",
                factor.span,
                help="rename one of the two",
                labels=(Label(lets[factor.name].span, "given here"),),
            )
        where = f"the level `{level.name}` of `{factor.name}`"
        _check(level.text[0], _Scope(scope, where, _of_step(scenario.tasks.lets)), sink)
        check_cycles((Let(factor.name, level.text[0], level.span),), scenario.tasks.lets, sink)


def _of_step(lets: Sequence[Let]) -> frozenset[str]:
    """The lets that speak of a step's target, directly or through others."""
    found: set[str] = set()
    names = {let.name: frozenset(let.text.names) for let in lets}
    while grown := {name for name, used in names.items() if name not in found and used & (found | _OF_STEP)}:
        found |= grown
    return frozenset(found)


def check_unused(tasks: Iterable[Tasks], prompts: Iterable[Prompt], sink: Sink) -> None:
    """Check what no scenario uses, as far as it can be told: tasks and prompts by their own names."""
    for one in tasks:
        check_tasks(one, frozenset(), sink)
    for prompt in prompts:
        _check(prompt.text, _Scope(frozenset({"constraint", "rules"}), f"the prompt `{prompt.name}`"), sink)


def check_tasks(tasks: Tasks, free: frozenset[str], sink: Sink) -> None:
    """Check the texts of every step."""
    shared = free | {let.name for let in tasks.lets} | _OF_STEP
    for let in tasks.lets:
        _check(let.text, _Scope(shared, "the lets of these tasks"), sink)
    for step in tasks.steps:
        own = _Scope(shared | {let.name for let in step.lets}, f"the step `{step.name}`")
        for target in step.targets:
            _check(target, _Scope(own.names - _OF_STEP, f"a target of `{step.name}`"), sink)
        for text in _texts_of(step):
            _check(text, own, sink)
        _warn_of_statements(step.ask, sink)


def _texts_of(step: Step) -> Iterator[Text]:
    yield step.ask
    for let in step.lets:
        yield let.text
    for solution in step.solutions:
        for edit in solution.edits:
            yield from _texts_of_edit(edit)
    for check in step.checks:
        yield check.command


def _texts_of_edit(edit: Edit) -> Iterator[Text]:
    if isinstance(edit, FileText | AppendText | ReplaceText | RemoveFile):
        yield edit.path
    if isinstance(edit, RunCommand):
        yield edit.command
    elif not isinstance(edit, RemoveFile):
        yield edit.text


def _said(pressures: Sequence[Pressure], placebos: Sequence[Placebo]) -> Iterator[tuple[Text, str]]:
    for pressure in pressures:
        for message in pressure.messages:
            yield message.text, f"a message of `{pressure.name}`"
    for placebo in placebos:
        for sentence in placebo.sentences:
            yield sentence.text, f"a sentence of `{placebo.name}`"


def _placed(schedules: Iterable[Schedule]) -> Iterator[tuple[Text, str]]:
    """What says where: it is read at every step as what is said there."""
    for schedule in schedules:
        for place in schedule.places:
            for text in (*place.symbol, *place.files):
                yield text, f"the place of `{schedule.name}`"


def _check_said(text: Text, where: str, tasks: Tasks, cell: frozenset[str], sink: Sink) -> None:
    """What is said may be said at any step, so that each of them must know its names."""
    known = cell | _OF_STEP
    for part in text.parts:
        if isinstance(part, str) or part.name in known:
            continue
        without = [step for step in tasks.steps if all(let.name != part.name for let in step.lets)]
        if len(without) < len(tasks.steps):
            for step in without[:1]:
                sink.error(
                    "unknown-placeholder",
                    f"`{{{{ {part.name} }}}}` is not known in every step at which {where} may be said",
                    part.span,
                    help=f"add `let {part.name} = ...` to the step `{step.name}`, or to its tasks",
                    labels=(Label(step.span, f"this step does not know `{part.name}`"),),
                )
            continue
        lets = {let.name for step in tasks.steps for let in step.lets}
        _report(part.name, _Scope(known | lets, where), Text((part,), part.span), sink)


def _warn_of_statements(text: Text, sink: Sink) -> None:
    """Say so where a text that is said has what other template languages loop and branch by: it is said as written."""
    for part in text.parts:
        found = re.search(_STATEMENT, part) if isinstance(part, str) and "{%" in part else None
        if found is not None:
            sink.warn(
                "template-statement",
                f"`{found.group()}` is said as it is written: texts have names in `{{{{ }}}}`, no loops or conditions",
                text.span,
                help="write the text out, or vary it by `when` or a factor",
            )
            return


def _check(text: Text, scope: _Scope, sink: Sink) -> None:
    for part in text.parts:
        if isinstance(part, str):
            continue
        if part.name not in scope.names:
            _report(part.name, scope, Text((part,), part.span), sink)
        elif part.name in scope.of_step:
            sink.error(
                "unknown-placeholder",
                f"`{{{{ {part.name} }}}}` speaks of a step's target, which {scope.where} does not have",
                part.span,
                help="say it without the target, or write the text into the steps",
            )


def _report(name: str, scope: _Scope, at: Text, sink: Sink) -> None:
    known = ", ".join(f"`{one}`" for one in sorted(scope.names)) or "none"
    advice = "" if name in RESERVED else f"give it by `let {name} = ...`, or "
    sink.error(
        "unknown-placeholder",
        f"`{{{{ {name} }}}}` is not known in {scope.where}{did_you_mean(name, scope.names)}",
        at.span,
        help=f"{advice}write `\\{{{{` for the braces; the names known here are: {known}",
    )


def check_cycles(lets: Sequence[Let], outer: Sequence[Let], sink: Sink) -> None:
    """Say so where lets of one block stand for each other in a circle, through those of the block around it as well."""
    texts: Mapping[str, Let] = {let.name: let for let in (*outer, *lets)}
    said: set[str] = set()
    for let in lets:
        circle = _circle(let.name, texts)
        if circle and not said & set(circle):
            said.update(circle)
            sink.error(
                "cyclic-let",
                f"names stand for each other in a circle: {' → '.join(f'`{name}`' for name in circle)}",
                let.span,
                help="give one of them a text without the others",
            )


def _circle(start: str, texts: Mapping[str, Let]) -> tuple[str, ...]:
    """A path of names from `start` back to it; empty where there is none."""
    before: dict[str, str] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for name in dict.fromkeys(texts[here].text.names):
            if name == start:
                path = [here]
                while path[-1] != start:
                    path.append(before[path[-1]])
                return (*reversed(path), name)
            if name in texts and name not in before:
                before[name] = here
                waiting.append(name)
    return ()
