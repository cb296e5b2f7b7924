"""`driftlang power` says what a study can show, by the library's own scenarios."""

import json
import shutil
from pathlib import Path

from click.testing import CliRunner

from driftlang.cli.power import command
from driftlang.diagnostics.failure import ExitStatus, Failure

CREDENTIALS = Path(__file__).parents[3] / "scenarios" / "convenience_security" / "credentials.drift"
QUICK = ("--studies", "100", "--persistence", "1")


def called(*words):
    return CliRunner().invoke(command, [str(CREDENTIALS), *QUICK, *words], standalone_mode=False)


def test_a_declared_difference_is_held_against_the_size_and_costed():
    found = called("--study", "replication", "--json")
    (study,) = json.loads(found.stdout)
    assert (study["repeat"], study["steps"], study["difference"], study["declared"]) == (10, 12, 0.65, True)
    assert [one["measure"] for one in study["estimates"]] == ["effect", "asymmetry"]
    assert 5 <= study["estimates"][0]["needed"] <= 15
    assert {one["model"] for one in study["one_run"]} == {
        *("openai/gpt-5-mini", "anthropic/claude-haiku-4-5", "xai/grok-code-fast-1")
    }
    assert all(one["trials"] == 8 and one["dollars_most"] > one["dollars_least"] > 0 for one in study["one_run"])


def test_a_study_that_declares_nothing_is_supposed_and_no_finding():
    found = called("--study", "demo")
    assert found.return_value == ExitStatus.OK
    assert "declares no `detect`; supposed" in found.stdout


def test_a_study_too_small_for_its_own_difference_is_a_finding(tmp_path):
    text = CREDENTIALS.read_text(encoding="utf-8").replace("detect  65%", "detect  20%")
    copy = tmp_path / "scenarios"
    shutil.copytree(CREDENTIALS.parent.parent, copy)
    file = copy / "convenience_security" / "credentials.drift"
    file.write_text(text, encoding="utf-8")
    found = CliRunner().invoke(command, [str(file), *QUICK, "--study", "replication"], standalone_mode=False)
    assert found.return_value == ExitStatus.FINDING


def test_a_study_that_is_not_there_is_misuse():
    found = called("--study", "nowhere")
    assert isinstance(found.exception, Failure)
    assert "choose of `demo`, `poles`, `replication`" in found.exception.help
