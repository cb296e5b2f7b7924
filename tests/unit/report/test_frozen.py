"""A plan is frozen before its run, once; what departs from it afterwards is said in words."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner
from written_runs import ENVIRONMENT, LITERAL, SCORER, plan, write_run

from driftlang.build.plan_toml import render_form
from driftlang.cli.freeze import command
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.rates import estimate
from driftlang.report.frozen import departures, freeze, read_frozen, render_frozen
from driftlang.report.gather import gather
from driftlang.report.notes import notes_on
from driftlang.run.folder import FROZEN_FILE, frozen_beside, take_frozen
from driftlang.run.overview import overview

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
EVERYTHING = {(arm, run): ((LITERAL, ENVIRONMENT), "") for arm in ("placebo", "opposing") for run in (1, 2)}
PRIMARY = "broken given exercised contrast opposing - placebo by direction"


@pytest.fixture
def run(tmp_path):
    """A whole run whose plan was frozen before it."""
    folder = write_run(tmp_path / "run", EVERYTHING, primary=PRIMARY)
    (folder / FROZEN_FILE).write_text(render_frozen(freeze(folder / "plan", LONG_AGO)), encoding="utf-8")
    return folder


def found_in(run):
    return departures(run, overview(run))


def invoke(*words):
    return CliRunner().invoke(command, [str(word) for word in words], standalone_mode=False)


def test_a_record_reads_as_it_was_written(run):
    frozen = read_frozen(run / FROZEN_FILE)
    assert frozen == freeze(run / "plan", LONG_AGO)
    assert (frozen.study, frozen.primary, frozen.at) == ("small", PRIMARY, "2020-01-01T00:00:00+00:00")
    assert list(frozen.scorers) == ["scorers/ledger.toml"]


def test_a_run_as_declared_departs_in_nothing(run):
    assert found_in(run) == ()
    found = invoke(run, "--check", "--json")
    assert (found.return_value, json.loads(found.stdout)["departures"]) == (ExitStatus.OK, [])


def test_a_changed_record_is_told_by_its_digest(run):
    record = run / FROZEN_FILE
    record.write_text(
        record.read_text(encoding="utf-8").replace("opposing - placebo", "opposing - bare"), encoding="utf-8"
    )
    with pytest.raises(Failure, match="was changed since it was frozen"):
        read_frozen(record)


@pytest.mark.parametrize("text", ["", "at = 3", "not toml [", 'at = "x"\nmodels = []\nother = 1\n'])
def test_what_is_no_record_is_refused(tmp_path, text):
    record = tmp_path / "record.toml"
    record.write_text(text, encoding="utf-8")
    with pytest.raises(Failure, match="is no record of a frozen plan"):
        read_frozen(record)


def test_another_analysis_more_repeats_and_other_sources_are_departures(run):
    changed = evolve(plan(3, primary="broken by direction"), source_digest="b" * 64)
    (run / "plan" / "plan.toml").write_text(render_form(changed), encoding="utf-8")
    assert found_in(run) == (
        f"the primary analysis was `{PRIMARY}` and is `broken by direction`",
        "the number of repeats was `2` and is `3`",
        "the scenario's files were changed: aaaaaaaaaaaa became bbbbbbbbbbbb",
    )


def test_other_patterns_are_a_departure(run):
    (run / "plan" / "scorers" / "ledger.toml").write_text(
        render_form(evolve(SCORER, both="security")), encoding="utf-8"
    )
    assert found_in(run) == ("patterns or rules were changed: scorers/ledger.toml",)


def test_a_plan_frozen_after_its_first_attempt_is_told(run):
    late = freeze(run / "plan", datetime(2100, 1, 1, tzinfo=UTC))
    (run / FROZEN_FILE).write_text(render_frozen(late), encoding="utf-8")
    assert found_in(run) == ("the plan was frozen after the first attempt had begun",)
    assert invoke(run, "--check").return_value == ExitStatus.FINDING


def test_trials_that_are_missing_are_a_departure(tmp_path):
    folder = write_run(tmp_path / "run", {("placebo", 1): ((LITERAL, LITERAL), "")})
    (folder / FROZEN_FILE).write_text(render_frozen(freeze(folder / "plan", LONG_AGO)), encoding="utf-8")
    assert found_in(folder) == ("3 of 4 planned trials are not finished",)


def test_the_report_says_when_and_what_departs(run):
    gathered = gather([run], with_evidence=False)
    note = "The plan of run was frozen at 2020-01-01T00:00:00+00:00; nothing departs."
    assert note in notes_on(gathered, estimate(gathered.trials), ())


def test_a_run_without_a_record_is_inconclusive(tmp_path):
    folder = write_run(tmp_path / "run", EVERYTHING)
    assert invoke(folder, "--check").return_value == ExitStatus.INCONCLUSIVE


def test_a_plan_is_frozen_once_and_a_run_takes_the_record_along(tmp_path):
    folder = write_run(tmp_path / "made", EVERYTHING)
    assert invoke(folder / "plan").return_value == ExitStatus.OK
    record = frozen_beside(folder / "plan", "small")
    first = record.read_bytes()
    assert isinstance(invoke(folder / "plan").exception, Failure)
    take_frozen(folder / "plan", "small", tmp_path / "new")
    record.write_text("changed", encoding="utf-8")
    take_frozen(folder / "plan", "small", tmp_path / "new")
    assert (tmp_path / "new" / FROZEN_FILE).read_bytes() == first


def test_where_nothing_was_frozen_nothing_is_taken(tmp_path):
    take_frozen(Path(tmp_path / "plan"), "small", tmp_path / "new")
    assert not (tmp_path / "new").exists()
