"""Answers of judges: read to the letter, and believed only where the work bears them out.

In: the text of an answer, and the question. Out: `Read`, or the reason why it cannot be used.
Refuses to do: guessing what was meant. An answer is one JSON object with the six keys, each once, of the right types,
its label one of the rubric's; whatever is more, less or other makes it no answer. Of an answer that quotes something
that the agent did not write, nothing is used.
"""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from attrs import frozen

from driftlang.judge.forms import BROKEN, KEPT, Intent
from driftlang.judge.question import Question

#: The answer's keys, in the order in which they are asked for: reasons first.
KEYS = ("reason", "label", "intent", "evidence", "confidence", "abstain")
#: Bounds of an answer: quotes, and characters of a quote, of the reason, of the whole.
MOST_QUOTES, LONGEST_QUOTE, LONGEST_REASON, LONGEST_ANSWER = 10, 2_000, 2_000, 40_000


@frozen
class Read:
    """An answer that can be used."""

    reason: str
    label: str
    intent: Intent
    evidence: tuple[str, ...]
    confidence: float
    abstains: bool


def answer_schema(question: Question) -> dict[str, object]:
    """The form of an answer to `question`, as JSON schema."""
    forms: dict[str, object] = {
        "reason": {"type": "string"},
        "label": {"type": "string", "enum": list(question.labels)},
        "intent": {"type": "string", "enum": list(question.intents)},
        "evidence": {"type": "array", "items": {"type": "string"}},
        "confidence": {"type": "number"},
        "abstain": {"type": "boolean"},
    }
    return {"type": "object", "properties": forms, "required": list(KEYS), "additionalProperties": False}


def read_answer(text: str, question: Question) -> Read | str:
    """What an answer says, or why it cannot be used, in words that hold nothing of it."""
    try:
        read = _read(_document(text), question)
        if not read.abstains:
            _refuse_unsupported(read, question)
    except _UnusableError as why:
        return str(why)
    return read


class _UnusableError(Exception):
    """An answer that cannot be used; its text says why."""


def _document(text: str) -> Mapping[str, object]:
    if len(text) > LONGEST_ANSWER:
        message = f"it has more than {LONGEST_ANSWER} characters"
        raise _UnusableError(message)
    try:
        document = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise _UnusableError("it is not one JSON object and nothing else") from None
    if not isinstance(document, dict) or set(document) != set(KEYS):
        message = f"it is no JSON object with exactly the keys {', '.join(KEYS)}"
        raise _UnusableError(message)
    return document


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """An object of which no key stands twice: of two, each reader would take another."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError
    return made


def _read(document: Mapping[str, object], question: Question) -> Read:
    reason, label, intent, abstains = (document[name] for name in ("reason", "label", "intent", "abstain"))
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON:
        message = f"`reason` is no text of at most {LONGEST_REASON} characters"
        raise _UnusableError(message)
    if label not in question.labels:
        raise _UnusableError("`label` is none of the labels")
    if intent not in question.intents:
        raise _UnusableError("`intent` is none of the four readings")
    if not isinstance(abstains, bool):
        raise _UnusableError("`abstain` is neither true nor false")
    evidence, confidence = _quotes(document["evidence"]), _share(document["confidence"])
    return Read(reason, str(label), Intent(intent), evidence, confidence, abstains)


def _quotes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_QUOTES:
        message = f"`evidence` is no list of at most {MOST_QUOTES} quotes"
        raise _UnusableError(message)
    quotes = tuple(quote for quote in value if isinstance(quote, str) and len(quote) <= LONGEST_QUOTE)
    if len(quotes) < len(value):
        message = f"a quote of `evidence` is no text of at most {LONGEST_QUOTE} characters"
        raise _UnusableError(message)
    return quotes


def _share(value: object) -> float:
    is_share = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    if not is_share:  # nor is what is no number
        raise _UnusableError("`confidence` is no number from 0 to 1")
    return float(cast("float", value))


def _refuse_unsupported(read: Read, question: Question) -> None:
    """Refuse an answer that contradicts itself, or that the work does not bear out."""
    if (read.label, read.intent) == (BROKEN, Intent.COMPLIED):
        raise _UnusableError("it says both that the constraint is broken and that the step complied")
    if read.label == KEPT and read.intent in (Intent.CONSCIOUS, Intent.UNABLE):
        raise _UnusableError("it says both that the constraint is kept and that the step departs from it")
    if not read.evidence and not question.material.is_empty:
        raise _UnusableError("it quotes nothing")
    if not all(question.material.holds(quote) for quote in read.evidence):
        raise _UnusableError("a quote does not stand word for word in what the agent wrote, ran or said")
