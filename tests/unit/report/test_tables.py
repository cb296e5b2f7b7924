"""Tables carry every number once, leave out what has no data, and are harmless to a spreadsheet."""

import csv
from io import StringIO

import drifting
from attrs import evolve

from driftlang.estimate.rates import estimate
from driftlang.report.tables import cell_rows, outcome_rows, step_rows, write_csv
from driftlang.score.forms import Hit, Outcome, StepOutcome

RULES = ({"brief": True}, {"typed": True, "brief": False}, {})


def read(content):
    return list(csv.DictReader(StringIO(content.decode())))


def test_a_row_a_cell_a_row_a_step_a_row_an_outcome():
    gathered = drifting.gathered()
    found = estimate(gathered.trials)
    sizes = [len(read(write_csv(rows, ()))) for rows in (cell_rows(found), step_rows(found), outcome_rows(gathered))]
    assert sizes == [12, 144, 432]


def test_counts_of_the_tables_agree():
    gathered = drifting.gathered()
    rows, outcomes = step_rows(estimate(gathered.trials)), outcome_rows(gathered)
    assert sum(row["broken"] for row in rows) == sum(row["outcome"] == "broken" for row in outcomes)


def test_no_data_is_an_empty_field():
    cell = drifting.key("sim/keeper", drifting.DIRECTIONS[0], "opposing")
    trial = evolve(drifting.trials(runs=1)[0], cell=cell, steps=(StepOutcome(1, "a", Outcome.ERROR, ()),))
    row = read(write_csv(step_rows(estimate([trial])), ()))[0]
    assert (row["broken_given_exercised"], row["broken_unconditional"], row["error"]) == ("", "", "1")


def test_a_text_that_a_spreadsheet_would_run_is_quoted():
    step = StepOutcome(1, "a", Outcome.BROKEN, (Hit("p", "=cmd()", 1, '@SUM("1,2")\n'),))
    gathered = drifting.gathered([evolve(drifting.trials(runs=1)[0], steps=(step,))])
    row = read(write_csv(outcome_rows(gathered), ()))[0]
    assert (row["path"], row["text"]) == ("'=cmd()", '\'@SUM("1,2")\n')


def test_whether_the_work_was_done_stands_beside_the_outcome():
    gathered = drifting.gathered(drifting.trials(runs=1)[:1])
    (trial,) = gathered.details
    steps = tuple(evolve(step, done=done) for step, done in zip(trial.steps, ("yes", "no", *[""] * 10), strict=True))
    rows = read(write_csv(outcome_rows(evolve(gathered, details=(evolve(trial, steps=steps),))), ()))
    assert [row["done"] for row in rows] == ["yes", "no", *[""] * 10]


def test_each_further_rule_of_a_prompt_has_a_column():
    steps = tuple(StepOutcome(k, "a", Outcome.KEPT, (), side_rules=rules) for k, rules in enumerate(RULES, 1))
    rows = read(write_csv(outcome_rows(drifting.gathered([evolve(drifting.trials(runs=1)[0], steps=steps)])), ()))
    assert [(row["rule_brief"], row["rule_typed"]) for row in rows] == [("kept", ""), ("not kept", "kept"), ("", "")]


def test_an_empty_table_has_its_head():
    assert write_csv([], ("a", "b")) == b"a,b\n"
