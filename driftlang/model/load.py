"""Files → model: read a file and its imports, look every name up, check every type.

In: the path of a file. Out: `Model`, and diagnostics.
Refuses to do: raising for a mistake of the author. A declaration with a mistake is left out of the model.
"""

from collections.abc import Sequence
from pathlib import Path

from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.digest import hex_digest
from driftlang.model import (
    read_conflicts,
    read_evidence,
    read_repos,
    read_scenarios,
    read_schedules,
    read_sessions,
    read_studies,
    read_tasks,
)
from driftlang.model.conditions import find_conditions
from driftlang.model.declarations import require_version
from driftlang.model.forms import Model, Pattern, Prompt, Rubric, Scenario, Study, Tasks
from driftlang.model.placeholders import check_unused
from driftlang.model.read_about import read_about, read_allowances
from driftlang.model.resolver import Reader, Resolver
from driftlang.model.sides import check_all
from driftlang.model.units import Unit, Units
from driftlang.source import Sources

_READERS: dict[str, Reader] = {
    "value": read_conflicts.read_value,
    "conflict": read_conflicts.read_conflict,
    "pattern": read_evidence.read_pattern,
    "rubric": read_evidence.read_rubric,
    "constraint": read_conflicts.read_constraint,
    "rule": read_conflicts.read_rule,
    "pressure": read_conflicts.read_pressure,
    "placebo": read_conflicts.read_placebo,
    "schedule": read_schedules.read_schedule,
    "repo": read_repos.read_repo,
    "tasks": read_tasks.read_tasks,
    "prompt": read_conflicts.read_prompt,
    "session": read_sessions.read_session,
    "models": read_studies.read_model_list,
    "scenario": read_scenarios.read_scenario,
    "study": read_studies.read_study,
}


def load_model(path: Path, sources: Sources, sink: Sink, content: bytes | None = None) -> Model | None:
    """The model of a file with all that it imports; None where the file is empty of entries.

    Args:
        path: the file.
        sources: gets its text, and the texts of what it imports.
        sink: gets what is found.
        content: what is read in place of the file's own bytes; the file need not be there then.

    Raises:
        Failure: the file cannot be read as text (status `MISUSE`).
    """
    earlier = frozenset(sink.found)
    try:
        return _load(path, sources, sink, content)
    finally:
        own = [diagnostic for diagnostic in sink.found if diagnostic not in earlier]
        if own:
            _take_back_consequences(own, sources, sink)


def _take_back_consequences(own: Sequence[Diagnostic], sources: Sources, sink: Sink) -> None:
    from driftlang.model.consequences import find_consequences

    sink.take_back(find_consequences(own, sources))


def _load(path: Path, sources: Sources, sink: Sink, content: bytes | None) -> Model | None:
    units = Units(sources, sink)
    main = units.load(path, content)
    trees = [unit.ast for unit in units.units]
    for tree in trees:
        require_version(tree, sink)
    allowances = read_allowances(trees, sink)
    for allowance in allowances:
        sink.accept(allowance.acceptance)
    resolver = Resolver(units.units, _READERS, sink, find_conditions(trees, sink))
    resolver.make_all()
    check_all(resolver)
    _check_unused(resolver)
    if not main.ast.body.entries:
        return None
    return Model(
        studies=tuple(resolver.all(Study)),
        scenarios=tuple(variant for scenario in resolver.all(Scenario) for variant in scenario.variants),
        patterns=tuple(resolver.all(Pattern)),
        rubrics=tuple(resolver.all(Rubric)),
        about=read_about(main.ast, sink),
        allowances=allowances,
        source_digest=_digest(units.units, resolver.extra),
    )


def _check_unused(resolver: Resolver) -> None:
    """Placeholders of what no scenario uses."""
    if len(resolver.all(Scenario)) < resolver.count(Scenario):
        # A scenario that could not be made may use anything, with names of its own.
        return
    scenarios = [variant for scenario in resolver.all(Scenario) for variant in scenario.variants]
    used = {scenario.tasks.span for scenario in scenarios}
    used |= {prompt.span for scenario in scenarios for prompt in scenario.prompts.values()}
    check_unused(
        (tasks for tasks in resolver.all(Tasks) if tasks.span not in used),
        (prompt for prompt in resolver.all(Prompt) if prompt.span not in used),
        resolver.sink,
    )


def _digest(units: Sequence[Unit], extra: dict[str, bytes]) -> str:
    """sha256 over every file's length and content: source files as they were reached, then others with their names."""
    parts = [unit.content for unit in units]
    for name in sorted(extra):
        parts += [name.encode("utf-8", "surrogateescape"), extra[name]]
    return hex_digest(len(part).to_bytes(8, "big") + part for part in parts)
