"""Transition: the law of the simulated agents, fitted, so that what was planted can be found again.

In: the columns of one study and model. Out: `Transition`: what is repeated, and what a fresh choice goes by.
Refuses to do: parameters that the design cannot tell apart, and a base or lean from one direction alone.

The law is that of `driftlang.sim.law` (see `persistence.py` for its likelihood). Of a real model it describes: how much
of a run's steps is the former step said again, and how much is chosen anew under the pressure in view. The former step
is the last before it that took a side. Limits are those of the jackknife over runs, by Student's law.
"""

from math import exp

import numpy as np
from attrs import evolve, frozen

from driftlang.estimate.analysis_forms import Estimated, LawParameter, NotEstimated, Transition
from driftlang.estimate.clustered import student_limits
from driftlang.estimate.columns import Columns, Real, grouped
from driftlang.estimate.effects import EffectColumn, EffectDesign, levels_of
from driftlang.estimate.identifiability import Separable, separate
from driftlang.estimate.persistence import Chain, PersistenceFit, fit_persistence
from driftlang.estimate.slope import FEWEST_RUNS, cells_that_vary

SCHEDULED, READ = "scheduled", "read"
METHOD = "maximum likelihood, jackknife over runs (CV3), Student's law"


def fit_transition(columns: Columns, study: str, model: str, level: float, exposure: str = SCHEDULED) -> Transition:
    """The law for the rows of one study and model; `exposure` says which messages are in view."""
    counted = columns.where((columns.fork == 0) & columns.is_exercised)
    runs = len(np.unique(counted.run))
    empty = Transition(study, model, exposure, len(counted), runs)
    if len(counted) == 0 or counted.is_broken.all() or not counted.is_broken.any():
        return evolve(empty, reason="no step broke, or every one did, so that no law can be fitted")
    if runs < FEWEST_RUNS:
        return evolve(empty, reason=f"there are {runs} runs, and limits that count runs need at least {FEWEST_RUNS}")
    kept = _in_order(counted.where(cells_that_vary(counted)))
    levels, names = levels_of(kept)
    effects = _effects(kept, exposure)
    found = separate(EffectDesign(kept, effects, levels, names), study, model)
    chain = _chain(kept, np.column_stack([levels, *(column.values for column in found.columns)]))
    fit = fit_persistence(chain)
    if fit.is_flat:
        return evolve(empty, reason="the likelihood is flat: some part of the design broke always or never")
    again = ~chain.is_first
    return evolve(
        empty,
        repeated=float((chain.broken == chain.former)[again].mean()) if again.any() else 0.0,
        parameters=(*_Reader(fit, runs, level).shared(found, levels.shape[1]), *_bases(kept, fit, runs, level)),
        not_estimated=(*_not_apart(found), *_one_sided(columns, kept)),
        log_likelihood=fit.log_likelihood,
        method=METHOD,
    )


def _in_order(columns: Columns) -> Columns:
    order = np.lexsort((columns.position, columns.trial))
    from driftlang.estimate.columns import taken

    return taken(columns, order)
