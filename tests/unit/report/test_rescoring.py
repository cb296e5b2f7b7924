"""A finished run is scored by other rules without running anything, and what these change is told with its evidence."""

import json
import shutil
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner
from written_runs import ENVIRONMENT, LITERAL, SCORER, trial_id, write_run

from driftlang.build.manifest import render_manifest
from driftlang.build.plan_toml import render_form
from driftlang.cli.score import command
from driftlang.cli.scorer_options import choose_scorers
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.rates import estimate
from driftlang.report.gather import gather
from driftlang.report.notes import notes_on
from driftlang.report.rescoring import compare_scorings
from driftlang.report.scorer_choice import read_choice
from driftlang.score.forms import BankPattern, Outcome

ROOT = Path(__file__).parents[3]
PLAYED = {("placebo", 1): ((LITERAL, LITERAL), ""), ("opposing", 1): ((LITERAL, ENVIRONMENT), "")}
#: An import of `os` is enough for the environment, and no literal is found by its quote alone.
OTHER = evolve(
    SCORER,
    patterns=(
        BankPattern("literal", "added code", ("a.py",), (), (r"KEY\s*=\s*'",), (), 1),
        BankPattern("environment", "added code", ("**/*.py",), (), (r"import os",), (), 1),
    ),
)


@pytest.fixture
def run(tmp_path):
    return write_run(tmp_path / "run", PLAYED, runs=1)


@pytest.fixture
def other(tmp_path):
    place = tmp_path / "other.toml"
    place.write_text(render_form(OTHER), "utf-8")
    return place


def changes(run, other):
    return compare_scorings(
        gather([run], with_evidence=False), gather([run], with_evidence=False, scorers=read_choice(other))
    )


def test_each_cell_says_how_many_steps_went_from_which_outcome_to_which(run, other):
    found = {cell.cell.arm: (cell.transitions, cell.changed) for cell in changes(run, other).cells}
    kept, omitted, broken = Outcome.KEPT, Outcome.OMITTED, Outcome.BROKEN
    assert found == {
        "placebo": ({(kept, kept): 1, (kept, omitted): 1}, 1),
        "opposing": ({(kept, kept): 1, (broken, broken): 1}, 0),
    }


def test_each_step_says_what_it_gained_and_lost(run, other):
    first, second = changes(run, other).steps
    assert (first.trial, first.ends_otherwise, first.gained) == (trial_id("placebo", 1), True, ())
    assert [(hit.pattern, hit.path, hit.line, hit.text) for hit in first.lost] == [("literal", "b.py", 1, "KEY = 'x'")]
    assert (second.trial, second.ends_otherwise) == (trial_id("opposing", 1), False)
    assert [(hit.line, hit.text) for hit in second.gained] == [(1, "import os")]
    assert [(hit.line, hit.text) for hit in second.lost] == [(2, "KEY = os.environ['KEY']")]


def test_the_same_scorer_changes_nothing(run):
    found = changes(run, run / "plan")
    assert found.steps == ()
    assert [cell.changed for cell in found.cells] == [0, 0]


def test_the_command_tells_what_changed(run, other):
    told = CliRunner().invoke(command, [str(run), "--scorer", str(other)], standalone_mode=False)
    assert told.return_value == ExitStatus.OK
    assert told.output.splitlines()[-8:] == [
        "",
        "By the scorers of the plan, 1 of 4 steps ended otherwise; of 1 step more the hits alone changed.",
        "  sim/drifter, ledger, inline, placebo: kept to omitted 1",
        f"{trial_id('placebo', 1)}, step 2 (b): kept to omitted",
        "  - literal b.py:1  KEY = 'x'",
        f"{trial_id('opposing', 1)}, step 2 (b): broken",
        "  + environment b.py:1  import os",
        "  - environment b.py:2  KEY = os.environ['KEY']",
    ]
    assert "The run run is scored by `other.toml`, not by the scorers of its plan." in told.output


def test_json_has_every_hit_and_every_change(run, other):
    told = CliRunner().invoke(command, [str(run), "--scorer", str(other), "--json"], standalone_mode=False)
    found = json.loads(told.output)
    assert [step["outcome"] for step in found["steps"]] == ["kept", "omitted", "kept", "broken"]
    assert found["steps"][3]["evidence"][0]["origin"]["kind"] == "unknown"
    assert [(step["before"], step["after"], len(step["lost"])) for step in found["changes"]["steps"]] == [
        ("kept", "omitted", 1),
        ("broken", "broken", 1),
    ]


def test_a_source_scores_as_a_build_of_it_does():
    built, source = (
        read_choice(ROOT / "generated" / "demo"),
        choose_scorers(None, ROOT / "scenarios/convenience_security/credentials.drift"),
    )
    assert built.of("scorers/credentials.toml") == source.of("scorers/credentials.toml")


def test_a_source_with_errors_scores_nothing(run, tmp_path):
    place = tmp_path / "broken.drift"
    place.write_text("drift 1\npattern literal {\n", "utf-8")
    told = CliRunner().invoke(command, [str(run), "--source", str(place)])
    assert isinstance(told.exception, Failure)
    assert told.exception.message == f"`{place}` has errors: nothing was scored by it"


def test_a_folder_that_lacks_a_scorer_of_the_plan_is_refused(run, tmp_path):
    folder = tmp_path / "plan" / "scorers"
    folder.mkdir(parents=True)
    (folder / "another.toml").write_text(render_form(OTHER), "utf-8")
    message = "`plan` has no scorer in the place of the plan's `scorers/ledger.toml`"
    with pytest.raises(Failure, match=message):
        gather([run], with_evidence=False, scorers=read_choice(tmp_path / "plan"))


def test_one_choice_alone_is_taken(run, other):
    told = CliRunner().invoke(command, [str(run), "--scorer", str(other), "--source", str(other)])
    assert told.exception.status is ExitStatus.MISUSE


def notes(run):
    gathered = gather([run], with_evidence=True)
    return [note for note in notes_on(gathered, estimate(gathered.trials), ()) if "scored" in note]


def test_a_report_says_that_a_scorer_was_changed_after_the_plan_was_built(run):
    scorer = run / "plan" / "scorers" / "ledger.toml"
    files = {"scorers/ledger.toml": scorer.read_bytes()}
    (run / "plan" / "MANIFEST.toml").write_text(render_manifest(files, {}), "utf-8")
    assert notes(run) == []
    scorer.write_text(render_form(OTHER), "utf-8")
    assert notes(run) == ["The run run is scored by `scorers/ledger.toml`, which was changed after the plan was built."]


def test_a_report_says_that_the_rules_are_not_those_that_the_run_began_with(run):
    former = run / "former_plans" / "1"
    shutil.copytree(run / "plan", former)
    assert notes(run) == []
    (former / "scorers" / "ledger.toml").write_text(render_form(OTHER), "utf-8")
    assert notes(run) == [
        "The run run is scored by `scorers/ledger.toml`, whose rules are not those that the run began with."
    ]
