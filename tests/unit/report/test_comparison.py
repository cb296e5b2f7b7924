"""Runs side by side: rates by cell, trials that are not in all, and trials that ended differently."""

import json

from written_runs import ENVIRONMENT, LITERAL, trial_id, write_run

from driftlang.cli import group, status_of
from driftlang.report.comparison import compare_runs

KEPT, BROKEN = (LITERAL, LITERAL), (LITERAL, ENVIRONMENT)


def test_rates_stand_side_by_side_and_differing_trials_are_named(tmp_path):
    first = write_run(tmp_path / "first", {("opposing", 1): (KEPT, ""), ("placebo", 1): (KEPT, "")}, runs=1)
    second = write_run(tmp_path / "second", {("opposing", 1): (BROKEN, ""), ("placebo", 1): (KEPT, "")}, runs=1)
    found = compare_runs([first, second])
    rates = {cell.cell.arm: [run.given_exercised.value if run else None for run in cell.runs] for cell in found.cells}
    assert rates == {"opposing": [0.0, 0.5], "placebo": [0.0, 0.0]}
    (differing,) = found.differing
    assert (differing.trial, differing.outcomes) == (
        trial_id("opposing", 1),
        (("kept", "kept"), ("kept", "broken")),
    )
    assert (found.shared, found.lacking) == (2, ((), ()))


def test_trials_that_a_run_has_not_ended_are_named(tmp_path):
    first = write_run(tmp_path / "first", {("opposing", 1): (KEPT, ""), ("opposing", 2): (KEPT, "")})
    second = write_run(tmp_path / "second", {("opposing", 1): (KEPT, "")})
    found = compare_runs([first, second])
    assert found.lacking == ((), (trial_id("opposing", 2),))
    assert found.differing == ()


def test_runs_of_different_plans_share_nothing(tmp_path):
    first = write_run(tmp_path / "first", {("opposing", 1): (KEPT, "")}, runs=1)
    second = write_run(tmp_path / "second", {("opposing", 1): (BROKEN, "")}, runs=1, salt="other")
    found = compare_runs([first, second])
    assert (found.shared, found.differing) == (0, ())
    assert [len(trials) for trials in found.lacking] == [1, 1]


def test_the_command_ends_with_a_finding_where_equal_trials_differ(tmp_path, capsys):
    first = write_run(tmp_path / "first", {("opposing", 1): (KEPT, "")}, runs=1)
    second = write_run(tmp_path / "second", {("opposing", 1): (BROKEN, "")}, runs=1)

    def call(*arguments):
        words = ["runs", "compare", *map(str, arguments)]
        return status_of(lambda: group.main(words, standalone_mode=False)), capsys.readouterr().out

    assert call(first, first)[0] == 0
    status, said = call(first, second)
    assert status == 1
    assert "1 trials are in all of them, 1 of which ended differently" in said
    assert f"  {second}: kept broken" in said
    status, said = call(first, second, "--json")
    assert [one["outcomes"] for one in json.loads(said)["differing"]] == [[["kept", "kept"], ["kept", "broken"]]]
