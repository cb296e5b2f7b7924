"""Globs over repository paths.

In: globs to include and to exclude. Out: a predicate over POSIX paths relative to the repository.
Refuses to do: reading folders. Matching is linear in the path (RE2), so that a hostile path costs nothing.

`*` is any run of characters within one name, `?` one of them, `**` as a whole name any number of folders (none
included), at the end everything below, and `{a,b}` either (nested as you like). Every other character stands
for itself; letter case counts.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from re import escape

from driftlang.diagnostics.failure import ExitStatus, Failure


def path_matcher(include: Sequence[str], exclude: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path matches any of `include` (every path, if that is empty) and none of `exclude`.

    Raises:
        Failure: a glob has an unclosed brace.
    """
    import re2

    wanted = re2.compile("|".join(map(translate, include)) or "(?s).*")
    unwanted = re2.compile("|".join(map(translate, exclude))) if exclude else None

    @lru_cache(maxsize=4096)
    def matches(path: str) -> bool:
        return bool(wanted.fullmatch(path)) and not (unwanted and unwanted.fullmatch(path))

    return matches


def translate(glob: str) -> str:
    """A glob as the source of a regular expression for a full match.

    Raises:
        Failure: a brace is not closed.
    """
    pieces: list[str] = []
    depth = at = 0
    while at < len(glob):
        width, piece = _token(glob, at, depth)
        depth += {"(?:": 1, ")": -1}.get(piece, 0)
        pieces.append(piece)
        at += width
    if depth:
        message = f"the glob `{glob}` opens a brace that it does not close"
        raise Failure(message, help="close it with `}`", status=ExitStatus.MISUSE)
    return f"(?s:{''.join(pieces)})"


def _token(glob: str, at: int, depth: int) -> tuple[int, str]:
    """How many characters of `glob` the token at `at` takes, and what it stands for."""
    is_name_start = at == 0 or glob[at - 1] in "/{,"
    if is_name_start and glob.startswith("**/", at):
        return 3, "(?:[^/]+/)*"
    if is_name_start and glob.startswith("**", at):
        return 2, ".*"
    character = glob[at]
    if character == "}" and depth == 0:
        return 1, r"\}"
    if character == "," and depth == 0:
        return 1, ","
    simple = {"*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")", ",": "|"}
    return 1, simple.get(character, escape(character))
