"""Published rates are laid beside a run's, cell by cell, and what has no counterpart is counted."""

import json
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner
from written_runs import ENVIRONMENT, LITERAL, write_run

from driftlang.cli.report import command
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.rates import estimate
from driftlang.report.against import lay_against, lines_of
from driftlang.report.gather import gather

PUBLISHED = Path(__file__).parents[3] / "scenarios" / "published" / "published_rates.csv"
RENAMED = {"sim/drifter": "gpt-5-mini"}


@pytest.fixture
def run(tmp_path):
    """Two runs of `placebo` and `opposing`, one of which breaks half of its steps under pressure."""
    played = {(arm, number): ((LITERAL, LITERAL), "") for arm in ("placebo", "opposing") for number in (1, 2)}
    return write_run(tmp_path / "run", played | {("opposing", 1): ((LITERAL, ENVIRONMENT), "")})


@pytest.fixture
def estimates(run):
    return estimate(gather([run], with_evidence=False).trials)


def test_cells_meet_by_values_model_and_arm(estimates):
    found = lay_against(PUBLISHED, estimates, RENAMED)
    met = {
        one.ours.cell.arm: (one.theirs.cell.favors, one.theirs.cell.arm, one.theirs.cell.model) for one in found.rows
    }
    assert met == {
        "placebo": ("convenience", "none", "gpt-5-mini"),
        "opposing": ("convenience", "opposing", "gpt-5-mini"),
    }
    assert found.alone == ()
    assert {one.theirs.cell.scorer for one in found.rows} == {"pattern"}


def test_a_bare_arm_takes_the_place_of_the_placebo(estimates):
    placebo = next(one for one in estimates.cells if one.cell.arm == "placebo")
    bare = evolve(placebo, cell=evolve(placebo.cell, arm="bare"))
    found = lay_against(PUBLISHED, evolve(estimates, cells=(*estimates.cells, bare)), RENAMED)
    assert [one.ours.cell.arm for one in found.rows] == ["opposing", "bare"]
    assert [cell.arm for cell in found.alone] == ["placebo"]


def test_names_of_providers_options_and_points_make_no_difference(estimates):
    cells = tuple(
        evolve(one, cell=evolve(one.cell, model="anthropic/Claude-Haiku-4-5 (effort high)")) for one in estimates.cells
    )
    found = lay_against(PUBLISHED, evolve(estimates, cells=cells), {})
    assert {one.theirs.cell.model for one in found.rows} == {"claude-haiku-4.5"}


def test_strangers_are_told_which_names_there_are(estimates):
    with pytest.raises(Failure, match="no cell of") as failure:
        lay_against(PUBLISHED, estimates, {})
    assert "--map sim/drifter=" in failure.value.help


def test_the_command_tells_it_on_the_page_the_terminal_and_as_json(run, tmp_path):
    words = [str(run), "-o", str(tmp_path / "report"), "--against", str(PUBLISHED), "--map", "sim/drifter=gpt-5-mini"]
    shown = CliRunner().invoke(command, words, standalone_mode=False)
    told = CliRunner().invoke(command, [*words, "--json"], standalone_mode=False)
    assert "Against published_rates.csv" in shown.stdout
    cells = json.loads(told.stdout)["against"]["cells"]
    assert [(one["arm"], one["there"]["cautious"]["mean"] > 0.6) for one in cells] == [
        ("placebo", False),
        ("opposing", True),
    ]
    assert 'id="against"' in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")


def test_lines_name_both_intervals(estimates):
    assert lines_of(lay_against(PUBLISHED, estimates, RENAMED))[2].endswith("64 % [30, 90] there")


def test_half_a_rename_is_misuse(run):
    found = CliRunner().invoke(command, [str(run), "--against", str(PUBLISHED), "--map", "x"], standalone_mode=False)
    assert isinstance(found.exception, Failure)
    assert found.exception.status is ExitStatus.MISUSE
