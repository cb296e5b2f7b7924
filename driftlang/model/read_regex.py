"""Patterns between slashes → regular expressions of RE2.

In: a `Slashed` of the ast. Out: `Regex`; a diagnostic where RE2 refuses it, or it is larger than `bounds` allow.
Refuses to do: matching anything but the empty text, which none may match.
"""

import re

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import LONGEST_PATTERN, MOST_PATTERN_MEMORY
from driftlang.model.evidence import Regex
from driftlang.syntax.ast import Slashed

#: Times that RE2 repeats something, all repeats that stand in each other multiplied (`RE2::kMaxRepeat`).
_MOST_REPEATS = 1_000
#: What RE2 refuses to do, by what it quotes; the first that the quotation begins with.
_REASONS = (
    ("(?=", "looks ahead"),
    ("(?!", "looks ahead"),
    ("(?<=", "looks behind"),
    ("(?<!", "looks behind"),
    ("(?>", "is an atomic group"),
    ("(?P=", "comes back to a group"),
    ("(?(", "asks whether a group matched"),
    ("(?#", "is a comment"),
    ("(?x", "is a flag that RE2 does not have: blanks always count"),
    (r"\Z", r"is `\z` in RE2: the end of the text"),
    (r"\G", "asks where the last match ended"),
    (r"\K", "forgets what was matched"),
)
_BACK_REFERENCE = r"\\[1-9kg]"
_HELP = (
    "patterns are those of RE2, which cannot look ahead or behind (`(?=`, `(?!`, `(?<=`), come back to a group (`\\1`) "
    "or repeat more than 1000 times; say it with a further `match` or `unless`"
)


def read_regex(slashed: Slashed, sink: Sink) -> Regex:
    """The pattern; says so where RE2 refuses it or it matches the empty text."""
    import re2

    regex = Regex(slashed.source, slashed.flags, slashed.span)
    size = len(slashed.source)
    if size > LONGEST_PATTERN:
        reason = f"it has {size:,} characters, at most {LONGEST_PATTERN:,} are compiled"
        _refuse(slashed, reason, "write several patterns, each a `match` of its own", sink)
        return regex
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_PATTERN_MEMORY
    try:
        compiled = re2.compile(regex.flagged, options)
    except re2.error as refused:
        said = refused.args[0].decode(errors="replace") if isinstance(refused.args[0], bytes) else str(refused)
        _refuse(slashed, _reason(said), _HELP, sink)
        return regex
    if compiled.search("") is not None:
        sink.error(
            "unsafe-pattern",
            "the pattern matches even where there is no text, so that it would hit everywhere",
            slashed.span,
            help="make one part of it necessary, for example by `+` in place of `*`",
        )
    return regex


def _refuse(slashed: Slashed, reason: str, advice: str, sink: Sink) -> None:
    sink.error("unsafe-pattern", f"the pattern cannot be used: {reason}", slashed.span, help=advice)


def _reason(said: str) -> str:
    """What RE2 says, in words that say what is not there and which bound was met."""
    what, _, quoted = said.partition(": ")
    if what == "invalid repetition size":
        numbers = [int(number) for number in re.findall(r"\d{1,9}", quoted)]
        if numbers == sorted(numbers) and max(numbers, default=0) <= _MOST_REPEATS:
            return f"with `{quoted}`, repeats in each other come to more than {_MOST_REPEATS:,}"
        return f"`{quoted}` is no repetition, expected at most {_MOST_REPEATS:,}, the smaller number first"
    if "too large" in said or "out of memory" in said:
        return f"it takes more than {MOST_PATTERN_MEMORY >> 20} MiB when it is compiled, the most that RE2 may use"
    if what in {"invalid perl operator", "invalid escape sequence"}:
        reason = next((reason for start, reason in _REASONS if quoted.startswith(start)), "")
        if not reason and re.match(_BACK_REFERENCE, quoted):
            reason = "comes back to a group"
        return f"`{quoted}` {reason}" if reason else f"{what}: {quoted}"
    return said
