"""Whether the files that a schedule speaks in are there by then.

In: scenarios and their cells. Out: findings in the sink.
Refuses to do: guessing what an agent writes. A file is there when the repository has it, or when a reference solution
of a step that always comes before writes it; a message into any other would never be said, and the step would count as
one under pressure.
"""

from collections.abc import Iterator, Sequence

from driftlang.cells.forms import Cell, Injection, Turn
from driftlang.cells.texts import StepTexts, bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.inject.insert import can_hold
from driftlang.model.forms import RemoveFile, ReplyText, RunCommand, Scenario, Schedule, Solution, Step, WholeText
from driftlang.model.paths import AGENTS_FILE
from driftlang.model.schedules import DOCUMENT, OUTSIDE_FILES


def check_absent_files(scenarios: Sequence[Scenario], cells: Sequence[Cell], sink: Sink) -> None:
    """Say of each step, once, that all that is said there goes into files that do not exist yet."""
    of_variant = {scenario.key: scenario for scenario in scenarios}
    found: dict[tuple[int, int, int], tuple[Step, str, Cell]] = {}
    for cell in cells:
        scenario = of_variant[cell.variant]
        steps = {step.name: step for step in scenario.tasks.steps}
        for turn in (turn for script in cell.scripts for turn in script.turns):
            step = steps[turn.step]
            span = (step.span.file, step.span.start, step.span.end)
            if span not in found and (path := _absent(turn, scenario, step, cell)):
                found[span] = (step, path, cell)
    for step, path, cell in found.values():
        _report(step, path, of_variant[cell.variant], cell, sink)


def _absent(turn: Turn, scenario: Scenario, step: Step, cell: Cell) -> str:
    """The file that is not there yet where nothing of the turn can be said; empty where something can, or must not."""
    if _schedule(scenario, cell).places[-1].may_be_nothing:
        return ""
    if not turn.injections or not all(_is_in_one_file(one) for one in turn.injections):
        return ""
    there = {*scenario.repo.files, AGENTS_FILE} if cell.place == "agents_file" else set(scenario.repo.files)
    missing = [one.path for one in turn.injections if one.path not in there]
    if len(missing) < len(turn.injections):
        return ""
    written = set(_written_before(step, scenario, cell, tuple(missing)))
    return missing[0] if written.isdisjoint(missing) else ""


def _schedule(scenario: Scenario, cell: Cell) -> Schedule:
    return scenario.schedules[cell.levels["schedule"]] if "schedule" in cell.levels else scenario.schedule


def _is_in_one_file(injection: Injection) -> bool:
    """Whether it is said in a file of the repository or nowhere: a document is made where there is none."""
    is_elsewhere = injection.otherwise or injection.place in {*OUTSIDE_FILES, DOCUMENT}
    return not is_elsewhere and can_hold(injection.path, injection.place)


def _written_before(step: Step, scenario: Scenario, cell: Cell, paths: Sequence[str]) -> Iterator[str]:
    """The files that solutions of earlier steps write, and those of `paths` that their commands name."""
    levels = {factor: factor.at(cell.levels[factor.name]) for factor in scenario.factors if factor.name in cell.levels}
    bindings = bind_cell(levels, scenario.tasks)
    for former in _before(step, scenario):
        texts = bind_step(former, bindings)
        for solution in former.solutions:
            yield from _written(solution, texts, paths)


def _written(solution: Solution, texts: StepTexts, paths: Sequence[str]) -> Iterator[str]:
    for edit in solution.edits:
        match edit:
            case WholeText():
                yield from texts.targets[:1]
            case RunCommand():
                command = texts.bindings.render(edit.command)
                yield from (path for path in paths if path in command)
            case RemoveFile() | ReplyText():
                pass
            case _:
                yield texts.bindings.render(edit.path)


def _before(step: Step, scenario: Scenario) -> Sequence[Step]:
    """The steps that come before it in every run: those that it is `after`, and all above it in a fixed order."""
    steps = scenario.tasks.steps
    if scenario.order == "fixed":
        return steps[: steps.index(step)]
    of_name = {each.name: each for each in steps}
    found: dict[str, Step] = {}
    waiting = list(step.after)
    while waiting:
        name = waiting.pop()
        if name in of_name and name not in found:
            found[name] = of_name[name]
            waiting += of_name[name].after
    return tuple(found.values())


def _report(step: Step, path: str, scenario: Scenario, cell: Cell, sink: Sink) -> None:
    schedule = _schedule(scenario, cell)
    sink.error(
        "anchor-missing",
        f"`{schedule.name}` speaks in `{path}`, which is not there before the step `{step.name}`: neither in the "
        "repository nor written by a solution of a step that must come before",
        (step.targets[0] if step.targets else step).span,
        help="write `else user turn` behind the place, or let the step edit a file that is there",
        labels=(Label(schedule.places[0].span, "it is said here alone"),),
    )
