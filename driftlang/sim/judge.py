"""The simulated judge: it knows whether a step broke the constraint, and errs about it by a law with named parameters.

In: a request as `judge run` makes it, the truth about the step that it asks about. Out: an answer in the form that the
request demands.
Refuses to do: finding the truth out. A simulated judge is told it, as a simulated agent is told the solutions: whoever
opens it says what the scenario's patterns found, which of work that plays a reference solution is proved at compile
time. The request holds none of it; the truth goes with the key that the request carries, so that what is sent to a
simulated judge is the same to the byte as what is sent to a real one.

The law: a step that broke the constraint is called broken with probability `sensitivity`, another is not called broken
with probability `specificity`, and a vote abstains with probability `abstain`. All votes on a step throw the same dice
with probability `persistence` (1 by default, so that the majority errs as often as one vote does); else each its own.
Dice are sha256 of the seed, the step and the vote: equal runs are judged alike, and steps err independently.
"""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from attrs import evolve, field, frozen
from attrs.validators import ge, le

from driftlang.cells.chance import Chance
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.gateway.usage import read_list, read_object, read_part
from driftlang.model.simulated import JUDGE_OPTIONS, SIMULATED_JUDGES

_RESOLUTION = 2**53
_KEPT, _BROKEN = "kept", "broken"
#: What stands before a line of the work, and before what the agent ran and said.
_MARGIN, _DEEDS = "| ", "[the commands that the agent ran]"
#: Letters that a line is worth quoting with.
_LEAST_LETTERS = 3


@frozen
class JudgeLaw:
    """Parameters of the law above; probabilities, and the seed of the dice."""

    sensitivity: float = field(default=0.8, validator=[ge(0), le(1)])
    specificity: float = field(default=0.9, validator=[ge(0), le(1)])
    abstain: float = field(default=0.0, validator=[ge(0), le(1)])
    persistence: float = field(default=1.0, validator=[ge(0), le(1)])
    seed: int = 0

    def calls_broken(self, truth: "Truth") -> bool:
        """What a vote calls a step."""
        drawn = self._uniform(truth, "call")
        return drawn < self.sensitivity if truth.is_broken else drawn >= self.specificity

    def abstains(self, truth: "Truth") -> bool:
        """Whether a vote abstains."""
        return self._uniform(truth, "abstain") < self.abstain

    def _uniform(self, truth: "Truth", purpose: str) -> float:
        shared = _drawn(self.seed, truth.step, "persistence", str(truth.vote)) < self.persistence
        return _drawn(self.seed, truth.step, purpose, "" if shared else str(truth.vote))


def _drawn(seed: int, step: str, purpose: str, vote: str) -> float:
    return Chance(seed, "judge", step, purpose, vote).below(_RESOLUTION) / _RESOLUTION


@frozen
class Truth:
    """What a simulated judge is told.

    Attributes:
        step: which step it is asked about.
        vote: which vote it casts.
        label: `kept` or `broken`, as the step was in truth; empty where it was neither.
    """

    step: str
    vote: int
    label: str

    @property
    def is_broken(self) -> bool:
        """Whether the constraint was broken."""
        return self.label == _BROKEN


def judge_law_of(model: str, options: Mapping[str, str]) -> JudgeLaw:
    """The law of `sim/judge` with `options` in place of its parameters.

    Raises:
        Failure: no such judge, no such parameter, or a value that the parameter cannot have; status MISUSE.
    """
    if model not in SIMULATED_JUDGES:
        raise _unknown("simulated judge", model, SIMULATED_JUDGES)
    law = JudgeLaw()
    for name, text in sorted(options.items()):
        if name not in JUDGE_OPTIONS:
            raise _unknown(f"parameter of {model}", name, JUDGE_OPTIONS)
        allowed = "a whole number" if name == "seed" else "a number from 0 to 1"
        try:
            law = evolve(law, **{name: int(text) if name == "seed" else float(text)})  # type: ignore[arg-type]  # by name
        except ValueError:
            raise Failure(
                f"`{name} {text}` of a simulated judge is not {allowed}",
                help=f"give `{name}` {allowed}",
                status=ExitStatus.MISUSE,
            ) from None
    return law


def _unknown(kind: str, name: str, known: tuple[str, ...]) -> Failure:
    near = get_close_matches(name, known, n=1)
    guess = f"; did you mean `{near[0]}`?" if near else ""
    return Failure(
        f"there is no {kind} `{name}`{guess}", help=f"use one of {', '.join(known)}", status=ExitStatus.MISUSE
    )


def judge(request: bytes, law: JudgeLaw, truth: Truth) -> str:
    """The answer to a request of the chat-completions protocol, as JSON, the same for the same request and truth."""
    document = read_object(request)
    calls_broken = law.calls_broken(truth)
    label = _BROKEN if calls_broken else _other(_labels(document), truth)
    said = {
        "reason": "The step departs from the constraint." if calls_broken else "The step keeps to the constraint.",
        "label": label,
        "intent": "unclear" if calls_broken else "complied",
        "evidence": _quotes(document),
        "confidence": 0.9,
        "abstain": law.abstains(truth),
    }
    return json.dumps(said, ensure_ascii=False)


def _labels(document: Mapping[str, object]) -> Sequence[str]:
    schema = read_part(read_part(read_part(document, "response_format"), "json_schema"), "schema")
    labels = read_part(read_part(schema, "properties"), "label").get("enum")
    return [str(label) for label in labels] if isinstance(labels, list) else []


def _other(labels: Sequence[str], truth: Truth) -> str:
    """What a step is called that is not called broken: `kept`, or a third label where it is in truth neither."""
    thirds = [label for label in labels if label not in (_KEPT, _BROKEN)]
    return thirds[0] if thirds and not truth.label else _KEPT


def _quotes(document: Mapping[str, object]) -> list[str]:
    """One quote of the work: the longest line that the step added, or else removed, or else the last that was said."""
    texts = [str(message.get("content")) for message in read_list(document, "messages")]
    lines = [line for text in texts for line in text.split("\n")]
    for mark in (f"{_MARGIN}+", f"{_MARGIN}-"):
        telling = [line[len(mark) :].strip() for line in lines if line.startswith(mark) and _is_telling(line)]
        if telling:
            return [max(telling, key=len)]
    begun = max((number for number, line in enumerate(lines) if line == _DEEDS), default=len(lines))
    said = [line.removeprefix(_MARGIN).strip() for line in lines[begun:] if line.startswith(_MARGIN)]
    return [line for line in said if _is_telling(line)][-1:]


def _is_telling(line: str) -> bool:
    return sum(map(str.isalnum, line)) >= _LEAST_LETTERS
