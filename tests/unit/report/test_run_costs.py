"""Costs are read once for each state of a journal, in the order of models, and shown as they are known."""

from decimal import Decimal

import drifting
from attrs import evolve
from test_gather import FINISHED
from written_runs import write_run

from driftlang.report import run_costs
from driftlang.report.gather import gather
from driftlang.report.kept_store import KeptStore
from driftlang.report.run_costs import RunCosts, read_costs
from driftlang.report.spending import spending_rows
from driftlang.run.overview import ModelShare, overview


def test_costs_are_those_that_the_run_itself_tells(tmp_path):
    run = write_run(tmp_path / "run", FINISHED)
    (source,) = gather([run], with_evidence=False).runs
    seen = overview(run)
    assert (source.models, source.runners) == (seen.models, seen.runners)


def test_what_was_read_is_not_read_again_until_the_journal_grows(tmp_path, monkeypatch):
    run = write_run(tmp_path / "run", FINISHED)
    models = {"a": "m"}
    first = read_costs(run, KeptStore(run), models)
    monkeypatch.setattr(run_costs, "model_shares", None)
    assert read_costs(run, KeptStore(run), models) == first


def test_kept_costs_are_what_was_kept(tmp_path, monkeypatch):
    run = write_run(tmp_path / "run", FINISHED)
    share = ModelShare("m", {"finished": 2}, 9, 800, 40, Decimal("0.1234567890123456789"), 3, 7200.0)
    monkeypatch.setattr(run_costs, "model_shares", lambda _connection, _models: (share,))
    made = read_costs(run, KeptStore(run), {"a": "m"})
    assert isinstance(made, RunCosts)
    assert read_costs(run, KeptStore(run), {"a": "m"}) == made


def test_a_price_that_is_not_known_is_no_number():
    gathered = drifting.gathered(drifting.trials(runs=1))
    shares = (
        ModelShare("a", {"finished": 2, "error": 1}, 9, 800, 40, Decimal("1.5"), 0, 7200.0),
        ModelShare("b", {"finished": 1}, 4, 300, 10, None, 4, 0.0),
    )
    rows = spending_rows(evolve(gathered, runs=(evolve(gathered.runs[0], models=shares),)))
    assert [(row.model, row.trials, row.dollars, row.unpriced, row.hours) for row in rows] == [
        ("a", 3, "1.5000", 0, "2.00"),
        ("b", 1, "", 4, "0.00"),
    ]
