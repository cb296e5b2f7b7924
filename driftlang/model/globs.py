"""Globs over paths: `*`, `?`, `**` and `{a,b}`.

In: a glob. Out: the source of a regular expression for the whole path.
Refuses to do: reading folders. `*` and `?` stay within one name, `**` as a whole name is any number of folders.
"""

import re
from collections.abc import Sequence

_PIECE = re.compile(r"\*\*/|\*\*|\*|\?|[{},]|[^*?{},]+")


def is_balanced(glob: str) -> bool:
    """Whether each `{` has its `}`."""
    depth = 0
    for character in glob:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def is_match(path: str, globs: Sequence[str]) -> bool:
    """Whether the path matches one of the (balanced) globs."""
    return any(re.fullmatch(_source(glob), path) for glob in globs)


def _source(glob: str) -> str:
    pieces: list[str] = []
    depth = 0
    for piece in _PIECE.findall(glob):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if piece == "," and depth == 0:
            pieces.append(",")
        else:
            pieces.append(_MEANINGS.get(piece) or re.escape(piece))
    return f"(?s:{''.join(pieces)})"


_MEANINGS = {
    "**/": "(?:[^/]+/)*",
    "**": ".*",
    "*": "[^/]*",
    "?": "[^/]",
    "{": "(?:",
    "}": ")",
    ",": "|",
}
