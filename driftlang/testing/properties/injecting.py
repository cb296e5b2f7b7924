"""The property of injections: what is put into files is a comment, and comes out again.

In: an experiment. Out: nothing; `PropertyFailed` where an injection changes code or cannot be taken back.
"""

from driftlang.cells.forms import Spot
from driftlang.inject.forms import NotPlaced
from driftlang.inject.insert import insert
from driftlang.inject.remove import remove_earlier
from driftlang.inject.same_code import same_code
from driftlang.model.forms import Repo
from driftlang.model.schedules import DOCSTRING, DOCUMENT, OUTSIDE_FILES
from driftlang.testing.experiment import Subject
from driftlang.testing.properties.failed import require


def what_is_injected_comes_out_again(about: Subject) -> None:
    """Each message in each place: the code is the same with it, and the file is the same without it again.

    >>> from driftlang import testing
    >>> testing.what_is_injected_comes_out_again(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    for study in experiment.studies():
        repos = {scenario.key: scenario.repo for scenario in study.scenarios}
        wanted = {
            (repos[cell.variant], spot, injection.text)
            for cell in experiment.cells(study)
            for script in cell.scripts
            for turn in script.turns
            for injection in turn.injections
            for spot in injection.spots
            if spot.place not in OUTSIDE_FILES
        }
        for repo, spot, text in wanted:
            _require_there_and_back(repo, spot, text)


def _require_there_and_back(repo: Repo, spot: Spot, text: str) -> None:
    file = repo.files.get(spot.path)
    if file is None:
        return
    placed = insert(file.content, spot.path, text, spot.place, anchor=spot.anchor)
    if isinstance(placed, NotPlaced):
        return
    if spot.place != DOCUMENT:
        is_same = same_code(file.content, placed.source, spot.path, without_docstrings=spot.place == DOCSTRING)
        require(is_same, f"{text!r} at {spot.words} changes the code")
    back = remove_earlier(placed.source, spot.path, [text], spot.place)
    require(not back.missing, f"{text!r} at {spot.words} is not found again")
    require(back.source == file.content, f"{text!r} at {spot.words} leaves something behind when it is taken out")
