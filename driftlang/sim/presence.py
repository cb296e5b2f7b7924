"""Which texts a request shows, wherever they stand in it: in a comment read from a file, a prompt, a user's turn.

In: messages of a request, and texts to look for. Out: those of the texts that are there.
Refuses to do: near matches. A text is found when its words stand there in its order; line ends, indentation, line
numbers that the reading tool put before the lines, and comment marks before or behind them do not count. White space
is left out of the comparison altogether, since wrapping may break a line behind a hyphen.
"""

import re
from collections.abc import Iterable, Sequence

from driftlang.sim.chat import Message

_NUMBER = re.compile(r"^\s*\d+: ?", re.MULTILINE)
_MARK_BEFORE = re.compile(r"^[ \t]*(?:<!--|/\*+|\*(?!/)|//+!?|#+|--+|;+|%+)?", re.MULTILINE)
_MARK_BEHIND = re.compile(r"(?:\*+/|-->)[ \t]*$", re.MULTILINE)
_SPACE = re.compile(r"\s+")
#: What the model said itself is no surrounding, so it shows no pressure.
_SURROUNDINGS = ("system", "developer", "user", "tool")
#: Stands between messages and where a found text was, so that nothing is found across.
_GAP = "\0"


def present(texts: Iterable[str], messages: Sequence[Message]) -> frozenset[str]:
    """Those of `texts` that `messages` show; what is found is taken out, so that no part of it counts too."""
    shown = [_without_numbers(message) for message in messages if message.role in _SURROUNDINGS]
    # Once with comment marks taken off and once as it stands: a wrapped line of a text may begin like a mark.
    hay = _GAP.join(_bare(text) for text in (*map(_without_marks, shown), *shown))
    found = set()
    for text in sorted(texts, key=lambda text: (-len(text), text)):
        bare = _bare(text)
        if bare and bare in hay:
            found.add(text)
            hay = hay.replace(bare, _GAP)
    return frozenset(found)


def _without_numbers(message: Message) -> str:
    return _NUMBER.sub("", message.text) if message.role == "tool" else message.text


def _without_marks(text: str) -> str:
    return _MARK_BEHIND.sub("", _MARK_BEFORE.sub("", text))


def _bare(text: str) -> str:
    return _SPACE.sub("", text)
