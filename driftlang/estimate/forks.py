"""Forks: what one arm does that another does not, from one history and one tree.

In: columns with rows of branches. Out: `ForkContrast`s.
Refuses to do: comparing branches of different trials. Each pair of branches is of one trial, so that all that came
before the fork is the same in both, and what differs behind it is the arm's doing and the model's dice.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from attrs import evolve

from driftlang.estimate.analysis_forms import ForkContrast
from driftlang.estimate.columns import Columns, Real, Whole, grouped
from driftlang.estimate.contrasts import BASELINES
from driftlang.estimate.estimated import Estimated, Tested
from driftlang.estimate.fractions import Measure
from driftlang.estimate.multiplicity import holm
from driftlang.estimate.pairs import NOT_DECLARED, ArmPair, sign_test
from driftlang.estimate.run_fractions import grouped_shares
from driftlang.estimate.run_means import signed_mean

NULL = "in each trial, either branch is as likely as the other to break the larger share of its steps"
METHOD = "sign test of branches within trials, exact"


def fork_contrasts(
    columns: Columns, level: float, declared: Mapping[str, Sequence[ArmPair]] = NOT_DECLARED
) -> tuple[ForkContrast, ...]:
    """Each two branches of each fork that are to be compared; p values adjusted over all of them by Holm."""
    branches = columns.where(columns.fork > 0)
    if not len(branches):
        return ()
    first, group = grouped([branches.cell, branches.fork, branches.branch])
    places = {
        (int(branches.cell[row]), int(branches.fork[row]), branches.branches[branches.branch[row]]): number
        for number, row in enumerate(first)
    }
    keys = list(_compared(columns, places, declared))
    paired = [_values(branches, group, (places[key, fork, arm], places[key, fork, other]), len(first))
              for key, fork, arm, other in keys]  # fmt: skip
    estimates = [signed_mean([values[number] for values in paired], (1, -1), level) for number in range(2)]
    contrasts = [
        _contrast(columns, key, values[0], found)
        for key, values, found in zip(keys, paired, zip(*estimates, strict=True), strict=True)
    ]
    adjusted = holm([one.test.p_value for one in contrasts])
    return tuple(
        evolve(one, test=evolve(one.test, family=len(contrasts), adjusted=p_value))
        for one, p_value in zip(contrasts, adjusted, strict=True)
    )


def _compared(
    columns: Columns, places: Mapping[tuple[int, int, str], int], declared: Mapping[str, Sequence[ArmPair]]
) -> Iterator[tuple[int, int, str, str]]:
    """Declared pairs where there are such branches; else all against `placebo` or `bare`; else each two."""
    for cell, fork in dict.fromkeys((cell, fork) for cell, fork, _ in places):
        arms = [arm for at, behind, arm in places if (at, behind) == (cell, fork)]
        wanted = [pair for pair in declared.get(columns.cells[cell].study, ()) if set(pair) <= set(arms)]
        if not wanted:
            baselines = [arm for arm in BASELINES if arm in arms][:1]
            wanted = [(arm, baseline) for baseline in baselines for arm in arms if arm not in BASELINES]
        for arm, baseline in wanted or combinations(sorted(arms), 2):
            yield cell, fork, arm, baseline


def _values(branches: Columns, group: Whole, pair: tuple[int, int], groups: int) -> tuple[Real, Real]:
    """Broken share of both branches in the trials that have both, given exercised and unconditional."""
    found = []
    for measure in Measure:
        counts = branches.is_exercised if measure is Measure.GIVEN_EXERCISED else ~branches.is_error
        table = grouped_shares(branches.run, group, groups, (branches.is_broken & counts, counts))
        found.append(table.paired(pair))
    return found[0], found[1]


def _contrast(
    columns: Columns, key: tuple[int, int, str, str], values: Real, found: tuple[Estimated, Estimated]
) -> ForkContrast:
    cell, fork, arm, baseline = key
    given, unconditional = found
    more, fewer = int((values[0] > values[1]).sum()), int((values[0] < values[1]).sum())
    test = Tested(NULL, METHOD, sign_test(more, fewer), values.shape[1])
    means = values.mean(axis=1) if values.shape[1] else np.zeros(2)
    reason = "" if values.shape[1] else "no trial has exercised steps on both branches"
    return ForkContrast(
        columns.cells[cell], fork, arm, baseline, float(means[0]), float(means[1]), given, unconditional, test, reason
    )
