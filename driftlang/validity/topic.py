"""What a scenario is about: the terms that its constraints and its surroundings keep coming back to.

In: a scenario. Out: how much each word of a neutral text has to do with that, and where it comes from.
Refuses to do: counting what is said everywhere. A word of the prompt, or of many files or asks, tells nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase

from attrs import field

from driftlang.model.forms import Pressure, Scenario
from driftlang.record import frozen
from driftlang.source import Span
from driftlang.validity.traces import demanded as demanded_patterns
from driftlang.validity.wording import plain, stem, terms

#: The share of a pressure's messages from which on a term belongs to what they say, and not to how one of them says it.
RECURRING = 0.25
#: The share of them from which on a term is what they are about.
PREVAILING = 0.5
#: A term in this share of the repository's files, or of the asks, is common there.
COMMON = 0.25
#: And in no fewer of them than this: what one file of three says is not common.
LEAST_COMMON = 2
#: What stands for no letter in a regular expression: classes, properties, flags.
_ESCAPE = r"\\(?:p\{\w+\}|x\w\w|.)|\[[^\]]*\]|\(\?\w*:?"
_LETTERS = frozenset(ascii_lowercase)
#: Bytes of a file that are looked at.
_MOST_BYTES = 65_536
#: Pressures of no more messages than this have each said everything once.
FEW_MESSAGES = 2


@frozen
class Origin:
    """Why a term belongs to the topic: `weight` 1 or 2, where it stands, and the same in words.

    `is_scored` is set where a pattern looks for it as well: it tells of the constraint then, be it in every file.
    """

    weight: int
    span: Span
    words: str
    is_scored: bool = False


@frozen
class _Background:
    """What every sentence about the project may speak of, in lower case."""

    prompts: tuple[str, ...]
    asks: tuple[str, ...]
    files: tuple[str, ...]

    def has(self, name: str, *, is_scored: bool) -> bool:
        """Whether the prompt has the term, or many of the asks or, unless it is scored, of the files."""
        if any(_holds(text, name) for text in self.prompts) or _is_in_many(self.asks, name):
            return True
        return not is_scored and _is_in_many(self.files, name)


@frozen
class Topic:
    """The terms of a scenario, by stem; those that are common are among them until they are asked for."""

    scenario: Scenario
    origins: Mapping[str, Origin]
    _common: dict[str, bool] = field(factory=dict, eq=False, repr=False)
    _background: list[_Background] = field(factory=list, eq=False, repr=False)

    def touched_by(self, text: str) -> Mapping[str, Origin]:
        """The words of a text that belong to the topic and are not common."""
        shared = {word: name for name, word in terms([text]).items() if name in self.origins}
        return {
            word: self.origins[name]
            for word, name in shared.items()
            if not self._is_common(name, is_scored=self.origins[name].is_scored)
        }

    def _is_common(self, name: str, *, is_scored: bool) -> bool:
        if not self._background:
            self._background.append(_background_of(self.scenario))
        if name not in self._common:
            self._common[name] = self._background[0].has(name, is_scored=is_scored)
        return self._common[name]


def topic_of(scenario: Scenario) -> Topic:
    """The topic: terms of the constraints' texts, and those that recur in the messages of a pressure.

    A term weighs 1 where a constraint has it or where it recurs, and 2 where both is so, where it prevails, or where a
    pattern that scores the constraint looks for it and the conflict is named after it.
    """
    origins: dict[str, Origin] = {}
    demanded = {
        name: (constraint.name, constraint.text.span)
        for constraint in reversed(scenario.constraints)
        for name in terms([plain(constraint.text)])
    }
    # What the conflict is named after as well; other words of a pattern are names that code just happens to have.
    named = terms([scenario.conflict.name])
    scored = {name: pattern for name, pattern in _scored(scenario).items() if name in named}
    for name, (constraint, span) in demanded.items():
        pattern = scored.get(name, "")
        also = f" and the pattern `{pattern}`" if pattern else ""
        origins[name] = Origin(2 if pattern else 1, span, f"the text of `{constraint}`{also}", bool(pattern))
    for pressure in scenario.pressures:
        for name, (share, place) in _recurring(pressure):
            is_topic = name in demanded or share >= PREVAILING
            weight = 2 if is_topic and len(pressure.messages) > FEW_MESSAGES else 1
            said = f"{share:.0%} of the messages of `{pressure.name}`"
            span = place
            if name in demanded:
                constraint, span = demanded[name]
                said = f"the text of `{constraint}` and {said}"
            if name not in origins or origins[name].weight < weight:
                origins[name] = Origin(weight, span, said)
    return Topic(scenario, origins)


def _scored(scenario: Scenario) -> Mapping[str, str]:
    """The words that patterns of the constraints look for, by stem, with the first such pattern's name."""
    found: dict[str, str] = {}
    for constraint in scenario.constraints:
        for pattern in (*demanded_patterns(constraint.kept), *demanded_patterns(constraint.broken)):
            literal = (re.sub(_ESCAPE, " ", regex.source) for regex in pattern.match)
            for name in terms(literal):
                found.setdefault(name, pattern.name)
    return found


def _recurring(pressure: Pressure) -> Iterator[tuple[str, tuple[float, Span]]]:
    """Terms of a pressure's messages that recur, with their share and the first message that has them."""
    found = [(message, terms([plain(message.text)])) for message in pressure.messages]
    counts = Counter(name for _, names in found for name in names)
    least = 2 if len(found) > FEW_MESSAGES else 1
    for name, count in counts.items():
        if count >= max(least, RECURRING * len(found)):
            first = next(message for message, names in found if name in names)
            yield name, (count / len(found), first.text.span)


def _background_of(scenario: Scenario) -> _Background:
    files = scenario.repo.files.items()
    return _Background(
        tuple(plain(prompt.text).lower() for prompt in scenario.prompts.values()),
        tuple(f"{step.title} {plain(step.ask)}".lower() for step in scenario.tasks.steps),
        tuple(f"{path} {file.content[:_MOST_BYTES].decode('utf-8', 'replace')}".lower() for path, file in files),
    )


def _is_in_many(texts: Sequence[str], name: str) -> bool:
    return sum(_holds(text, name) for text in texts) >= max(LEAST_COMMON, COMMON * len(texts))


def _holds(text: str, name: str) -> bool:
    """Whether a text in lower case has a word of this stem, whose last letter may be another (`entry`, `entries`)."""
    return any(stem(word) == name for word in _words_from(name[:-1], text))


def _words_from(beginning: str, text: str) -> Iterator[str]:
    """The words of a text that begin so; an expression for each stem would take longer to compile than to search."""
    start = text.find(beginning)
    while start >= 0:
        end = start + 1
        if text[start - 1 : start] not in _LETTERS:
            end = start + len(beginning)
            while text[end : end + 1] in _LETTERS:
                end += 1
            yield text[start:end]
        start = text.find(beginning, end)
