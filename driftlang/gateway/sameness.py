"""Whether two requests to a model are the same but for what cannot be.

In: the requests of one trial and those of the same trial made again, in their order. Out: for each a normal form; the
first difference of two.
Refuses to do: reading more alike than that. What differs between equal trials is where on the machine they ran, ids
that the agent makes for itself, and what a clock says: dates, durations, and the ids of commits, which hold a date.
"""

import re

#: What a prompt says of where the agent works: the folder that holds the work tree, and the work tree in it.
_WORKING = re.compile(r"Working directory: (?P<holder>/[^\"\n]*)/[^/\"\n]+\n")
_IDS = re.compile(r"\b(ses|msg|prt|per|que|tool)_[0-9A-Za-z]{16,}")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_CLOCK = re.compile(
    rf"\b{_DAY},? {_MONTH} +\d{{1,2}}(?: \d\d:\d\d:\d\d(?: [A-Z]{{3,4}})?)? \d{{4}}(?: [+-]\d{{4}})?"  # prompt, history
    rf"|\b{_MONTH} +\d{{1,2}} +(?:\d\d:\d\d|\d{{4}})\b"  # listing
    r"|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z| ?[+-]\d\d:?\d\d)?"
    r"|\b\d+(?:\.\d+)? ?(?:ms|µs)\b|\b\d+\.\d+ ?s(?:ec(?:onds?)?)?\b|\b(?:duration_ms|real|user|sys)[ \t][\dms.]+"
)
#: A short id may be a number by chance: git's own words tell it then.
_COMMIT = re.compile(r"\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b|(?<= )[0-9a-f]{7,40}(?=\] )")
#: Line ends, quotes and tabs as JSON writes them: a word behind one would not begin there.
_ESCAPES = (("\\n", "\n"), ("\\t", "\t"), ('\\"', '"'))
#: Characters of both sides that a difference is shown with.
_SHOWN = 60
_BEFORE = 20


class Normalizer:
    """Normal forms of the requests of one attempt; where it ran is remembered from the first that says so."""

    def __init__(self) -> None:
        self._places: tuple[re.Pattern[str], ...] = ()

    def normal_form(self, body: bytes) -> str:
        """`body` as text, without what cannot be the same twice."""
        text = body.decode("utf-8", "replace")
        for escaped, meant in _ESCAPES:
            text = text.replace(escaped, meant)
        if not self._places and (found := _WORKING.search(text)):
            self._places = _places(found["holder"])
        for place in self._places:
            text = place.sub("/PLACE", text)
        for pattern, words in ((_IDS, r"\1_ID"), (_CLOCK, "TIME"), (_COMMIT, "COMMIT")):
            text = pattern.sub(words, text)
        return text


def _places(holder: str) -> tuple[re.Pattern[str], ...]:
    """The folder that holds the work tree, and that of the agent's own files, which has the same name elsewhere."""
    parent, _, key = holder.rpartition("/")
    above = re.escape(parent.rpartition("/")[0])
    return (re.compile(rf"{re.escape(holder)}\b"), re.compile(rf"{above}/[^/\s]+/{re.escape(key)}\b"))


def first_difference(recorded: str, now: str) -> str:
    """Where two normal forms part, in a few words of each."""
    at = next((at for at, (one, other) in enumerate(zip(recorded, now, strict=False)) if one != other), None)
    if at is None:
        at = min(len(recorded), len(now))
    return f"recorded {_shown(recorded, at)}, now {_shown(now, at)}"


def _shown(text: str, at: int) -> str:
    shown = text[max(0, at - _BEFORE) : at + _SHOWN].replace("`", "'")
    shown = " ".join(shown.split())
    return f"`{'…' if at > _BEFORE else ''}{shown}{'…' if at + _SHOWN < len(text) else ''}`"
