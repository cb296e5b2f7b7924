"""How large a study is, before any of it is made.

In: a study, or a scenario as one that is run once; the combinations of levels, where they are known. Out: whether it
stays within `bounds`; a diagnostic with the number and the bound.
Refuses to do: making combinations. Where they are not known, they are counted as few as the design may leave, so that
no study is refused that could be had.
"""

from collections.abc import Mapping, Sequence
from math import prod

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import MOST_SAID, MOST_TRIALS, MOST_TURNS, spoken
from driftlang.model.studies import Scenario, Study
from driftlang.model.text_sizes import forks_of, said_in_a_run


def check_size(study: Study, sink: Sink, combinations: Mapping[str, int] | None = None) -> bool:
    """Whether the study can be expanded.

    Args:
        study: the study.
        sink: gets an error where it cannot.
        combinations: those of each scenario, by its key; as few as there may be, where none are given.
    """
    runs = 0
    turns = 0
    said = 0
    for scenario in study.scenarios:
        there = combinations.get(scenario.key, 0) if combinations is not None else _fewest(scenario)
        own = there * len(scenario.constraints) * len(scenario.arms) * study.repeat
        runs += own
        turns += own * len(scenario.tasks.steps) * (1 + forks_of(scenario))
        said += own * said_in_a_run(scenario)
    trials = runs * max(1, len(study.models))
    names = f"`{study.name}`"
    found = ""
    if trials > MOST_TRIALS:
        found = f"{names} has {spoken(trials)} trials, {MOST_TRIALS:,} are the most"
    elif turns > MOST_TURNS:
        found = f"{names} has {spoken(turns)} steps in all its runs, {MOST_TURNS:,} are the most"
    elif said > MOST_SAID:
        found = f"{names} says {spoken(said)} characters in all its runs, {MOST_SAID:,} are the most"
    if not found:
        return True
    return not sink.error(
        "too-large", found, study.span, help=f"{_factors(study)}: take fewer of one, or `sample N seed N` of the levels"
    )


def _factors(study: Study) -> str:
    """What the trials are the product of."""
    of: Sequence[tuple[int, str]] = (
        (len({scenario.name for scenario in study.scenarios}), "scenario"),
        (len(study.models), "model"),
        (study.repeat, "repeat"),
    )
    counted = ", ".join(f"{number:,} {what}{'' if number == 1 else 's'}" for number, what in of if number)
    return f"there are {counted}, each in every direction, arm and combination of levels"


def _fewest(scenario: Scenario) -> int:
    """As many combinations as the scenario has at least, at the levels that are fixed in it."""
    if scenario.design.exclude:
        return 0
    sizes = [len(factor.levels) for factor in scenario.factors if factor.name not in scenario.fixed]
    fixed = prod(len(factor.levels) for factor in scenario.factors if factor.name in scenario.fixed)
    if scenario.design.kind == "sample":
        return min(prod(sizes), scenario.design.size // fixed)
    if scenario.design.kind == "pairwise":
        return prod(sorted(sizes, reverse=True)[:2]) // fixed
    return prod(sizes)
