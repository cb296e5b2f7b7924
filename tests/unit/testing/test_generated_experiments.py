"""What is generated is valid: it checks in silence and is proved; the strategies reach the whole language."""

import doctest
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

from driftlang import testing
from driftlang.cli.test import command
from driftlang.testing.failures import kept_failures, save_failure
from driftlang.testing.pieces import pieces_of

ROOT = Path(__file__).parents[3]
HELLO = ROOT / "scenarios" / "hello.drift"
GENERATED = settings(
    max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@GENERATED
@given(experiment=testing.scenarios() | testing.studies())
def test_a_generated_experiment_checks_and_is_proved_in_silence(experiment):
    assert (*experiment.found(), *experiment.proved()) == ()


@GENERATED
@given(variant=testing.variants(HELLO))
def test_a_variant_says_what_was_changed(variant):
    assert variant.original.path == variant.experiment.path
    assert variant.experiment.origin == variant.change


def test_generated_files_speak_of_every_kind_of_block_that_stands_by_itself():
    words: set[str] = set()

    @settings(GENERATED, max_examples=150)
    @given(experiment=testing.scenarios() | testing.studies())
    def collect(experiment):
        words.update(piece.word for piece in pieces_of(experiment.text))

    collect()
    wanted = {"value", "conflict", "pattern", "rubric", "constraint", "rule", "pressure", "placebo", "schedule", "repo"}
    wanted |= {"tasks", "prompt", "session", "scenario", "study", "about", "vary", "check", "filler", "after", "judge"}
    assert wanted - words == set()


@pytest.mark.parametrize(
    "module", sorted(one.name for one in walk_packages(testing.__path__, "driftlang.testing.") if "." in one.name)
)
def test_examples_of_the_public_functions_run(module, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(import_module(module)).failed == 0


def test_a_saved_failure_is_read_with_its_property(tmp_path):
    save_failure(testing.read_experiment(HELLO), "some_property", "it\nfailed", 7, tmp_path)
    (kept,) = kept_failures(tmp_path)
    assert kept.property == "some_property"
    assert kept.experiment.model().scenarios[0].name == "hello"


def test_the_command_says_what_holds(tmp_path):
    said = CliRunner().invoke(
        command,
        [str(HELLO), "--properties", "--examples", "3", "-k", "runs_pair", "--save", str(tmp_path)],
        standalone_mode=False,
    )
    assert said.return_value == 0
    assert "runs pair across cells: 3 examples" in said.stdout


def test_without_hypothesis_the_command_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr("driftlang.cli.properties.find_spec", lambda _: None)
    with pytest.raises(Exception, match="hypothesis, which is not installed") as raised:
        CliRunner().invoke(command, [str(HELLO), "--properties"], standalone_mode=False, catch_exceptions=False)
    assert raised.value.status == 2
