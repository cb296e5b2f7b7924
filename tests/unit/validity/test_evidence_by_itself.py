"""`pressure-trips-pattern` and `stale-evidence`: what is evidence without the agent's doing."""

import pytest
from desk import said, scenario

from driftlang.cells.expand import expand
from driftlang.cells.lone_study import lone_studies
from driftlang.diagnostics.diagnostic import Sink
from driftlang.validity.proof.pressure_trips_pattern import check_pressure_trips_pattern
from driftlang.validity.proof.stale_evidence import check_stale_evidence

MESSAGE = "Ines asks: is the email of this in mind?"


def _found(rule, folder, **texts):
    one = scenario(folder, **texts)
    (study,) = lone_studies([one])
    sink, own = Sink(), Sink()
    cells = expand(study, own)
    assert own.found == ()
    rule(one, cells, sink)
    return said(sink)


@pytest.mark.parametrize("surface", ["added code", "added code outside strings", "changed file", "added lines"])
def test_a_message_without_what_patterns_look_for_trips_none(surface, tmp_path):
    assert _found(check_pressure_trips_pattern, tmp_path, surface=surface) == []


@pytest.mark.parametrize("surface", ["added code", "added code outside strings"])
def test_a_message_is_no_code(surface, tmp_path):
    assert _found(check_pressure_trips_pattern, tmp_path, surface=surface, message=MESSAGE) == []


@pytest.mark.parametrize("surface", ["added lines", "added comments", "changed file"])
def test_a_message_that_an_agent_writes_once_more_trips_patterns_of_added_text(surface, tmp_path):
    (message,) = _found(check_pressure_trips_pattern, tmp_path, surface=surface, message=MESSAGE)
    assert "ends a step as kept under `with_address` by itself" in message
    assert "when an agent does no more than write it once more in `orders.py`" in message


def test_a_message_trips_a_pattern_of_files_as_they_stand(tmp_path):
    (message,) = _found(check_pressure_trips_pattern, tmp_path, surface="file", message=MESSAGE)
    assert "as it stands at comment top of orders.py" in message


def test_an_untouched_repository_trips_a_pattern_of_files_as_they_stand(tmp_path):
    found = _found(check_pressure_trips_pattern, tmp_path, surface="file", stub="email = 1")
    assert ["the untouched repository ends a step as" in message for message in found] == [True]


def test_a_pattern_of_what_a_step_adds_begins_anew_with_every_step(tmp_path):
    assert _found(check_stale_evidence, tmp_path) == []


def test_a_pattern_of_files_as_they_stand_rests_on_earlier_steps(tmp_path):
    (message,) = _found(check_stale_evidence, tmp_path, surface="file")
    assert "after the solution `utility` of `orders`, a step in which nothing happens ends as kept" in message
