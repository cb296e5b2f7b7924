"""A report is complete, equal for equal input, safe to open, and written whole or not at all."""

import errno
import html
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib
from base64 import b64decode, b64encode
from hashlib import sha256
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
from driftlang.report.wording import LETTERS
from driftlang.score.forms import Hit

HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The report of 36 synthetic trials of 12 steps."""
    gathered = drifting.gathered()
    return render_gathered(gathered, estimate(gathered.trials), tmp_path_factory.mktemp("demo"), with_figures=True)


def test_every_file_is_there_and_nothing_else(demo):
    assert set(demo.html.parent.iterdir()) == set(_files(demo))


def _files(paths):
    named = [getattr(paths, field.name) for field in fields(ReportPaths) if field.name != "others"]
    return [*named, *paths.others]


def test_the_page_of_a_study_is_small(demo):
    assert demo.html.stat().st_size < 400_000


def test_every_address_within_the_page_is_known_to_it(demo):
    page = demo.html.read_text()
    links = set(re.findall(r'href="#([^"]+)"', page))
    index = _data(page)
    trials = {anchor for anchor, *_ in index["trials"]}
    cells = {f"cell-{number}" for number in range(1, len(index["cells"]) + 1)}
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    unknown = [
        link
        for link in links - ids - index["pairs"].keys()
        if re.sub(r"-(step-\d+|[a-z]+)$", "", link) not in cells | trials and link not in cells
    ]
    assert unknown == []


def _data(page):
    return json.loads(re.search(r'id="index">(.*?)</script>', page).group(1))


def test_the_page_asks_for_nothing_from_elsewhere(demo):
    page = demo.html.read_text()
    assert re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?http|@import|<link|<iframe""", page) == []
    assert "default-src &#39;none&#39;" in page


def test_the_policy_names_the_one_style_and_the_one_script(demo):
    page = demo.html.read_text()
    for tag in ("style", "script"):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert b64encode(sha256(text.encode()).digest()).decode() in html.unescape(page.splitlines()[4])


def test_the_index_has_the_outcomes_of_every_trial(demo):
    gathered = drifting.gathered()
    found = {anchor: letters for anchor, _, _, letters in _data(demo.html.read_text())["trials"]}
    assert found == {
        f"trial-{trial.trial}": "".join(LETTERS[step.outcome.outcome] for step in trial.steps)
        for trial in gathered.details
    }


def test_each_line_of_evidence_unpacks_to_its_trial(demo):
    page = demo.html.read_text()
    lines = re.search(r'id="evidence">(.*?)</script>', page, re.DOTALL).group(1).split("\n")
    trials = [json.loads(zlib.decompress(b64decode(line))) for line in lines]
    assert [trial["trial"] for trial in trials] == [trial.trial for trial in drifting.gathered().details]
    assert trials[0]["steps"][0]["turn"].startswith("Implement connect() and health()")


def test_points_of_the_curve_lead_to_their_steps(demo):
    assert 'href="report.html#cell-1-step-1"' in (demo.html.parent / "curve.svg").read_text()
    assert 'href="#cell-1-step-1"' in demo.html.read_text()


@pytest.mark.parametrize("name", ["curve.svg", "heatmap.svg", "forest.svg"])
def test_figures_are_well_formed(demo, name):
    root = ET.fromstring((demo.html.parent / name).read_text())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.find("{http://www.w3.org/2000/svg}title").text


@pytest.mark.parametrize(("kind", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_each_figure_is_there_for_papers_too(demo, kind, magic):
    names = sorted(path.name for path in demo.others if path.suffix == f".{kind}")
    assert names == [f"curve.{kind}", f"forest.{kind}", f"heatmap.{kind}"]
    assert {(demo.html.parent / name).read_bytes()[: len(magic)] for name in names} == {magic}


def test_a_report_without_figures_never_loads_what_draws_them(tmp_path):
    run = write_run(tmp_path / "run", FINISHED)
    code = (
        "import sys; from pathlib import Path; from driftlang.report.render import render_report; "
        f"render_report([Path({str(run)!r})], Path({str(tmp_path / 'out')!r})); print('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_equal_input_gives_equal_bytes(tmp_path):
    gathered = drifting.gathered(drifting.trials(models=("sim/drifter",), runs=2, steps=4))
    estimates = estimate(gathered.trials)
    one, other = (render_gathered(gathered, estimates, tmp_path / name, with_figures=True) for name in "ab")
    assert [path.read_bytes() for path in _files(one)] == [path.read_bytes() for path in _files(other)]


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
    assert page.count("<script") == 4
    assert "<img" not in page


def test_no_trials_make_a_report_that_says_no_data(tmp_path):
    paths = render_gathered(Gathered(drifting.gathered([]).runs, ()), Estimates(0.95), tmp_path)
    assert "No trial of this run has ended yet" in paths.html.read_text()
    assert paths.rates_csv.read_text().startswith("study,scenario,model")


def test_many_arms_levels_and_one_direction_can_be_drawn(tmp_path):
    cells = [
        drifting.key("m", drifting.DIRECTIONS[0], arm, levels=(("tone", tone),))
        for arm in ("bare", "placebo", "opposing", "supporting", "unrelated")
        for tone in ("polite", "urgent")
    ]
    template = drifting.trials(runs=1, steps=3)[0]
    trials = [evolve(template, cell=cell, trial=f"{number:016x}") for number, cell in enumerate(cells)]
    paths = render_gathered(drifting.gathered(trials), estimate(trials), tmp_path, with_figures=True)
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert paths.html.read_text().count("<svg") == 2 + 10 + 6 + 1


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
    assert "cost limit 5 dollars" in page


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
