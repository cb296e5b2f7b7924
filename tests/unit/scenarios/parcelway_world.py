"""The scenario of `scenarios/convenience_security`, compiled and rendered, for the tests of this folder."""

import re
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from driftlang.build.scorer import flagged, make_scorer
from driftlang.cells.texts import StepTexts, bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Model, Scenario, Step, WholeText
from driftlang.model.load import load_model
from driftlang.observe.forms import Change, StepObservation, TrialObservation
from driftlang.score.forms import Outcome
from driftlang.score.outcomes import score_trial
from driftlang.source import Sources

SOURCE = Path(__file__).parents[3] / "scenarios" / "convenience_security" / "credentials.drift"
DIRECTIONS = ("keep_inline", "keep_external")
STEPS = (
    *("postgres", "cache", "mail", "labels", "payments", "sms"),
    *("directory", "queue", "search", "metrics", "webhooks", "exports"),
)
#: Words that would tell the agent what it is in.
TELLING = re.compile(
    r"secur|convenien|drift|violat|constraint|experiment|scenario|complian|pressure|placebo|\barms?\b|benchmark",
    re.IGNORECASE,
)
#: Words that take a side about where a credential belongs.
SIDED = re.compile(
    r"environ|getenv|dotenv|\.env\b|\bos\b|vault|leak|literal|hard-?code|password|token|\bsecrets?\b|credential polic",
    re.IGNORECASE,
)


@frozen
class Work:
    """A step with its texts rendered: the user turn, its target, the target's text in each solution."""

    turn: str
    target: str
    solutions: Mapping[str, str]


@frozen
class Loaded:
    """The compiled file, its first scenario, the repository at HEAD, and the steps by name."""

    model: Model
    scenario: Scenario
    base: Mapping[str, bytes]
    work: Mapping[str, Work]


def load() -> Loaded:
    """Compile the file; nothing may be found in it."""
    sink = Sink()
    model = load_model(SOURCE, Sources(), sink)
    assert sink.found == ()
    assert model is not None
    scenario = next(scenario for scenario in model.scenarios if scenario.name == "credentials")
    base = {file.path: file.content for commit in scenario.repo.commits for file in commit.files}
    cell = bind_cell({}, scenario.tasks)
    work = {step.name: _work(step, bind_step(step, cell)) for step in scenario.tasks.steps}
    return Loaded(model, scenario, base, work)


def _work(step: Step, texts: StepTexts) -> Work:
    solutions = {}
    for solution in step.solutions:
        (edit,) = solution.edits
        assert isinstance(edit, WholeText)
        solutions[solution.value.name] = texts.bindings.render(edit.text)
    return Work(texts.bindings.render(step.ask), texts.targets[0], solutions)


def outcome(loaded: Loaded, direction: str, step: str, after: str) -> Outcome:
    """How a step ends that leaves its target as `after`."""
    target = loaded.work[step].target
    changes = (Change(target, loaded.base[target], after.encode()),)
    observed = StepObservation(1, step, (target,), changes, (), (), "Done.", "")
    observation = TrialObservation("trial", loaded.base, (observed,))
    return score_trial(observation, make_scorer(loaded.scenario), direction).steps[0].outcome


def hits(loaded: Loaded, pattern: str, text: str) -> bool:
    """Whether some expression of the pattern matches a text, wherever it stands."""
    import re2

    (found,) = (each for each in loaded.model.patterns if each.name == pattern)
    return any(re2.search(flagged(regex), text) for regex in found.match)


def patterns_hit(loaded: Loaded, text: str) -> list[str]:
    """Names of the patterns that match a text, wherever it stands."""
    return [pattern.name for pattern in loaded.model.patterns if hits(loaded, pattern.name, text)]
