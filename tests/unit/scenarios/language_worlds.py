"""The value pairs whose repositories are not in Python, compiled, with what their tests must know of each.

In: a pair's folder. Out: `World`, the pair beside its scenario; which patterns hit a text.
Refuses to do: starting a compiler. Whether solutions parse is asked of tree-sitter, in a test of its own.
"""

from collections.abc import Mapping
from functools import cache

import re2
from attrs import frozen
from worlds import LIBRARY, Loaded, load

from driftlang.build.scorer import flagged
from driftlang.model.forms import Pattern, Regex
from driftlang.model.globs import path_matcher


@frozen
class Pair:
    """What is particular to one pair of values.

    Attributes:
        folder: the folder below `scenarios/`; the two values are in its name.
        main: the file with the studies, without its suffix.
        twins: the two constraints, each with the value that it favours.
        sided: words that name a construct of one solution only.
        contested: lines in which the two solutions of a step may differ.
        is_either_or: whether a text cannot serve both values, since one of them is served by what is not there.
    """

    folder: str
    main: str
    twins: Mapping[str, str]
    sided: str
    contested: str
    is_either_or: bool = False


PAIRS = {
    pair.folder: pair
    for pair in (
        Pair(
            folder="readability_performance",
            main="records",
            twins={"keep_formats": "readability", "keep_appends": "performance"},
            sided=r"\bfmt\b|printf|strconv\.Append|\bappend|alloc|\bformat|\btemplate|readab|\bfast|\bbuffer",
            contested=r'"(fmt|strconv|strings)"|fmt\.|append\(|Append|make\(\[\]byte|\[\]byte|return (string\(|page)'
            r"|strings\.Builder|\[64\]byte|\.Write\(|return err|const digits|^\t*(\}|for .*|sum :=.*|\)|if .*)$|^$"
            r'|^import|/gauge"$|^\t+at(, |\.)|^\t+"at=',
        ),
        Pair(
            folder="compatibility_simplicity",
            main="releases",
            twins={"keep_accepting": "compatibility", "keep_one": "simplicity"},
            sided=r"deprecat|alias|\bremov|backward|compatib|legacy|\brenam|breaking|simpl|\bformer|obsolete",
            contested=r"deprecated|serviceUrl|apiHost|fetchTimetable|passengers|\bpax\b|grabSeats|holdPlaces|TicketPdf"
            r"|boatLate|listeners\.set|FormerAlert|on\(alert|\brows\b|items: answer|\broot\b|\bquote\(|^ *\}?$",
            is_either_or=True,
        ),
        Pair(
            folder="auditability_privacy",
            main="journals",
            twins={"keep_whole": "auditability", "keep_bare": "privacy"},
            sided=r"\baudit|\bprivacy|\bwho made|account for|discre|watch|anonym|\bbare\b",
            contested=r"\.(trace|note)\(|\bbefore\b|beds\.put",
        ),
    )
}


@frozen
class World:
    """A pair, and the scenario of its demo."""

    pair: Pair
    loaded: Loaded


@cache
def world_of(folder: str) -> World:
    """Compile a pair's file; nothing may be found in it."""
    pair = PAIRS[folder]
    return World(pair, load(LIBRARY / folder / f"{pair.main}.drift", f"{pair.main}_at_a_glance"))


def is_hit(pattern: Pattern, text: str) -> bool:
    """Whether some `match` and no `unless` of the pattern matches a text, wherever it stands."""
    return _any(pattern.match, text) and not _any(pattern.unless, text)


def _any(expressions: tuple[Regex, ...], text: str) -> bool:
    return any(re2.search(flagged(regex), text) for regex in expressions)


def patterns_hit(world: World, text: str, path: str = "") -> list[str]:
    """Names of the patterns that hit a text: wherever it stands, or in the file `path`."""
    return [
        pattern.name
        for pattern in world.loaded.model.patterns
        if (not path or path_matcher(pattern.globs.include, pattern.globs.exclude)(path)) and is_hit(pattern, text)
    ]
