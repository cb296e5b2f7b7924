"""A scenario of the library, compiled and rendered, and what can be asked of any: shared by its tests."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from driftlang.cells.edits import PlannedSolution, SolutionEdit
from driftlang.score.scorer import make_scorer
from driftlang.cells.solution import make_solutions
from driftlang.cells.expand import expand
from driftlang.cells.forms import Cell
from driftlang.cells.texts import StepTexts, bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Model, Regex, Scenario, Step
from driftlang.validity.load import load_checked
from driftlang.observe.forms import Change, CommandRun, StepObservation, TrialObservation
from driftlang.score.forms import Outcome
from driftlang.score.outcomes import score_trial
from driftlang.source import Sources

#: Words that would tell the agent what it is in.
TELLING = re.compile(
    r"secur|convenien|efficien|drift|violat|constraint|experiment|scenario|complian|pressure|placebo|\barms?\b|benchmark",
    re.IGNORECASE,
)


@frozen
class Work:
    """A step with its texts rendered: the user turn, its target and the target's text, the edits of each solution."""

    turn: str
    target: str
    stub: str
    edits: Mapping[str, tuple[SolutionEdit, ...]]

    @property
    def solutions(self) -> Mapping[str, str]:
        """The target's text in each solution, where solutions edit nothing else."""
        return {value: _after(edits, self.target, self.stub) for value, edits in self.edits.items()}


@frozen
class Loaded:
    """The compiled file, one of its scenarios, the repository at HEAD, and the steps by name."""

    model: Model
    scenario: Scenario
    base: Mapping[str, bytes]
    work: Mapping[str, Work]


def load(source: Path, study: str) -> Loaded:
    """Compile the file; the scenario is that of the study. Nothing may be found in it."""
    sink = Sink()
    model = load_checked(source, Sources(), sink)
    assert sink.found == ()
    assert model is not None
    (scenario,) = next(each.scenarios for each in model.studies if each.name == study)
    base = {file.path: file.content for commit in scenario.repo.commits for file in commit.files}
    cell = bind_cell({}, scenario.tasks)
    played = make_solutions(scenario, base, sink).solutions
    work = {step.name: _work(bind_step(step, cell), step, base, played) for step in scenario.tasks.steps}
    assert sink.found == ()
    return Loaded(model, scenario, base, work)


def _work(texts: StepTexts, step: Step, base: Mapping[str, bytes], played: tuple[PlannedSolution, ...]) -> Work:
    target = texts.targets[0]
    edits = {one.value: one.edits for one in played if one.step == step.name}
    return Work(texts.bindings.render(step.ask), target, base[target].decode(), edits)


def _after(edits: tuple[SolutionEdit, ...], target: str, text: str) -> str:
    """The target after every edit, each of which must find its place once."""
    for edit in edits:
        assert (edit.kind, edit.path, text.count(edit.old)) == ("edit", target, 1)
        text = text.replace(edit.old, edit.text)
    return text


def cells_of(model: Model, study: str) -> tuple[Cell, ...]:
    """The cells of one study; nothing may be found in it."""
    sink = Sink()
    (found,) = (each for each in model.studies if each.name == study)
    cells = expand(found, sink)
    assert sink.found == ()
    return cells


# ---- scoring ----


def outcome(loaded: Loaded, direction: str, step: str, after: str) -> Outcome:
    """How a step ends that leaves its target as `after`."""
    target = loaded.work[step].target
    return outcome_of(loaded, direction, step, (Change(target, loaded.base[target], after.encode()),))


def outcome_of_nothing(loaded: Loaded, direction: str, step: str) -> Outcome:
    """How a step ends that leaves everything as it was."""
    return outcome_of(loaded, direction, step, ())


def outcome_of(
    loaded: Loaded, direction: str, step: str, changes: tuple[Change, ...], commands: tuple[CommandRun, ...] = ()
) -> Outcome:
    """How a step ends that made these changes and ran these commands."""
    observed = StepObservation(1, step, (loaded.work[step].target,), changes, (), commands, "Done.", "")
    observation = TrialObservation("trial", loaded.base, (observed,))
    return score_trial(observation, make_scorer(loaded.scenario), direction).steps[0].outcome


def patterns_hit(loaded: Loaded, text: str) -> list[str]:
    """Names of the patterns of which some `match` matches a text, wherever it stands."""
    return [pattern.name for pattern in loaded.model.patterns if _matches(pattern.match, text)]


def wrong_examples(loaded: Loaded) -> list[tuple[str, str]]:
    """Pattern and text of each `hit` that is missed and each `miss` that is hit."""
    return [
        (pattern.name, example.text)
        for pattern in loaded.model.patterns
        for is_hit, examples in ((True, pattern.hits), (False, pattern.misses))
        for example in examples
        if (_matches(pattern.match, example.text) and not _matches(pattern.unless, example.text)) is not is_hit
    ]


def _matches(expressions: tuple[Regex, ...], text: str) -> bool:
    import re2

    return any(re2.search(regex.flagged, text) for regex in expressions)


def untested_expressions(loaded: Loaded) -> list[str]:
    """Each `match` that no `hit` exercises."""
    return [
        regex.source
        for pattern in loaded.model.patterns
        for regex in pattern.match
        if not any(_matches((regex,), example.text) for example in pattern.hits)
    ]


# ---- matching ----


def is_matched(one: str, other: str, tolerance: float) -> bool:
    """Whether two texts are of one length, but for a share of the longer one."""
    return abs(len(one) - len(other)) <= tolerance * max(len(one), len(other))


def unmatched_messages(loaded: Loaded, tolerance: float) -> list[str]:
    """Names of the messages whose counterpart has another name, severity, length, form or set of placeholders."""
    first, second = (pressure.messages for pressure in loaded.scenario.pressures)
    cell = bind_cell({}, loaded.scenario.tasks)
    return [
        one.name
        for one, other in zip(first, second, strict=True)
        if (one.name, one.severity) != (other.name, other.severity)
        or not is_matched(cell.render(one.text), cell.render(other.text), tolerance)
        or cell.render(one.text).endswith("?") is not cell.render(other.text).endswith("?")
        or set(one.text.names) != set(other.text.names)
    ]


def unlike_controls(cells: tuple[Cell, ...]) -> list[tuple[str, str]]:
    """Messages with a control of another form, or of a length that is 10 % off."""
    return [
        (text, control)
        for text, control in controls(cells)
        if not is_matched(text, control, 0.1) or text.endswith("?") is not control.endswith("?")
    ]


def controls(cells: tuple[Cell, ...]) -> Iterator[tuple[str, str]]:
    """What the opposing arm says at each slot of each cell, and the placebo arm at the same one."""
    by_place = {(cell.scenario, cell.direction, *cell.levels.items(), cell.arm): cell for cell in cells}
    for cell in cells:
        if cell.arm != "opposing":
            continue
        placebo = by_place[cell.scenario, cell.direction, *cell.levels.items(), "placebo"]
        for script, control_script in zip(cell.scripts, placebo.scripts, strict=True):
            for turn, control in zip(script.turns, control_script.turns, strict=True):
                yield turn.injections[0].text, control.injections[0].text


# ---- running ----


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def python(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder with next to nothing in its environment; a warning is an error."""
    kept = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(folder)}
    command = [sys.executable, "-W", "error", *arguments]
    return subprocess.run(
        command, cwd=folder, env={**kept, **variables}, capture_output=True, text=True, check=False, timeout=60
    )
