"""What a run is said to take before it is run."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from journals import RECORD, entry_of

from driftlang.build.plan import Plan, PlannedStudy
from driftlang.cells.events import CompactEvent, PadEvent, ProbeEvent, RemindEvent, TurnEvent
from driftlang.cells.forms import Branch, Turn
from driftlang.cli.run_forecast import duration, print_forecast, print_forecast_json
from driftlang.run.expected import Tokens
from driftlang.run.forecast import (
    AS_OTHERS,
    ASSUMED,
    MEASURED,
    Forecast,
    ModelForecast,
    forecast,
    no_prices,
    pricing_of,
)
from driftlang.run.journal import Journal
from driftlang.run.selection import Job
from driftlang.run.services import load_services
from tests.scheduler_jobs import job_of

STUDY = PlannedStudy("small", "native", 1, 60.0, 300.0, 1.0, "", 0, "", "")


def _turns(count: int) -> tuple[Turn, ...]:
    return tuple(Turn(position, f"s{position}", "x" * 400, (), ()) for position in range(1, count + 1))


def _job(model: str = "sim/keeper", *, run: int = 1, turns: int = 12, session: str = "continue") -> Job:
    job = job_of(model, run=run)
    return Job(
        job.trial, evolve(job.script, turns=_turns(turns)), evolve(job.cell, id=job.script.cell, session=session)
    )


def _plan(jobs: tuple[Job, ...], harness: str = "native") -> Plan:
    return Plan(
        *(1, "0", 1, "small.drift", "0" * 64, evolve(STUDY, harness=harness)),
        cells=(jobs[0].cell,),
        scripts=tuple(job.script for job in jobs),
        trials=tuple(job.trial for job in jobs),
    )


def _forecast(*jobs: Job, at_once: int = 1, harness: str = "native", folder: Path = Path("/nowhere")) -> Forecast:
    return forecast(_plan(jobs, harness), jobs, folder, jobs=at_once)


def _only(found: Forecast) -> ModelForecast:
    (line,) = found.models
    return line


def test_trials_turns_and_calls_are_those_of_the_plan():
    line = _only(_forecast(*(_job(run=run) for run in range(1, 4))))
    assert (line.trials, line.turns, line.calls, line.measured_trials) == (3, 36, 108, 0)


def test_every_call_sends_the_history_again_so_that_tokens_grow_with_the_square_of_the_turns():
    short, long = _only(_forecast(_job(turns=10))).tokens, _only(_forecast(_job(turns=20))).tokens
    base = 6100
    assert long.completion == 2 * short.completion
    assert (long.prompt - 60 * base) / (short.prompt - 30 * base) == pytest.approx(4, rel=0.05)


def test_one_turn_is_the_harness_the_message_and_what_each_call_adds():
    assert _only(_forecast(_job(turns=1))).tokens == Tokens(3 * 6200 + 700 + 1400, 2 * 6200 + 700, 750)


def test_a_neutral_harness_and_a_fresh_session_send_less():
    usual = _only(_forecast(_job())).tokens.prompt
    assert _only(_forecast(_job(), harness="neutral")).tokens.prompt == usual - 36 * 2200
    assert _only(_forecast(_job(session="fresh"))).tokens.prompt == 12 * (3 * 6200 + 700 + 1400)


def test_a_branch_counts_from_the_history_at_its_fork():
    job = _job(turns=4)
    forked = Job(job.trial, evolve(job.script, branches=(Branch("placebo", 3, job.script.turns[2:]),)), job.cell)
    alone, both = _only(_forecast(job)), _only(_forecast(forked))
    assert both.turns == 6
    assert (
        both.tokens.prompt - alone.tokens.prompt == alone.tokens.prompt - _only(_forecast(_job(turns=2))).tokens.prompt
    )


def _with_events(job: Job, position: int, *events: TurnEvent) -> Job:
    turns = [evolve(turn, events=events) if turn.position == position else turn for turn in job.script.turns]
    return Job(job.trial, evolve(job.script, turns=tuple(turns)), job.cell)


def test_a_compaction_is_a_call_with_the_whole_history_that_all_later_ones_do_not_send_any_more():
    usual, compacted = _only(_forecast(_job(turns=3))), _only(_forecast(_with_events(_job(turns=3), 3, CompactEvent())))
    assert (compacted.turns, compacted.calls, compacted.compactions) == (3, usual.calls + 1, 1)
    history = 6100 + 2 * (100 + 3 * 700)
    assert compacted.tokens.prompt == usual.tokens.prompt + history - 3 * (2 * (100 + 3 * 700) - 1200)


def test_a_session_without_a_history_is_not_compacted():
    first = _with_events(_job(turns=2), 1, CompactEvent())
    fresh = _with_events(_job(turns=2, session="fresh"), 2, CompactEvent())
    assert [_only(_forecast(job)).compactions for job in (first, fresh)] == [0, 0]


def test_a_probe_is_a_call_that_leaves_nothing_in_the_history():
    usual = _only(_forecast(_job(turns=3)))
    probed = _only(_forecast(_with_events(_job(turns=3), 2, ProbeEvent("rules", "x" * 40))))
    assert (probed.calls, probed.probes) == (usual.calls + 1, 1)
    assert probed.tokens.prompt == usual.tokens.prompt + 6100 + 100 + 3 * 700 + 10


def test_what_is_padded_and_reminded_of_is_sent_with_all_later_calls():
    usual = _only(_forecast(_job(turns=2))).tokens
    longer = _only(_forecast(_with_events(_job(turns=2), 2, PadEvent(500, "p"), RemindEvent("x" * 40)))).tokens
    assert longer.prompt == usual.prompt + 3 * 510


def test_what_happens_on_a_branch_counts_as_well():
    job = _with_events(_job(turns=4), 3, ProbeEvent("rules", "Which?"))
    forked = Job(job.trial, evolve(job.script, branches=(Branch("placebo", 3, job.script.turns[2:]),)), job.cell)
    line = _only(_forecast(forked))
    assert (line.turns, line.branch_turns, line.probes, line.calls) == (6, 2, 2, 6 * 3 + 2)


def test_time_is_shared_by_trials_at_a_time_but_never_shorter_than_a_trial():
    jobs = [_job("openai/a", run=run) for run in range(1, 9)]
    alone, four = _forecast(*jobs), _forecast(*jobs, at_once=4)
    assert four.seconds == pytest.approx(alone.seconds / 4)
    assert _forecast(*jobs, at_once=100).seconds == pytest.approx(alone.seconds / 8)


def test_simulated_models_cost_nothing_and_a_model_without_a_price_has_none():
    found = _forecast(_job(), _job("openai/a"))
    assert [line.dollars for line in found.models] == [(Decimal(0), Decimal(0)), None]
    assert no_prices("openai/a", Tokens()) is None


def test_money_is_between_all_repeated_tokens_cached_and_none():
    jobs = (_job("openai/a", turns=1),)

    def pricing(_: str, tokens: Tokens) -> Decimal:
        return Decimal(tokens.prompt - tokens.repeated) + Decimal(tokens.repeated) / 10

    found = forecast(_plan(jobs), jobs, Path("/nowhere"), jobs=1, pricing=pricing)
    sent, repeated = 20_700, 13_100
    assert _only(found).dollars == (sent - repeated + Decimal(repeated) / 10, Decimal(sent))


def test_prices_are_those_of_the_runs_services(tmp_path: Path):
    pricing = pricing_of(load_services(tmp_path))
    tokens = Tokens(prompt=2_000_000, repeated=1_000_000, completion=1_000_000)
    assert pricing("openai/gpt-5-mini", tokens) == Decimal("0.25") + Decimal("0.025") + 2
    assert pricing("sim/keeper", tokens) == 0
    assert pricing("openai/of-tomorrow", tokens) is None


def _finish(journal: Journal, job: Job, *, prompt: int) -> None:
    attempt = journal.begin(job.trial.id, "m", "0123456789ab")
    for turn in job.script.turns:
        entry = entry_of(attempt, turn.position, b"a", b"b")
        (call,) = entry.exchanges
        calls = [
            evolve(call, sequence=2 * turn.position + number, prompt_tokens=prompt // 2, completion_tokens=5)
            for number in range(2)
        ]
        journal.add_step(attempt, evolve(entry, record=evolve(RECORD, position=turn.position), exchanges=tuple(calls)))
    journal.end(attempt, "", 30.0, ())


def test_what_a_run_has_measured_takes_the_place_of_estimates_and_finished_trials_count_no_more(tmp_path: Path):
    jobs = tuple(_job("openai/a", run=run, turns=2) for run in range(1, 6))
    with Journal(tmp_path, "d" * 64, [job.trial.id for job in jobs]) as journal:
        _finish(journal, jobs[0], prompt=1000)
        _finish(journal, jobs[1], prompt=3000)
    found = _forecast(*jobs, folder=tmp_path)
    line = _only(found)
    assert (found.trials, found.finished) == (5, 2)
    assert (line.trials, line.turns, line.calls, line.measured_trials) == (3, 6, 12, 2)
    assert (line.tokens.prompt, line.tokens.completion) == (12_000, 60)
    assert line.seconds == pytest.approx(90)
    assert line.basis == MEASURED


def test_a_model_without_finished_trials_goes_by_the_others_of_its_kind(tmp_path: Path):
    jobs = tuple(_job(model, turns=2) for model in ("openai/a", "xai/b", "sim/keeper"))
    with Journal(tmp_path, "d" * 64, [job.trial.id for job in jobs]) as journal:
        _finish(journal, jobs[0], prompt=1000)
    real, simulated = _forecast(*jobs, folder=tmp_path).models
    assert (real.model, real.basis, real.tokens.prompt, real.measured_trials) == ("xai/b", AS_OTHERS, 2000, 1)
    assert (simulated.model, simulated.basis, simulated.measured_trials) == ("sim/keeper", ASSUMED, 0)


FOUND = Forecast(
    *(5, 1, 2),
    (
        ModelForecast("openai/a", 2, 24, 72, Tokens(1_234_567, 900_000, 18_000), 0, 442.0, (Decimal(1), Decimal(4))),
        ModelForecast(
            *("sim/keeper", 2, 24, 48, Tokens(2000, 1000, 300), 7, 20.0, (Decimal(0), Decimal(0))),
            *(8, 1, 2, MEASURED),
        ),
    ),
)


def test_the_table_says_of_each_line_whether_it_was_measured(capsys: pytest.CaptureFixture[str]):
    print_forecast(FOUND)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:7] == [
        "5 trials, 1 of them finished already; nothing was run",
        "model       trials  turns  model calls  tokens in  tokens out    dollars  figures",
        "openai/a         2     24           72     1.23 M      18.0 k  1.00-4.00  assumed",
        "sim/keeper       2     24           48      2.0 k         300       0.00  measured on 7 trials",
        "all              4     48          120     1.24 M      18.3 k  1.00-4.00",
        "counted: 8 of the turns are of branches, 1 compactions, 2 probes",
        "time: about 4 min with 2 at a time",
    ]


def test_the_json_holds_every_figure(capsys: pytest.CaptureFixture[str]):
    print_forecast_json(FOUND)
    told = json.loads(capsys.readouterr().out)
    assert (told["trials"], told["finished"], told["jobs"], told["seconds"]) == (5, 1, 2, 231)
    assert told["models"][0] == {
        "model": "openai/a",
        "trials": 2,
        "turns": 24,
        "model_calls": 72,
        "prompt_tokens": 1_234_567,
        "repeated_tokens": 900_000,
        "completion_tokens": 18_000,
        "dollars_least": 1.0,
        "dollars_most": 4.0,
        "seconds": 442,
        "measured_trials": 0,
        "basis": "assumed",
        "branch_turns": 0,
        "compactions": 0,
        "probes": 0,
    }


@pytest.mark.parametrize(
    ("seconds", "said"), [(42, "42 s"), (600, "10 min"), (12_000, "3 h 20 min"), (200_000, "2 d 8 h")]
)
def test_times_are_said_in_units_that_fit(seconds: float, said: str):
    assert duration(seconds) == said
