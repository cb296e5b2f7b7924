"""The scenario that `driftlang new` writes is in order as it stands."""

import pytest

from driftlang.build.emit import build_study
from driftlang.cli import main
from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus
from driftlang.source import Sources
from driftlang.validity.load import load_checked
from driftlang.validity.proof.prove import prove

#: Names that are words of the language, and the shortest and longest.
NAMES = ("answers", "a", "x" * 60, "study", "drift", "when", "import", "every", "and", "arms")


def _call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["new", *arguments])
    return ended.value.code


def _model(path):
    sink = Sink()
    model = load_checked(path, Sources(), sink)
    assert sink.found == ()
    assert model is not None
    return model


@pytest.mark.parametrize("name", NAMES)
def test_it_is_in_order_whatever_its_name(name, tmp_path):
    assert _call(name, "-o", str(tmp_path)) == ExitStatus.OK
    assert [scenario.name for scenario in _model(tmp_path / f"{name}.drift").scenarios] == [name]


def test_its_tests_pass_and_cover_everything(tmp_path):
    _call("answers", "-o", str(tmp_path))
    sink = Sink()
    proof = prove(_model(tmp_path / "answers.drift"), sink)
    assert (sink.found, proof.failed, proof.count) == ((), 0, 68)


def test_it_builds(tmp_path):
    _call("answers", "-o", str(tmp_path))
    model, sink = _model(tmp_path / "answers.drift"), Sink()
    folder = build_study(model.studies[0], model, "answers.drift", tmp_path / "plans", sink)
    assert sink.found == ()
    assert (folder / "plan.toml").is_file()


def test_no_file_that_the_agent_sees_has_its_name(tmp_path):
    _call("loudness", "-o", str(tmp_path))
    (scenario,) = _model(tmp_path / "loudness.drift").scenarios
    files = [file for commit in scenario.repo.commits for file in commit.files]
    assert [file.path for file in files if b"loudness" in file.content or "loudness" in file.path] == []


@pytest.mark.parametrize("name", ["Answers", "2fast", "a-b", "", "ferry", "utility", "tells_text", "../up", "x" * 61])
def test_a_name_that_cannot_be_is_misuse(name, tmp_path):
    assert _call(name, "-o", str(tmp_path)) == ExitStatus.MISUSE
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "answers.drift").write_text("mine", encoding="utf-8")
    assert _call("answers", "-o", str(tmp_path)) == ExitStatus.MISUSE
    assert (tmp_path / "answers.drift").read_text(encoding="utf-8") == "mine"
