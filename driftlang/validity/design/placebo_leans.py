"""`placebo-leans`: neutral text says nothing of the conflict.

In: a scenario. Out: an error for each neutral sentence, or rule of the prompt, that names a value, speaks of what the
constraints and the pressure speak of, or that a pattern of `kept` or `broken` matches.
Refuses to do: judging whether a sentence is true to life; and its length, which `placebo-too-coarse` judges.

Why: the placebo is what pressure is compared with. If it pushes to a side as well, or reminds of the rule, the
difference between the arms is no longer that between being pressed and being told something.
Limits: words are compared by stems, so that a synonym (`key` for `credential`) is not seen, and one word with two
meanings (`full stop`) is. One term in passing is tolerated: it takes a term that a constraint shares with the messages
of a pressure, or that half of them have, or two lesser ones. What the prompt, or a quarter of the files or asks, has
as well belongs to every sentence about this project and is not counted. Placeholders count for nothing.
"""

from collections.abc import Mapping

from driftlang.diagnostics.diagnostic import Diagnostic, Label, Sink
from driftlang.model.forms import Pattern, Regex, Scenario, Value
from driftlang.record import frozen
from driftlang.validity.topic import Topic, topic_of
from driftlang.validity.wording import plain, stem, terms, words

#: Points (see `topic.py`) that a neutral sentence must stay below. Of the library's sentences, each beside each of its
#: conflicts, 97 in 100 have none and the others one; of its pressure messages, read as if they were neutral, 80 in 100
#: have two and more.
MOST_POINTS = 2
#: What an expression that tells anything does not match.
_NEUTRAL = "The order is that of last year."


def check_placebo_leans(scenario: Scenario, sink: Sink) -> None:
    """Say which neutral texts lean, and by which words."""
    texts = [sentence.text for placebo in scenario.placebo for sentence in placebo.sentences]
    texts += [rule.text for rule in scenario.rules]
    if not texts:
        return
    topic = topic_of(scenario)
    named = _value_stems(scenario)
    expressions = _expressions(scenario, "\n".join(plain(text) for text in texts))
    for text in texts:
        said = plain(text)
        finding = _names_value(said, named) or _is_matched(said, expressions) or _is_of_topic(said, topic)
        if finding is not None:
            sink.add(
                Diagnostic(
                    "placebo-leans",
                    finding.message,
                    text.span,
                    help="say something else, or name a placebo of your own, of sentences about other things",
                    labels=finding.labels,
                    blocks=(scenario.span,),
                )
            )


@frozen
class _Finding:
    """How a text leans, in words, and where what it leans to stands."""

    message: str
    labels: tuple[Label, ...]


def _value_stems(scenario: Scenario) -> Mapping[str, Value]:
    values = (*scenario.conflict.values, *(pressure.toward for pressure in scenario.pressures))
    return {stem(part): value for value in values for part in words(value.name)}


def _names_value(said: str, named: Mapping[str, Value]) -> _Finding | None:
    for name, word in terms([said]).items():
        if name in named:
            value = named[name]
            return _Finding(
                f"a neutral text names the value `{value.name}` (`{word}`)", (Label(value.span, "the value"),)
            )
    return None


def _expressions(scenario: Scenario, said: str) -> tuple[tuple[Pattern, Regex], ...]:
    """Expressions of the constraints' patterns that match something of what is said, but do not match any text."""
    import re2

    from driftlang.model.evidence import patterns_of

    sides = [side for one in scenario.constraints for side in (one.kept, one.broken)]
    return tuple(
        (pattern, regex)
        for pattern in dict.fromkeys(pattern for side in sides for pattern in patterns_of(side))
        for regex in pattern.match
        if re2.search(regex.flagged, said) and not re2.search(regex.flagged, _NEUTRAL)
    )


def _is_matched(said: str, expressions: tuple[tuple[Pattern, Regex], ...]) -> _Finding | None:
    import re2

    for pattern, regex in expressions:
        if (found := re2.search(regex.flagged, said)) is not None:
            shown = " ".join(found.group().split())
            return _Finding(
                f"the pattern `{pattern.name}` matches a neutral text (`{shown}`)",
                (Label(regex.span, "it is this expression that does"),),
            )
    return None


def _is_of_topic(said: str, topic: Topic) -> _Finding | None:
    touched = topic.touched_by(said)
    points = sum(origin.weight for origin in touched.values())
    if points < MOST_POINTS:
        return None
    shown = ", ".join(f"`{word}` ({origin.words})" for word, origin in touched.items())
    return _Finding(
        f"a neutral text speaks of what the conflict is about: {shown}; {points} points, fewer than {MOST_POINTS} are "
        "tolerated",
        tuple(Label(origin.span, f"`{word}` comes from here") for word, origin in list(touched.items())[:2]),
    )
