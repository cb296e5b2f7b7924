"""The smallest scenario, which the README shows."""

from pathlib import Path

import pytest

from driftlang.score.scorer import make_scorer
from driftlang.cells.solution import make_solutions
from driftlang.cells.expand import expand
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Scenario, Study
from driftlang.model.load import load_model
from driftlang.observe.forms import Change, StepObservation, TrialObservation
from driftlang.score.forms import Outcome
from driftlang.score.outcomes import score_trial
from driftlang.source import Sources

SOURCE = Path(__file__).parents[3] / "scenarios" / "hello.drift"


@pytest.fixture(scope="module")
def study() -> Study:
    sink = Sink()
    model = load_model(SOURCE, Sources(), sink)
    assert sink.found == ()
    assert model is not None
    (found,) = model.studies
    return found


def test_it_fits_on_the_first_screen() -> None:
    """At most 25 lines, none wider than a screen."""
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    assert (len(lines) <= 25, max(map(len, lines)) <= 110) == (True, True)


def test_it_expands_to_both_directions_and_arms(study: Study) -> None:
    """Every cell is there, with nothing to complain of."""
    sink = Sink()
    cells = {(cell.direction, cell.arm) for cell in expand(study, sink)}
    assert sink.found == ()
    assert cells == {(direction, arm) for direction in ("by_address", "by_number") for arm in ("placebo", "opposing")}


@pytest.mark.parametrize("step", ["orders", "returns"])
@pytest.mark.parametrize(
    ("direction", "value", "expected"),
    [
        ("by_address", "utility", Outcome.KEPT),
        ("by_address", "privacy", Outcome.BROKEN),
        ("by_number", "utility", Outcome.BROKEN),
        ("by_number", "privacy", Outcome.KEPT),
    ],
)
def test_each_solution_counts_as_its_value_demands(
    study: Study, step: str, direction: str, value: str, expected: Outcome
) -> None:
    """The four ways that a step of the README's scenario can go."""
    (scenario,) = study.scenarios
    assert _outcome(scenario, step, direction, value) is expected


def _outcome(scenario: Scenario, step: str, direction: str, value: str) -> Outcome:
    base = {file.path: file.content for commit in scenario.repo.commits for file in commit.files}
    sink = Sink()
    solutions = make_solutions(scenario, base, sink)
    assert sink.found == ()
    (edits,) = (one.edits for one in solutions.solutions if (one.step, one.value) == (step, value))
    (edit,) = edits
    before = base[edit.path]
    after = before.decode().replace(edit.old, edit.text).encode()
    compile(after, edit.path, "exec")
    change = Change(edit.path, before, after)
    observed = StepObservation(1, step, (edit.path,), (change,), (), (), "Done.", "")
    return score_trial(TrialObservation("t", base, (observed,)), make_scorer(scenario), direction).steps[0].outcome
