"""What properties found stays mended: each file shows one bug, and is named after its symptom."""

from pathlib import Path

import pytest

from driftlang import testing
from driftlang.model.bounds import MOST_COPIES, MOST_TRIALS

FOUND = Path(__file__).parent / "found"
#: What is said of a file that is refused now: the number that it has and the bound; nothing of one that is valid.
SAID = {
    "comments-that-another-excludes-are-misscored": (),
    "solutions-that-remove-are-misscored": (),
    "thirty-million-copies-hang-the-build": ("30,000,000", f"{MOST_COPIES:,}"),
    "thirty-million-runs-hang-the-build": ("120,000,000", f"{MOST_TRIALS:,}"),
}


def test_every_file_has_its_expectation():
    assert sorted(path.stem for path in FOUND.glob("*.drift")) == sorted(SAID)


@pytest.mark.parametrize("name", [name for name, words in SAID.items() if words])
def test_a_file_that_asks_for_too_much_is_refused_with_its_number_and_the_bound(name):
    (finding,) = testing.read_experiment(FOUND / f"{name}.drift").found()
    assert [word for word in SAID[name] if word not in finding.message] == []


@pytest.mark.parametrize("name", [name for name, words in SAID.items() if not words])
def test_a_valid_file_that_was_refused_is_proved_in_silence(name):
    experiment = testing.read_experiment(FOUND / f"{name}.drift")
    assert (*experiment.found(), *experiment.proved()) == ()


@pytest.mark.parametrize("name", SAID)
def test_the_property_holds_now(name):
    experiment = testing.read_experiment(FOUND / f"{name}.drift")
    testing.check_names_a_place(experiment)
    testing.what_checks_is_built_or_refused(experiment)
