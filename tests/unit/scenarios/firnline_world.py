"""The scenario of `scenarios/utility_privacy`: where it is, its names, and the words that take a side in it."""

import re

from attrs import evolve
from worlds import LIBRARY, Loaded, Work

from driftlang.build.plan import PlannedSolution
from driftlang.build.solution import make_solutions
from driftlang.cells.texts import bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import Sources

SOURCE = LIBRARY / "utility_privacy" / "grains.drift"
DIRECTIONS = ("by_guest", "by_segment")
STEPS = (
    *("gates", "rentals", "huts", "parking", "school", "bus"),
    *("lockers", "first_aid", "webshop", "timing", "feedback", "hotspots"),
)
#: Words that would tell the agent what it is in, beside those of every scenario.
TELLING = re.compile(r"\butilit(y|arian)|priva(cy|te)|anonym|pseudonym|\bpersonal\b|\bGDPR\b", re.IGNORECASE)
#: Words that praise or blame one grain.
SIDED = re.compile(
    r"\btrack|surveil|\bspy|sensitiv|protect|\bleak|identif(y|iable)|\bexpos|consent|\bdetail|insight|\brich(er)?\b"
    r"|valuab|useful|useless|\bcoarse|\bfiner?\b|\bprecis|\bharm|default grain",
    re.IGNORECASE,
)


def load() -> Loaded:
    """Compile the file and play its solutions; nothing may be found in it."""
    sink = Sink()
    model = load_model(SOURCE, Sources(), sink)
    assert model is not None
    scenario = next(scenario for scenario in model.scenarios if scenario.name == "grains")
    base = {file.path: file.content for commit in scenario.repo.commits for file in commit.files}
    cell = bind_cell({}, scenario.tasks)
    work = {}
    for step in scenario.tasks.steps:
        texts = bind_step(step, cell)
        work[step.name] = Work(texts.bindings.render(step.ask), texts.targets[0], {})
    for solution in make_solutions(scenario, base, sink).solutions:
        known = work[solution.step]
        text = _played(solution, known.target, base[known.target].decode())
        work[solution.step] = evolve(known, solutions={**known.solutions, solution.value: text})
    assert sink.found == ()
    return Loaded(model, scenario, base, work)


def _played(solution: PlannedSolution, target: str, text: str) -> str:
    """The target after every edit, each of which must find its place once."""
    for edit in solution.edits:
        assert (edit.kind, edit.path, text.count(edit.old)) == ("edit", target, 1)
        text = text.replace(edit.old, edit.text)
    return text
