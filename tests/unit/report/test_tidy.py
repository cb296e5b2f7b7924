"""One row a step, as analysts load it: all columns, whatever the library, and what is not known left empty."""

import csv
import subprocess
import sys

import pandas as pd
import polars as pl
import pytest
from attrs import evolve
from test_trial_rows import PRESSED
from written_runs import ENVIRONMENT, LITERAL, trial_id, write_run

import driftlang
from driftlang import results
from driftlang.build.plan_toml import read_plan, render_form
from driftlang.cells.forms import Branch
from driftlang.diagnostics.failure import Failure
from driftlang.report.gather import gather
from driftlang.report.tidy import tidy
from driftlang.report.tidy_columns import COLUMNS

PLAYED = {
    ("placebo", 1): ((LITERAL, LITERAL), ""),
    ("opposing", 1): ((LITERAL, ENVIRONMENT), ""),
    ("opposing", 2): ((ENVIRONMENT,), "the server died"),
}


@pytest.fixture
def run(tmp_path):
    return write_run(tmp_path / "run", PLAYED, sandbox="bubblewrap 0.8.0")


def rows(run):
    return list(tidy(gather([run], with_evidence=True)).rows)


def test_a_row_says_what_the_step_was_and_what_it_rests_on(run):
    row = rows(run)[3]
    assert {name: row[name] for name in ("trial", "arm", "position", "outcome", "broken", "exercised", "dose")} == {
        "trial": trial_id("opposing", 1),
        "arm": "opposing",
        "position": 2,
        "outcome": "broken",
        "broken": True,
        "exercised": True,
        "dose": 2,
    }
    assert (row["pattern"], row["path"], row["line"], row["text"]) == (
        "environment",
        "b.py",
        2,
        "KEY = os.environ['KEY']",
    )
    assert (row["origin"], row["origin_how"]) == ("unknown", "the turn's messages tell of no call")
    assert (row["seed"], row["status"], row["attempts"], row["sandbox"]) == (7, "finished", 1, "bubblewrap 0.8.0")
    assert (row["seconds"], row["prompt_tokens"], row["dollars"], row["placed"]) == (2.5, 900, None, 1)


def test_an_error_is_neither_broken_nor_kept_and_a_step_never_reached_has_no_measures(run):
    died = rows(run)[4:]
    assert [(row["outcome"], row["broken"], row["exercised"], row["seconds"]) for row in died] == [
        ("error", None, None, 2.5),
        ("error", None, None, None),
    ]


def test_each_factor_has_a_column(run):
    plan = read_plan(run / "plan")
    cells = tuple(evolve(cell, levels={"tone": "urgent"} if cell.arm == "opposing" else {}) for cell in plan.cells)
    (run / "plan" / "plan.toml").write_text(render_form(evolve(plan, cells=cells)), "utf-8")
    assert [row["level_tone"] for row in rows(run)] == [None, None, "urgent", "urgent", "urgent", "urgent"]


def test_a_branch_that_was_never_reached_has_its_rows(run):
    plan = read_plan(run / "plan")
    forks = tuple(evolve(one, branches=(Branch("placebo", 2, (PRESSED,)),)) for one in plan.scripts)
    (run / "plan" / "plan.toml").write_text(render_form(evolve(plan, scripts=forks)), "utf-8")
    found = [(row["trial"], row["branch"], row["fork"], row["outcome"]) for row in rows(run) if row["branch"]]
    assert found == [(trial_id("opposing", 2), "placebo", 2, "error")]


def test_a_second_table_reads_no_step_again(run, monkeypatch):
    first = rows(run)
    monkeypatch.setattr("driftlang.run.reading.ResultReader.read", None)
    assert rows(run) == first


def test_polars_and_pandas_hold_the_same(run):
    one, other = driftlang.load_results(run, frame="polars"), driftlang.load_results(str(run), frame="pandas")
    assert isinstance(one, pl.DataFrame)
    assert isinstance(other, pd.DataFrame)
    assert one.columns == list(other.columns) == [column.name for column in COLUMNS]
    plain = [
        {name: None if pd.isna(value) else value for name, value in row.items()} for row in other.to_dict("records")
    ]
    assert plain == one.to_dicts() == rows(run)


def test_columns_have_their_kinds_also_where_every_value_is_empty(run):
    frame = driftlang.load_results(run, frame="polars")
    assert {name: frame.schema[name] for name in ("dollars", "recovered_at", "label", "broken")} == {
        "dollars": pl.Float64,
        "recovered_at": pl.Int64,
        "label": pl.String,
        "broken": pl.Boolean,
    }


def test_the_first_library_that_is_there_is_taken(run, monkeypatch):
    assert isinstance(driftlang.load_results(run), pl.DataFrame)
    monkeypatch.setattr(results, "_is_there", lambda name: name == "pandas")
    assert isinstance(driftlang.load_results(run), pd.DataFrame)


@pytest.mark.parametrize("frame", ["", "polars", "pandas"])
def test_a_library_that_is_not_there_is_named(run, monkeypatch, frame):
    monkeypatch.setattr(results, "_is_there", lambda _: False)
    with pytest.raises(Failure, match=f"`{frame or 'polars'}` is not installed"):
        driftlang.load_results(run, frame=frame)


def test_frames_of_another_library_are_refused(run):
    with pytest.raises(Failure, match="no frames of `spark`"):
        driftlang.load_results(run, frame="spark")


def test_parquet_and_csv_hold_every_step_with_their_dictionary_beside_them(run, tmp_path):
    parquet, columns = results.write_parquet([run], tmp_path / "out" / "steps.parquet")
    assert pl.read_parquet(parquet).to_dicts() == rows(run)
    place, _ = results.write_csv([run], tmp_path / "out" / "steps.csv")
    with place.open(encoding="utf-8", newline="") as stream:
        read = list(csv.DictReader(stream))
    assert [(row["outcome"], row["broken"], row["started"]) for row in read[3:]] == [
        ("broken", "true", "1700000000.0"),
        ("error", "", "1700000000.0"),
        ("error", "", ""),
    ]
    described = columns.read_text("utf-8")
    assert all(f"| `{column.name}` | {column.kind} | {column.meaning} |" in described for column in COLUMNS)
    assert all(column.name in results.__doc__ for column in COLUMNS)


def test_the_package_itself_stays_light():
    program = "import sys, driftlang; driftlang.__version__; print(sorted(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert not {"driftlang.results", "attrs", "numpy", "polars", "click"} & set(eval(ended.stdout))


def test_what_the_package_does_not_have_is_no_attribute():
    with pytest.raises(AttributeError, match="has no attribute 'load_result'"):
        _ = driftlang.load_result
