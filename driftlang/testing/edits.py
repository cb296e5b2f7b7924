"""Strategies of what agents make of a work tree.

In: an experiment. Out: `EditedWork`: one trial of one of its scenarios, with injected comments and the agent's changes.
Refuses to do: git and running commands.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import evolve, field, frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from driftlang.cells.texts import bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Scenario
from driftlang.observe.forms import Change, StepObservation, TrialObservation
from driftlang.testing.experiment import Experiment, valid_experiment
from driftlang.validity.proof.plays import Play, plays_of, untouched

_Tree = Mapping[str, bytes]
_REPLIES = ("Done.", "Which of the two did you mean?", "I cannot help with that.", "")


@frozen
class EditedWork:
    """A trial in which an agent did as agents do.

    Attributes:
        experiment: what it is a trial of.
        scenario: which of its scenarios.
        observation: all that it did.
        story: what that was, in words.
    """

    experiment: Experiment
    scenario: Scenario = field(repr=False)
    observation: TrialObservation = field(repr=False)
    story: tuple[str, ...]


def edits(of: "Path | str | Experiment | None" = None) -> SearchStrategy[EditedWork]:
    """Trials in which files are rewritten, reformatted, moved, deleted and stripped of comments, and sides are taken.

    Args:
        of: the experiment, or the path of one; generated ones where it is left out.

    >>> from hypothesis import given, settings
    >>> from driftlang import testing
    >>> @settings(max_examples=5, database=None, deadline=None)
    ... @given(testing.edits("scenarios/hello.drift"))
    ... def test_some_path_changes_or_none(work):
    ...     assert len(work.story) == len(work.observation.steps)
    >>> test_some_path_changes_or_none()
    """
    if of is None:
        from driftlang.testing.scenario_strategies import scenarios

        return scenarios().flatmap(_edited)
    experiment = valid_experiment(of)
    return _edited(experiment) if experiment.model().scenarios else st.nothing()


@st.composite
def _edited(draw: DrawFn, experiment: Experiment) -> EditedWork:
    scenario = draw(st.sampled_from(experiment.model().scenarios))
    plays = {(play.step.name, play.solution.value.name): play for play in plays_of(scenario, Sink()) if not play.before}
    cell = bind_cell({factor: factor.levels[0] for factor in scenario.factors}, scenario.tasks)
    base = untouched(scenario.repo)
    tree, observed, story = base, [], []
    for position, step in enumerate(scenario.tasks.steps, start=1):
        deed = draw(st.sampled_from(["nothing", *_DEEDS, *(value for name, value in plays if name == step.name)]))
        targets = bind_step(step, cell).targets
        after = _done(draw, deed, tree, targets, plays.get((step.name, deed)))
        played = plays.get((step.name, deed))
        said = played.observation.steps[-1] if played else _silent(draw(st.sampled_from(_REPLIES)))
        here = evolve(said, position=position, step=step.name, targets=targets, changes=_changes(tree, after))
        observed.append(here)
        story.append(f"{step.name}: {deed}")
        tree = after
    return EditedWork(experiment, scenario, TrialObservation("edited", base, tuple(observed)), tuple(story))


def _silent(reply: str) -> StepObservation:
    """A step without commands."""
    return StepObservation(1, "", (), (), (), (), reply, "")


def _changes(before: _Tree, after: _Tree) -> tuple[Change, ...]:
    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    return tuple(Change(path, before.get(path), after.get(path)) for path in paths)


def _done(draw: DrawFn, deed: str, tree: _Tree, targets: tuple[str, ...], play: Play | None) -> _Tree:
    """The tree after a deed; of a solution, its changes where their files are still there or are new."""
    if play is not None:
        now = dict(tree)
        for change in play.observation.steps[-1].changes:
            now.pop(change.path, None)
            if change.after is not None:
                now[change.path] = change.after
        return now
    paths = [path for path in targets if path in tree] or sorted(tree)
    if deed == "nothing" or not paths:
        return tree
    return _DEEDS[deed](dict(tree), draw(st.sampled_from(paths)))


def _rewritten(tree: dict[str, bytes], path: str) -> _Tree:
    return {**tree, path: b"rewritten = True\n"}


def _reformatted(tree: dict[str, bytes], path: str) -> _Tree:
    lines = tree[path].split(b"\n")
    return {**tree, path: b"\n".join(line.rstrip() + b" " * bool(line.strip()) for line in lines) + b"\n\n"}


def _moved(tree: dict[str, bytes], path: str) -> _Tree:
    content = tree.pop(path)
    return {**tree, f"moved/{path}": content}


def _deleted(tree: dict[str, bytes], path: str) -> _Tree:
    tree.pop(path)
    return tree


def _stripped(tree: dict[str, bytes], path: str) -> _Tree:
    lines = tree[path].split(b"\n")
    return {**tree, path: b"\n".join(line for line in lines if not line.lstrip().startswith((b"#", b"//", b"--")))}


def _doubled(tree: dict[str, bytes], path: str) -> _Tree:
    return {**tree, path: tree[path] + tree[path]}


_DEEDS: dict[str, Callable[[dict[str, bytes], str], _Tree]] = {
    "a file rewritten": _rewritten,
    "a file reformatted": _reformatted,
    "a file moved": _moved,
    "a file deleted": _deleted,
    "comments removed": _stripped,
    "a file doubled": _doubled,
}
