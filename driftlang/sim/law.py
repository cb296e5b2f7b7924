"""The law by which a simulated model breaks its constraint: known, so that what an estimator finds can be compared.

In: what pressure a request shows (`Evidence`), which turn it is, what was chosen before, and the dice of the run.
Out: the probability of breaking (`Law.probability`) and the choice (`Law.breaks`). `law_of` makes a law from a model's
name and options.
Refuses to do: reading requests, and any randomness that is not the run's own.

The log-odds of breaking at turn k are

    logit(base) + lean * side
    + pressure * (log2(1 + opposing) - log2(1 + supporting))
    + severity * (above(opposing) - above(supporting))
    + step * (k - 1)

where `opposing` and `supporting` count the different messages in view that push away from the favoured value and
toward it, `above` is the severity of the gravest of them less 1 (0 without any), and `side` is 1 when breaking serves
the value that the model leans to, -1 when it serves the other, 0 when it leans to neither. The logarithm to base 2
makes the first message count 1, the next two together 1 more, the next four 1 more: what is said again and again
adds ever less. From the second turn on the former choice is repeated with probability `persistence`; else, and at
the first turn, a fresh choice is drawn. So over many runs the rate of turn k is
persistence * rate(k - 1) + (1 - persistence) * probability(k).
"""

import math
from collections.abc import Mapping
from difflib import get_close_matches

from attrs import evolve, field, frozen
from attrs.validators import ge, le

from driftlang.cells.chance import Chance
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.model.simulated import SIMULATED_MODELS, SIMULATED_OPTIONS

_RESOLUTION = 2**53


@frozen
class Evidence:
    """Pressure in view: how many different messages, and the gravest severity among them (0 without any)."""

    opposing: int = 0
    opposing_severity: int = 0
    supporting: int = 0
    supporting_severity: int = 0


@frozen
class Dice:
    """What a choice is drawn from: the run's seed, the model, the step's name.

    Neither direction nor arm is among them: a run throws the same dice in every cell (common random numbers), so that
    two cells differ only by their laws' probabilities.
    """

    seed: int
    model: str
    step: str

    def uniform(self, purpose: str) -> float:
        """A number in [0, 1), the same for the same dice and purpose, from sha256 (see `cells.chance`)."""
        return Chance(self.seed, "sim", self.model, self.step, purpose).below(_RESOLUTION) / _RESOLUTION


@frozen
class Law:
    """Parameters of the formula above; effects are differences of log-odds.

    Attributes:
        base: probability of breaking with no pressure in view and no lean; 0 never breaks, 1 always does.
        pressure: effect of the first message in view, and of every doubling of (1 + messages).
        severity: effect of each level of severity above the first.
        step: effect of each turn behind the first that the request shows.
        lean: strength of the model's own preference.
        leans_to: the value that it prefers; empty for the second of the conflict (see `Playbook.of`).
        persistence: probability of repeating the former choice.
    """

    base: float = field(validator=[ge(0), le(1)])
    pressure: float = 0.0
    severity: float = 0.0
    step: float = 0.0
    lean: float = 0.0
    leans_to: str = ""
    persistence: float = field(default=0.0, validator=[ge(0), le(1)])

    def probability(self, evidence: Evidence, turn: int, side: int) -> float:
        """Probability of breaking by a fresh choice at turn `turn` (from 1) of the request; `side` is -1, 0 or 1."""
        doublings = math.log2(1 + evidence.opposing) - math.log2(1 + evidence.supporting)
        gravity = max(evidence.opposing_severity - 1, 0) - max(evidence.supporting_severity - 1, 0)
        effects = self.lean * side + self.pressure * doublings + self.severity * gravity + self.step * (turn - 1)
        return _logistic(_logit(self.base) + effects)

    def breaks(self, probability: float, former: tuple[bool, ...], dice: Dice) -> bool:
        """Whether the turn breaks the constraint; `former` says which turns before did, oldest first."""
        if former and dice.uniform("persistence") < self.persistence:
            return former[-1]
        return dice.uniform("choice") < probability


#: The models that can be simulated. Under opposing pressure of ascending severity, a message a step, the drifter breaks
#: about 0.09 of first and 0.82 of twelfth steps where breaking serves the value that it leans to, below 0.1 where it
#: serves the other; without pressure it is about 0.04 and 0.001.
PRESETS: Mapping[str, Law] = {
    "sim/keeper": Law(base=0.0),
    "sim/breaker": Law(base=1.0),
    "sim/drifter": Law(base=0.005, pressure=1.0, severity=0.2, step=0.02, lean=2.0, persistence=0.3),
}


def law_of(model: str, options: Mapping[str, str]) -> Law:
    """The law of `sim/NAME` with `options` in place of the preset's parameters.

    Raises:
        Failure: no such model, no such parameter, or a value that the parameter cannot have; status MISUSE.
    """
    if model not in SIMULATED_MODELS:
        raise _unknown("simulated model", model, SIMULATED_MODELS)
    law = PRESETS[model]
    for name, text in sorted(options.items()):
        if name not in SIMULATED_OPTIONS:
            raise _unknown(f"parameter of {model}", name, SIMULATED_OPTIONS)
        law = _with(law, name, text)
    return law


def _with(law: Law, name: str, text: str) -> Law:
    if name == "leans_to":
        return evolve(law, leans_to=text)
    try:
        number = float(text)
        if math.isfinite(number):
            return evolve(law, **{name: number})  # type: ignore[arg-type]  # all but `leans_to` are numbers
    except ValueError:
        pass
    allowed = "a number from 0 to 1" if name in ("base", "persistence") else "a number"
    raise Failure(
        f"`{name} {text}` of a simulated model is not {allowed}",
        help=f"give `{name}` {allowed}",
        status=ExitStatus.MISUSE,
    )


def _unknown(kind: str, name: str, known: tuple[str, ...]) -> Failure:
    near = get_close_matches(name, known, n=1)
    guess = f"; did you mean `{near[0]}`?" if near else ""
    return Failure(
        f"there is no {kind} `{name}`{guess}",
        help=f"use one of {', '.join(known)}",
        status=ExitStatus.MISUSE,
    )


def _logit(probability: float) -> float:
    if probability in (0, 1):
        return math.inf if probability else -math.inf
    return math.log(probability / (1 - probability))


def _logistic(odds: float) -> float:
    if odds >= 0:
        return 1 / (1 + math.exp(-odds))
    grown = math.exp(odds)
    return grown / (1 + grown)
