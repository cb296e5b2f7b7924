"""Every ready property can fail: a planted bug is caught, and the file that shows it is small."""

import time
from pathlib import Path

import pytest
from attrs import evolve

from driftlang import testing
from driftlang.cells import expand as expand_stage
from driftlang.cells.control import Control
from driftlang.estimate import rates
from driftlang.score.forms import Outcome
from driftlang.testing import experiment as experiment_form
from driftlang.testing import reduce
from driftlang.testing.failures import kept_failures
from driftlang.testing.properties import injecting, scoring, texts
from driftlang.testing.suite import PROPERTIES, RUN_PROPERTIES, Property
from driftlang.testing.trial import Effort, try_property, try_run_property

HELLO = Path(__file__).parents[3] / "scenarios" / "hello.drift"
#: Lines without the placebo's sentences that a whole experiment needs: nothing of it can be left out.
WHOLE = 110
#: The same where each question is a search of its own, so that reducing may end before it is done.
SEARCHED = 180


def _turns_that_know_the_arm(monkeypatch):
    told = expand_stage._turn_text
    monkeypatch.setattr(
        expand_stage, "_turn_text", lambda frame, ask, at: told(frame, ask, at) + "!" * (frame.arm == "opposing")
    )


def _turns_that_know_the_direction(monkeypatch):
    told = expand_stage._turn_text
    monkeypatch.setattr(expand_stage, "_turn_text", lambda frame, ask, at: told(frame, ask, at) + frame.favors)


def _orders_drawn_cell_by_cell(monkeypatch):
    ordered, calls = expand_stage.order_steps, []

    def order(*arguments, **words):
        calls.append(1)
        steps = ordered(*arguments, **words)
        return tuple(reversed(steps)) if len(calls) % 2 else steps

    monkeypatch.setattr(expand_stage, "order_steps", order)


def _controls_twice_as_long(monkeypatch):
    composed = expand_stage.compose

    def compose(*arguments):
        control = composed(*arguments)
        return Control(f"{control.text} {control.text}", control.sentences)

    monkeypatch.setattr(expand_stage, "compose", compose)


def _seeds_out_of_thin_air(monkeypatch):
    calls = []

    def seed(*_):
        calls.append(1)
        return len(calls)

    monkeypatch.setattr(expand_stage, "seed_of_run", seed)


def _pressure_that_stays(monkeypatch):
    speaking = expand_stage._pressures

    def pressures(frame):
        return speaking(frame) or frame.scenario.pressures

    monkeypatch.setattr(expand_stage, "_pressures", pressures)


def _everything_is_kept(monkeypatch):
    monkeypatch.setattr("driftlang.score.outcomes._side", lambda verdict, both: Outcome.KEPT)  # noqa: ARG005 - the signature is that of what it stands for


def _a_side_that_is_never_broken(monkeypatch):
    scored = scoring.score_trial

    def score(observation, scorer, direction):
        ended = scored(observation, scorer, direction)
        kept = (evolve(step, outcome=Outcome.KEPT) if step.outcome.is_exercised else step for step in ended.steps)
        return evolve(ended, steps=tuple(kept))

    monkeypatch.setattr(scoring, "score_trial", score)


def _a_formatter_that_loses_comments(monkeypatch):
    formatted = texts.format_text
    monkeypatch.setattr(
        texts,
        "format_text",
        lambda *given: "\n".join(line for line in formatted(*given).split("\n") if "#" not in line),
    )


def _a_card_with_a_clock(monkeypatch):
    monkeypatch.setattr("driftlang.build.emit.render_cell_card", lambda *_: f"{time.time():.0f}\n")


def _a_check_that_stops_at_a_missing_entry(monkeypatch):
    loaded = texts.load_model

    def load(path, sources, sink, content):
        model = loaded(path, sources, sink, content)
        assert not sink.has_errors or all(one.id != "missing-entry" for one in sink.found), (
            "a finding that stops the check"
        )
        return model

    monkeypatch.setattr(texts, "load_model", load)


def _cells_that_know_their_line(monkeypatch):
    expanded = experiment_form.expand
    monkeypatch.setattr(
        experiment_form,
        "expand",
        lambda study, sink: tuple(evolve(cell, place=str(study.span.start)) for cell in expanded(study, sink)),
    )


def _a_scorer_that_loses_lines_with_blanks_at_their_end(monkeypatch):
    scored = scoring.score_trial

    def lost(change):
        return evolve(change, after=change.before) if b"  \n" in (change.after or b"") else change

    def score(observation, scorer, direction):
        steps = (evolve(step, changes=tuple(map(lost, step.changes))) for step in observation.steps)
        return scored(evolve(observation, steps=tuple(steps)), scorer, direction)

    monkeypatch.setattr(scoring, "score_trial", score)


def _a_line_end_left_behind(monkeypatch):
    removed = injecting.remove_earlier

    def remove(*given):
        back = removed(*given)
        return evolve(back, source=b"\n" + back.source)

    monkeypatch.setattr(injecting, "remove_earlier", remove)


def _a_build_that_trips_over_one_step(monkeypatch):
    built = experiment_form.build_study

    def build(study, *given):
        for scenario in study.scenarios:
            scenario.tasks.steps[1]
        return built(study, *given)

    monkeypatch.setattr(experiment_form, "build_study", build)


PLANTED = {
    "arms_differ_only_in_injected_text": (_turns_that_know_the_arm, WHOLE),
    "directions_differ_only_in_constraint_text": (_turns_that_know_the_direction, WHOLE),
    "runs_pair_across_cells": (_orders_drawn_cell_by_cell, WHOLE),
    "placebos_are_as_long_as_what_they_stand_for": (_controls_twice_as_long, WHOLE),
    "expand_is_deterministic": (_seeds_out_of_thin_air, WHOLE),
    "removing_pressure_never_adds_injected_text": (_pressure_that_stays, WHOLE),
    "swapping_poles_swaps_outcomes": (_everything_is_kept, WHOLE),
    "twins_mirror_each_other": (_a_side_that_is_never_broken, SEARCHED),
    "parse_of_format_is_the_identity": (_a_formatter_that_loses_comments, 8),
    "build_is_a_function_of_its_source": (_a_card_with_a_clock, WHOLE),
    "check_names_a_place": (_a_check_that_stops_at_a_missing_entry, 12),
    "scoring_is_invariant_under_formatting": (_a_scorer_that_loses_lines_with_blanks_at_their_end, WHOLE),
    "what_is_injected_comes_out_again": (_a_line_end_left_behind, WHOLE),
    "what_checks_is_built_or_refused": (_a_build_that_trips_over_one_step, SEARCHED),
    "a_variant_keeps_what_it_must": (_cells_that_know_their_line, SEARCHED),
}


@pytest.fixture(autouse=True)
def _nothing_kept_from_before(monkeypatch):
    experiment_form._checked.cache_clear()
    monkeypatch.setattr(reduce, "LONGEST", 10.0)
    yield
    experiment_form._checked.cache_clear()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_caught_and_shown_by_a_small_file(name, tmp_path, monkeypatch):
    plant, most_lines = PLANTED[name]
    plant(monkeypatch)
    (one,) = (each for each in PROPERTIES if each.name == name)
    result = try_property(one, testing.read_experiment(HELLO), Effort(30, 1, tmp_path))
    assert not result.holds
    (kept,) = kept_failures(tmp_path)
    lines = [line for line in kept.experiment.text.split("\n") if line.strip() and "sentence" not in line]
    assert len(lines) <= most_lines + 5  # five lines of the comment that says how it came about


def _a_sign_lost(monkeypatch):
    crossed = rates.cross_directions
    monkeypatch.setattr(
        rates,
        "cross_directions",
        lambda *given: tuple(
            evolve(one, unconditional=evolve(one.unconditional, total=abs(one.unconditional.total) + 1))
            for one in crossed(*given)
        ),
    )


def _a_broken_step_lost(monkeypatch):
    counted = rates._count
    monkeypatch.setattr(
        rates,
        "_count",
        lambda steps: {**counted(steps), Outcome.BROKEN: max(0, counted(list(steps))[Outcome.BROKEN] - 1)},
    )


@pytest.mark.parametrize(
    ("name", "plant"),
    [
        ("swapping_poles_swaps_estimates", _a_sign_lost),
        ("swapping_outcomes_complements_rates", _a_broken_step_lost),
    ],
)
def test_a_bug_planted_in_estimates_is_caught(name, plant, tmp_path, monkeypatch):
    plant(monkeypatch)
    (one,) = (each for each in RUN_PROPERTIES if each.name == name)
    assert not try_run_property(one, Effort(100, 1, tmp_path)).holds


def test_every_property_has_a_planted_bug():
    assert sorted(one.name for one in PROPERTIES) == sorted(PLANTED)


def test_a_property_that_says_nothing_of_most_examples_does_not_hold(tmp_path):
    def about_even_files_alone(experiment):
        if len(experiment.text) % 2:
            raise testing.NotValid

    about = Property(about_even_files_alone, lambda _: testing.scenarios())
    result = try_property(about, testing.read_experiment(HELLO), Effort(20, 1, tmp_path))
    assert result.passed_over > 0
    assert result.reason.startswith("it says nothing of")
