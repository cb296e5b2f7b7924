"""What was scored is kept beside the journal, counts only for the very same trial and rules, and is never needed."""

import sqlite3
from contextlib import closing

import pytest
from attrs import evolve
from written_runs import ENVIRONMENT, LITERAL, SCORER, trial_id, write_run

from driftlang.build.plan_toml import render_form
from driftlang.report import gather as gathering
from driftlang.report.gather import gather
from driftlang.report.kept_details import made_of_details
from driftlang.report.kept_store import STORE_FILE, KeptStore
from driftlang.run.journal import Journal
from driftlang.score.forms import Rule

PLAYED = {
    ("placebo", 1): ((LITERAL, LITERAL), ""),
    ("opposing", 1): ((LITERAL, ENVIRONMENT), ""),
    ("opposing", 2): ((ENVIRONMENT,), "the server died"),
}


@pytest.fixture
def scored(monkeypatch):
    """The trials that are scored from now on, in order."""
    found = []
    score = gathering.score_lines

    def noting(result, *others):
        found.append(result.record.trial)
        return score(result, *others)

    monkeypatch.setattr(gathering, "score_lines", noting)
    return found


def read(run):
    return gather([run], with_evidence=False)


def words(gathered):
    return [[step.outcome.value for step in trial.steps] for trial in gathered.trials]


def test_a_trial_that_has_ended_is_scored_once(tmp_path, scored):
    run = write_run(tmp_path / "run", PLAYED)
    first = read(run)
    assert len(scored) == 3
    assert read(run) == first
    assert len(scored) == 3


def test_a_trial_that_goes_on_is_scored_again(tmp_path, scored):
    run = write_run(tmp_path / "run", PLAYED | {("placebo", 2): ((LITERAL,), None)})
    first = read(run)
    assert read(run) == first
    assert scored[4:] == [trial_id("placebo", 2)]


def test_a_new_attempt_is_scored(tmp_path, scored):
    run = write_run(tmp_path / "run", PLAYED)
    assert words(read(run))[2] == ["error", "error"]
    with Journal(run, "d" * 64, [trial_id(arm, at) for arm in ("placebo", "opposing") for at in (1, 2)]) as journal:
        journal.end(journal.begin(trial_id("opposing", 2), "marker", "place"), "", 9.0, ())
    assert len(read(run).trials) == 2
    assert scored[3:] == [trial_id("opposing", 2)]


def test_other_rules_score_anew_and_the_former_ones_are_found_again(tmp_path, scored):
    run = write_run(tmp_path / "run", PLAYED)
    place = run / "plan" / "scorers" / "ledger.toml"
    former = place.read_text("utf-8")
    before = read(run)
    place.write_text(render_form(evolve(SCORER, rules={"inline": Rule("environment", "literal")})), "utf-8")
    assert words(read(run))[:2] == [["broken", "broken"], ["broken", "kept"]]
    assert len(scored) == 6
    place.write_text(former, "utf-8")
    assert read(run) == before
    assert len(scored) == 6


def test_another_version_of_the_scoring_scores_anew(tmp_path, scored, monkeypatch):
    run = write_run(tmp_path / "run", PLAYED)
    first = read(run)
    monkeypatch.setattr(gathering, "scoring_version", lambda: "another")
    assert read(run) == first
    assert len(scored) == 6


@pytest.mark.parametrize("damage", ["deleted", "no database", "cut", "another table", "changed content", "a folder"])
def test_a_store_of_no_use_is_scored_around(tmp_path, scored, damage):
    run = write_run(tmp_path / "run", PLAYED)
    first = read(run)
    harm(run / STORE_FILE, damage)
    assert read(run) == first
    assert len(scored) == 6
    assert read(run) == first
    assert len(scored) == (9 if damage == "a folder" else 6)


def harm(store, damage):
    """Make a store useless."""
    content = store.read_bytes()
    store.unlink()
    if damage == "no database":
        store.write_bytes(b"hello" * 100)
    elif damage == "cut":
        store.write_bytes(content[:4096])
    elif damage == "a folder":
        store.mkdir()
    elif damage == "another table":
        with closing(sqlite3.connect(store)) as connection, connection:
            connection.execute("CREATE TABLE kept (other TEXT)")
    elif damage == "changed content":
        store.write_bytes(content)
        with closing(sqlite3.connect(store)) as connection, connection:
            connection.execute("UPDATE kept SET content = CAST(replace(content, 'a.py', 'c.py') AS BLOB)")


def test_what_is_kept_in_another_shape_is_scored_anew(tmp_path, scored):
    run = write_run(tmp_path / "run", PLAYED)
    first = read(run)
    store = KeptStore(run)
    store.keep("trial", dict.fromkeys(store.find("trial"), b'[1, 2, [["x"]], 3]'))
    store.keep("plan", dict.fromkeys(store.find("plan"), b"[]"))
    assert read(run) == first
    assert len(scored) == 6


def test_scores_of_former_rules_do_not_pile_up(tmp_path, monkeypatch):
    run = write_run(tmp_path / "run", PLAYED)
    for number in range(9):
        monkeypatch.setattr(gathering, "scoring_version", lambda number=number: str(number))
        read(run)
    assert len(KeptStore(run).find("trial")) <= 4 * 4


def test_what_is_made_of_details_is_made_once(tmp_path):
    run = write_run(tmp_path / "run", PLAYED | {("placebo", 2): ((LITERAL,), None)})
    asked = []

    def make(detail):
        asked.append(detail.trial)
        return f"{detail.trial} {detail.steps[0].reply}".encode()

    made = [made_of_details(gather([run], with_evidence=True), "page 1", make) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0][0] == f"{trial_id('placebo', 1)} Done <b>now</b>.".encode()
    assert asked == [trial_id("placebo", 1), trial_id("opposing", 1), trial_id("opposing", 2)]
    made_of_details(gather([run], with_evidence=True), "page 2", make)
    assert len(asked) == 6


def test_details_are_read_one_by_one_or_from_the_end(tmp_path):
    details = gather([write_run(tmp_path / "run", PLAYED)], with_evidence=True).details
    assert [details[0].trial, details[-1].trial, len(details[1:])] == [
        trial_id("placebo", 1),
        trial_id("opposing", 2),
        2,
    ]
