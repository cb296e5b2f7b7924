"""A report is complete, equal for equal input, safe to open, and written whole or not at all."""

import errno
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import drifting
import pytest
from attrs import evolve, fields
from click.testing import CliRunner
from test_gather import FINISHED
from written_runs import SCORER, write_run

from driftlang.cells.forms import Injection
from driftlang.cli import report as report_command
from driftlang.cli import score as score_command
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.forms import Estimates
from driftlang.estimate.rates import estimate
from driftlang.report.forms import CommandShown, DiffLine, Gathered, ReportPaths
from driftlang.report.render import render_gathered, render_report
from driftlang.score.forms import Hit

HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The report of 36 synthetic trials of 12 steps."""
    gathered = drifting.gathered()
    return render_gathered(gathered, estimate(gathered.trials), tmp_path_factory.mktemp("demo"))


def test_every_file_is_there_and_nothing_else(demo):
    names = {getattr(demo, field.name) for field in fields(ReportPaths)}
    assert set(demo.html.parent.iterdir()) == names


def test_the_page_of_a_study_is_small(demo):
    assert demo.html.stat().st_size < 2_000_000


def test_every_link_of_the_page_leads_somewhere(demo):
    page = demo.html.read_text()
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links - set(re.findall(r'\bid="([^"]+)"', page)) == set()
    assert len([link for link in links if re.fullmatch(r"trial-[0-9a-f]{16}-step-\d+", link)]) == 432


def test_the_page_asks_for_nothing_from_elsewhere(demo):
    page = demo.html.read_text()
    assert re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?http|@import|<link|<iframe""", page) == []
    assert "default-src 'none'" in page


def test_a_number_leads_to_as_many_steps_as_it_says(demo):
    page = demo.html.read_text()
    for anchor, number in re.findall(r'href="#(cell-\d+)-broken">(\d+)</a>', page):
        section = page[page.index(f'id="{anchor}"') :]
        rows = section[: section.index("</table>")]
        assert len(re.findall(r"<tr class=\"e s\d+ o-broken x\">", rows)) == int(number)


def test_points_of_the_curve_lead_to_their_steps(demo):
    assert 'xlink:href="report.html#cell-1-step-1"' in demo.curve_svg.read_text()
    assert 'xlink:href="#cell-1-step-1"' in demo.html.read_text()


@pytest.mark.parametrize("name", ["curve_svg", "heatmap_svg"])
def test_figures_are_well_formed_and_carry_no_date(demo, name):
    text = getattr(demo, name).read_text()
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert "<dc:date>" not in text


def test_equal_input_gives_equal_bytes(tmp_path):
    gathered = drifting.gathered(drifting.trials(models=("sim/drifter",), runs=2, steps=4))
    one, other = (render_gathered(gathered, estimate(gathered.trials), tmp_path / name) for name in "ab")
    names = [field.name for field in fields(ReportPaths)]
    assert [getattr(one, name).read_bytes() for name in names] == [getattr(other, name).read_bytes() for name in names]


def test_texts_of_the_agent_are_escaped_everywhere(tmp_path):
    gathered = drifting.gathered(drifting.trials(models=("sim/breaker",), runs=1, steps=2))
    trial = gathered.details[0]
    step = trial.steps[0]
    hostile = evolve(
        step,
        outcome=evolve(step.outcome, step=HOSTILE, hits=(Hit(HOSTILE, HOSTILE, 1, HOSTILE),), reason=HOSTILE),
        turn=HOSTILE,
        targets=(HOSTILE,),
        injections=((Injection(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1, HOSTILE), HOSTILE),),
        diff=(DiffLine("added", HOSTILE), DiffLine("file", HOSTILE)),
        commands=(CommandShown(HOSTILE, 0),),
        reply=HOSTILE,
    )
    changed = evolve(trial, reason=HOSTILE, steps=(hostile, *trial.steps[1:]))
    gathered = evolve(gathered, details=(changed, *gathered.details[1:]))
    page = render_gathered(gathered, estimate(gathered.trials), tmp_path).html.read_text()
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "{{ 7*7 }}" in page


def test_no_trials_make_a_report_that_says_no_data(tmp_path):
    paths = render_gathered(Gathered(drifting.gathered([]).runs, ()), Estimates(0.95), tmp_path)
    assert "<strong>No data.</strong>" in paths.html.read_text()
    assert paths.rates_csv.read_text().startswith("study,scenario,model")


def test_many_arms_levels_and_one_direction_can_be_drawn(tmp_path):
    cells = [
        drifting.key("m", drifting.DIRECTIONS[0], arm, levels=(("tone", tone),))
        for arm in ("bare", "placebo", "opposing", "supporting", "unrelated")
        for tone in ("polite", "urgent")
    ]
    template = drifting.trials(runs=1, steps=3)[0]
    trials = [evolve(template, cell=cell, trial=f"{number:016x}") for number, cell in enumerate(cells)]
    paths = render_gathered(drifting.gathered(trials), estimate(trials), tmp_path)
    assert paths.curve_png.read_bytes().startswith(b"\x89PNG")


def test_a_full_disk_leaves_the_former_report_as_it_was(tmp_path, monkeypatch):
    (tmp_path / "report.html").write_text("former")

    def fill(_path, _content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(Failure, match="no space left on device"):
        render_gathered(drifting.gathered([]), Estimates(0.95), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text() == "former"


def test_a_place_that_cannot_be_a_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="is a file") as caught:
        render_gathered(drifting.gathered([]), Estimates(0.95), tmp_path / "file")
    assert caught.value.status is ExitStatus.MISUSE
    with pytest.raises(Failure, match="not a directory"):
        render_gathered(drifting.gathered([]), Estimates(0.95), tmp_path / "file" / "below")


def test_runs_become_a_report(tmp_path):
    paths = render_report([write_run(tmp_path / "run", FINISHED)], tmp_path / "out")
    assert "sim/drifter" in paths.html.read_text()
    assert len(paths.outcomes_csv.read_text().splitlines()) == 1 + 6


def test_the_report_command_prints_the_table_and_the_path(tmp_path):
    run = write_run(tmp_path / "run", FINISHED)
    result = CliRunner().invoke(report_command.command, [str(run)], standalone_mode=False)
    lines = result.output.splitlines()
    assert result.return_value == ExitStatus.OK
    assert [word.strip() for word in lines[2].split("|")[:5]] == ["sim/drifter", "inline", "opposing", "2", "4"]
    errors = (
        "Trials that ended in error, with all their steps in no rate: sim/drifter, ledger, inline, opposing: 1 of 2"
    )
    assert lines[-3:] == [
        f"{errors} runs.",
        "Not finished, in no rate: 1 of the planned trials.",
        f"Report: {run / 'report' / 'report.html'}",
    ]


def test_the_report_command_prints_json(tmp_path):
    run = write_run(tmp_path / "run", FINISHED)
    out = tmp_path / "out"
    result = CliRunner().invoke(report_command.command, [str(run), "-o", str(out), "--json"], standalone_mode=False)
    found = json.loads(result.output)
    assert [(cell["arm"], cell["broken"], cell["error"]) for cell in found["cells"]] == [
        ("opposing", 1, 2),
        ("placebo", 0, 0),
    ]
    assert found["files"]["html"] == str(out / "report.html")


def test_a_run_without_an_end_is_inconclusive(tmp_path):
    run = write_run(tmp_path / "run", {})
    result = CliRunner().invoke(report_command.command, [str(run)], standalone_mode=False)
    assert result.return_value == ExitStatus.INCONCLUSIVE


def test_injections_not_placed_are_said_everywhere(tmp_path):
    run = write_run(tmp_path / "run", FINISHED, went="files of this type have no comments")
    note = (
        "Injections placed, where not all were: sim/drifter, ledger, inline, opposing: 0 of 3; "
        "sim/drifter, ledger, inline, placebo: 0 of 2."
    )
    for command in (score_command.command, report_command.command):
        assert note in CliRunner().invoke(command, [str(run)], standalone_mode=False).output
    assert note in (run / "report" / "report.html").read_text()
    head, *rows = [line.split(",") for line in (run / "report" / "cells.csv").read_text().splitlines()]
    at = head.index("injections_scheduled")
    assert [row[at : at + 2] for row in rows] == [["3", "0"], ["2", "0"]]


def test_a_declared_contrast_without_its_arm_and_the_limit_of_cost_are_said(tmp_path):
    primary = "broken given exercised contrast opposing - bare by direction"
    run = write_run(tmp_path / "run", FINISHED, primary=primary, cost=5.0)
    output = CliRunner().invoke(report_command.command, [str(run)], standalone_mode=False).output
    page = (run / "report" / "report.html").read_text()
    note = (
        "The contrast opposing - bare that the plan of small declares is not estimated for "
        "sim/drifter, ledger, inline, opposing: no trial of the arm bare has ended there."
    )
    assert note in output
    assert note in page
    assert "What pressure adds" not in page
    assert "cost limit is 5 dollars." in page


def test_the_score_command_prints_outcomes(tmp_path):
    run = write_run(tmp_path / "run", FINISHED)
    result = CliRunner().invoke(score_command.command, [str(run)], standalone_mode=False)
    assert (result.return_value, len(result.output.splitlines())) == (ExitStatus.OK, 5)
    result = CliRunner().invoke(score_command.command, [str(run), "--json"], standalone_mode=False)
    steps = json.loads(result.output)["steps"]
    assert [(step["arm"], step["run"], step["position"], step["outcome"]) for step in steps if step["run"] == 2] == [
        ("opposing", 2, 1, "error"),
        ("opposing", 2, 2, "error"),
    ]


def test_the_score_command_shows_which_rules_each_step_kept(tmp_path):
    scorer = evolve(SCORER, side_rules={"literal_only": "literal and not environment"})
    run = write_run(tmp_path / "run", FINISHED, scorer=scorer)
    result = CliRunner().invoke(score_command.command, [str(run), "--json"], standalone_mode=False)
    shown = {
        (one["arm"], one["run"], one["position"]): one["rule_literal_only"]
        for one in json.loads(result.output)["steps"]
    }
    assert shown == {
        ("placebo", 1, 1): "kept",
        ("placebo", 1, 2): "kept",
        ("opposing", 1, 1): "kept",
        ("opposing", 1, 2): "not kept",
        # A trial that ended in error is in no number.
        ("opposing", 2, 1): "",
        ("opposing", 2, 2): "",
    }
