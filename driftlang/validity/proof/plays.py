"""Reference solutions → trials: each as a run in which an agent did just that.

In: a scenario. Out: `Play`s, with the observations that the scorer takes.
Refuses to do: running commands. A solution's commands are seen to be given and to succeed; what those change that
move, copy and remove files is known (see `effects.py`), what others would change is not there.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from attrs import frozen

from driftlang.cells.edits import SolutionEdit
from driftlang.cells.solution import make_edits
from driftlang.cells.texts import Bindings, bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import (
    Edit,
    Factor,
    RemoveFile,
    ReplyText,
    Repo,
    RunCommand,
    Scenario,
    Solution,
    Step,
    Text,
    WholeText,
)
from driftlang.observe.forms import Change, CommandRun, StepObservation, TrialObservation
from driftlang.validity.proof.effects import after_command

#: Ways of solving the steps before a step that are tried; beyond, each value throughout is.
MOST_WAYS = 32
_REPLY = "Done."


@frozen
class Play:
    """One solution played, on top of others.

    Attributes:
        before: the solutions that were played first, by their steps' names, with the values that they serve.
        observation: the trial; its last step is the solution's.
        found: the files that the step found, by path.
        tree: the files at its end.
        levels: those of the factors that the texts of the steps depend on, by factor.
    """

    step: Step
    solution: Solution
    before: tuple[tuple[str, str], ...]
    observation: TrialObservation
    found: Mapping[str, bytes]
    tree: Mapping[str, bytes]
    levels: tuple[tuple[str, str], ...] = ()


def plays_of(scenario: Scenario, sink: Sink) -> Iterator[Play]:
    """Every solution of every step, after each way of solving the steps that it follows, at each level it depends on.

    A factor that changes no text of the steps has its first level, or the one that the scenario is for.
    """
    for levels in _levels(scenario):
        of_factor = {factor: factor.at(levels[factor.name]) for factor in scenario.factors}
        told = tuple((factor.name, levels[factor.name]) for factor in told_factors(scenario))
        stage = _Stage(untouched(scenario.repo), bind_cell(of_factor, scenario.tasks), told, sink)
        for step in scenario.tasks.steps:
            former = [other for other in _followed(step, scenario.tasks.steps) if other.solutions]
            for way in _ways(scenario, former):
                for solution in step.solutions:
                    yield stage.play((*way, (step, solution)))


def _levels(scenario: Scenario) -> Iterator[Mapping[str, str]]:
    """Level by factor: each combination that the steps' texts depend on; beyond `MOST_WAYS`, each level once."""
    first = {factor.name: scenario.fixed.get(factor.name, factor.levels[0].name) for factor in scenario.factors}
    told = told_factors(scenario)
    choices = [[level.name for level in factor.levels] for factor in told]
    if prod(map(len, choices)) <= MOST_WAYS:
        for combination in product(*choices):
            yield {**first, **{factor.name: level for factor, level in zip(told, combination, strict=True)}}
        return
    yield first
    for factor, names in zip(told, choices, strict=True):
        yield from ({**first, factor.name: name} for name in names[1:])


def told_factors(scenario: Scenario) -> list[Factor]:
    """The factors whose levels put other words into what the steps' solutions are made of."""
    tasks = scenario.tasks
    texts = [let.text for let in tasks.lets]
    for step in tasks.steps:
        texts += [*step.targets, *(let.text for let in step.lets)]
        texts += [text for solution in step.solutions for edit in solution.edits for text in _texts(edit)]
    names = {name for text in texts for name in text.names}
    return [
        factor
        for factor in scenario.factors
        if factor.name in names
        and factor.name not in scenario.fixed
        and len({level.text for level in factor.levels}) > 1
    ]


def _texts(edit: Edit) -> Iterator[Text]:
    match edit:
        case RemoveFile():
            yield edit.path
        case RunCommand():
            yield edit.command
        case WholeText() | ReplyText():
            yield edit.text
        case _:
            yield from (edit.path, edit.text)


def untouched(repo: Repo) -> Mapping[str, bytes]:
    """The repository at its last commit: contents by path."""
    return {path: file.content for path, file in repo.files.items()}


def _followed(step: Step, steps: Sequence[Step]) -> list[Step]:
    """The steps that must come before `step`, whatever the order, as the source has them but each behind its own."""
    of_name = {each.name: each for each in steps}
    found: dict[str, Step] = {}

    def visit(one: Step, above: frozenset[str]) -> None:
        for name in one.after:
            if name in of_name and name not in above and name not in found:
                visit(of_name[name], above | {name})
                found[name] = of_name[name]

    visit(step, frozenset({step.name}))
    return list(found.values())


def _ways(scenario: Scenario, former: Sequence[Step]) -> Iterator[tuple[tuple[Step, Solution], ...]]:
    """Each combination of solutions of the former steps; where they are too many, each value throughout."""
    size = 1
    for step in former:
        size *= len(step.solutions)
    if size <= MOST_WAYS:
        for combination in product(*(step.solutions for step in former)):
            yield tuple(zip(former, combination, strict=True))
        return
    for value in scenario.conflict.values:
        chosen = [
            next((each for each in step.solutions if each.value.name == value.name), step.solutions[0])
            for step in former
        ]
        yield tuple(zip(former, chosen, strict=True))


@frozen
class _Stage:
    """Where solutions are played."""

    base: Mapping[str, bytes]
    cell: Bindings
    levels: tuple[tuple[str, str], ...]
    sink: Sink

    def play(self, parts: Sequence[tuple[Step, Solution]]) -> Play:
        """The solutions one after the other, as a trial."""
        found = tree = self.base
        observed = []
        for position, (step, solution) in enumerate(parts, start=1):
            texts = bind_step(step, self.cell)
            edits = make_edits(step, texts, solution, tree, self.sink)
            after = apply(edits, tree)
            observed.append(
                StepObservation(
                    position=position,
                    step=step.name,
                    targets=texts.targets,
                    changes=changes_between(tree, after),
                    injected=(),
                    commands=tuple(CommandRun(edit.text, 0) for edit in edits if edit.kind == "command"),
                    reply=next((edit.text for edit in reversed(edits) if edit.kind == "reply"), _REPLY),
                    error="",
                )
            )
            found, tree = tree, after
        *former, (step, solution) = parts
        before = tuple((other.name, solved.value.name) for other, solved in former)
        trial = TrialObservation("proof", self.base, tuple(observed))
        return Play(step, solution, before, trial, found, tree, self.levels)


def apply(edits: Sequence[SolutionEdit], tree: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The files after the edits."""
    now = dict(tree)
    for edit in edits:
        match edit.kind:
            case "write":
                now[edit.path] = edit.text.encode()
            case "edit" if edit.path in now:
                now[edit.path] = now[edit.path].replace(edit.old.encode(), edit.text.encode(), 1)
            case "remove":
                now.pop(edit.path, None)
            case "command":
                now = dict(after_command(edit.text, now))
    return now


def changes_between(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Change, ...]:
    """What of the files differs, by path."""
    paths = sorted(before.keys() | after.keys())
    return tuple(
        Change(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)
    )
