"""Regressions: what each of them says, and what a design cannot tell apart.

In: nothing; this module defines. Out: `Slope`, `Transition` and what is in them.
A number stands with its limits, their level and the method they come from. What has no data says why in words
(`reason`); where that is empty, there is a result.
"""

from attrs import frozen

from driftlang.estimate.estimated import Estimated


@frozen
class Effect:
    """One effect of a regression, in log-odds.

    Attributes:
        name: short, as in a table: `dose, opposing`.
        meaning: what one unit of it is, in a sentence.
        p_value: of the null that it is zero, by the same law as the limits.
    """

    name: str
    meaning: str
    estimate: Estimated
    p_value: float


@frozen
class NotEstimated:
    """An effect that was asked for and has no estimate, with the reason in a sentence."""

    name: str
    reason: str


@frozen
class AskedEffect:
    """An effect that a model asks about.

    Attributes:
        inflation: variance inflation factor: by how much what it shares with the others widens its variance; infinite
            where the others say all that it says.
        is_apart: whether it can be told from the others.
    """

    name: str
    meaning: str
    inflation: float
    is_apart: bool


@frozen
class Confounded:
    """Effects that this design cannot tell apart, and what to change so that it could."""

    effects: tuple[str, ...]
    inflation: float
    sentence: str
    advice: str


@frozen
class Identifiability:
    """What the design of one study can tell apart for one model, before anything is fitted.

    Attributes:
        condition: condition number of the effects' columns, scaled to equal length, other columns taken out.
        rank: how many of the effects vary by themselves.
        asked: every effect that the regression asks about.
        confounded: groups of them that cannot be told apart.
        sentences: all of it in plain words, to be printed; never empty.
        reason: why there is nothing to look at; else empty.
    """

    study: str
    model: str
    asked: tuple[AskedEffect, ...] = ()
    confounded: tuple[Confounded, ...] = ()
    condition: float = 1.0
    rank: int = 0
    sentences: tuple[str, ...] = ()
    reason: str = ""


@frozen
class Slope:
    """Logistic regression of breaking, given that the step was exercised, with runs as clusters.

    Attributes:
        steps, broken, runs: what it rests on.
        effects: those that could be told apart, and each group that could not as one effect `A, B, together`.
        not_estimated: the others, each with the reason.
        penalised: whether Firth's penalty was used, because some cell broke always or never.
        method: of the limits.
    """

    study: str
    model: str
    identifiability: Identifiability
    steps: int = 0
    broken: int = 0
    runs: int = 0
    effects: tuple[Effect, ...] = ()
    not_estimated: tuple[NotEstimated, ...] = ()
    penalised: bool = False
    method: str = ""
    reason: str = ""


@frozen
class LawParameter:
    """A parameter of the law with its limits.

    Attributes:
        name: `base`, `pressure`, `severity`, `step`, `lean` or `persistence`.
        scenario: that it is of; empty where all scenarios share it.
        meaning: in a sentence.
        toward: of a lean, the value that it is to; a lean is never below zero.
    """

    name: str
    scenario: str
    meaning: str
    estimate: Estimated
    toward: str = ""


@frozen
class Transition:
    """The law of persistence and fresh choice, fitted: each step repeats the former one or chooses anew.

    Attributes:
        exposure: `scheduled` or `read`: which messages count as in view.
        repeated: share of the steps behind the first that ended as the step before them.
        log_likelihood: at the estimates.
    """

    study: str
    model: str
    exposure: str
    steps: int = 0
    runs: int = 0
    repeated: float = 0.0
    parameters: tuple[LawParameter, ...] = ()
    not_estimated: tuple[NotEstimated, ...] = ()
    log_likelihood: float = 0.0
    method: str = ""
    reason: str = ""
