"""Identifiability: which effects a design can tell apart, said before anything is fitted.

In: an `EffectDesign`. Out: `Identifiability`, in sentences, and `Separable`: the columns that can be fitted.
Refuses to do: dropping. An effect that cannot be told from others is named with them; what is fitted in their place is
one column that stands for all of them together and says so.

What decides is the variance inflation factor (Marquardt 1970, Technometrics 12; his bound of 10): 1/(1 - R^2) of an
effect's column on all others, intercepts taken out. An effect above the bound is grouped with those without which its
factor would fall by half or more.
"""

from collections.abc import Sequence
from math import inf

import numpy as np
from attrs import frozen

from driftlang.estimate.columns import Real
from driftlang.estimate.effects import EffectColumn, EffectDesign
from driftlang.estimate.regression_forms import AskedEffect, Confounded, Identifiability

#: Marquardt's bound: nine tenths of the effect's column are said by the others.
INFLATED = 10.0
#: A column of length 1 that is shorter than this once others are taken out, is taken to be said by them in full.
_NOTHING_LEFT = 1e-7
_KINDS = ("step", "severity", "dose", "arm", "direction")


@frozen(eq=False)
class FittedColumn:
    """A column that is fitted: of one effect, or of the first of several that cannot be told apart."""

    effects: tuple[EffectColumn, ...]
    values: Real

    @property
    def name(self) -> str:
        """The effect's name, or all of their names."""
        return ", ".join(_quoted(effect) for effect in self.effects) + " together" if self.effects[1:] else self._first

    @property
    def meaning(self) -> str:
        """What a unit of the column is."""
        first = self.effects[0].meaning
        return f"{first}, with all that goes along with it" if self.effects[1:] else first

    @property
    def _first(self) -> str:
        return self.effects[0].name


@frozen(eq=False)
class Separable:
    """What can be fitted of a design, and what was found about the rest."""

    found: Identifiability
    columns: tuple[FittedColumn, ...]
    idle: tuple[EffectColumn, ...]


def separate(design: EffectDesign, study: str, model: str) -> Separable:
    """Which of the design's effects can be told apart."""
    within = _taken_out(design.matrix, design.levels)
    lengths = np.linalg.norm(within, axis=0)
    moves = lengths > _NOTHING_LEFT * np.maximum(np.linalg.norm(design.matrix, axis=0), 1.0)
    varied = [number for number in range(len(moves)) if moves[number]]
    scaled = within[:, varied] / lengths[varied]
    factors = inflation(scaled)
    groups = [tuple(varied[place] for place in group) for group in _groups(scaled, design, varied)]
    effects = design.effects
    by_effect = dict(zip(varied, factors, strict=True))
    asked = tuple(
        AskedEffect(effect.name, effect.meaning, by_effect.get(number, inf), (number,) in groups)
        for number, effect in enumerate(effects)
    )
    idle = tuple(effect for number, effect in enumerate(effects) if not moves[number])
    fitted = tuple(FittedColumn(tuple(effects[n] for n in group), effects[group[0]].values) for group in groups)
    confounded = tuple(_confounded(column, asked) for column in fitted if column.effects[1:])
    values = np.linalg.svd(scaled, compute_uv=False) if varied else np.ones(1)
    found = Identifiability(
        study,
        model,
        asked,
        confounded,
        condition=float(values[0] / values[-1]) if values[-1] > _NOTHING_LEFT else inf,
        rank=int((values > _NOTHING_LEFT).sum()) if varied else 0,
        sentences=_sentences(confounded, idle, fitted),
    )
    return Separable(found, fitted, idle)


def inflation(columns: Real) -> tuple[float, ...]:
    """The variance inflation factor of each column; infinite where the others say all of it."""
    return tuple(_inflation_of(columns, number) for number in range(columns.shape[1]))


def _inflation_of(columns: Real, number: int) -> float:
    others = np.delete(columns, number, axis=1)
    left = float(np.linalg.norm(_taken_out(columns[:, [number]], others)) / np.linalg.norm(columns[:, number]))
    return 1 / left**2 if left > _NOTHING_LEFT else inf


def _taken_out(columns: Real, others: Real) -> Real:
    """What is left of columns when all that others say is taken out."""
    if not others.shape[1]:
        return columns
    return np.asarray(columns - others @ np.linalg.lstsq(others, columns, rcond=None)[0])


def _groups(scaled: Real, design: EffectDesign, varied: Sequence[int]) -> list[tuple[int, ...]]:
    """Places of columns that go together; joined until what stands for each group can be told from the others."""
    groups: list[tuple[int, ...]] = [(place,) for place in range(scaled.shape[1])]
    while True:
        kept = scaled[:, [group[0] for group in groups]]
        factors = inflation(kept)
        worst = max(range(len(factors)), key=lambda place: factors[place], default=-1)
        if worst < 0 or factors[worst] <= INFLATED:
            return groups
        partners = {worst, *_partners(kept, worst, factors[worst])}
        joined = [place for number in sorted(partners) for place in groups[number]]
        joined.sort(key=lambda place: (_KINDS.index(design.effects[varied[place]].kind), place))
        groups = [group for number, group in enumerate(groups) if number not in partners]
        groups.append(tuple(joined))
        groups.sort(key=min)


def _partners(columns: Real, number: int, factor: float) -> list[int]:
    """Those without which the column's factor would be half of what it is or less, or else the one that says most."""
    without = {}
    for other in range(columns.shape[1]):
        if other != number:
            rest = np.delete(columns, other, axis=1)
            without[other] = _inflation_of(rest, number - (other < number))
    halved = [other for other, left in without.items() if left <= factor / 2 and left < inf]
    return halved or [min(without, key=lambda other: without[other])]


def _confounded(column: FittedColumn, asked: Sequence[AskedEffect]) -> Confounded:
    names = tuple(effect.name for effect in column.effects)
    worst = max(effect.inflation for effect in asked if effect.name in names)
    said = _listed([_quoted(effect) for effect in column.effects])
    how = "without a rest" if worst == inf else f"to {1 - 1 / worst:.0%}"
    sentence = f"the effects of {said} cannot be told apart in this design: each is said by the others {how}"
    return Confounded(names, worst, sentence, _advice({effect.kind for effect in column.effects}))


def _advice(kinds: set[str]) -> str:
    if "severity" in kinds and kinds & {"step", "dose"}:
        return "vary the schedule: `severity shuffled` or `descending` beside `ascending`"
    if {"step", "dose"} <= kinds:
        return "vary when messages are said: `every 2 steps`, `steps 5..12`, or an arm `bare`"
    return "vary one of them without the other"


def _sentences(
    confounded: Sequence[Confounded], idle: Sequence[EffectColumn], fitted: Sequence[FittedColumn]
) -> tuple[str, ...]:
    said = [f"{group.sentence}; to tell them apart, {group.advice}" for group in confounded]
    said += [f"the effect of {_quoted(effect)} cannot be seen: it does not vary in this design" for effect in idle]
    apart = [_quoted(column.effects[0]) for column in fitted if not column.effects[1:]]
    if apart:
        verb = "can be told from each other" if apart[1:] else "can be told from all others"
        said.append(f"the effects of {_listed(apart)} {verb}" if apart[1:] else f"the effect of {apart[0]} {verb}")
    return tuple(said) or ("nothing varies in this design, so that no effect can be seen",)


def _quoted(effect: EffectColumn) -> str:
    return f"`{effect.name}`"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
