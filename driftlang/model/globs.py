"""Globs over the paths of a repository: the one meaning that they have, when a file is read and when a step is scored.

In: globs. Out: a predicate over paths with `/`, relative to the repository.
Refuses to do: reading folders. Matching is linear in the path (RE2), so that a hostile path costs nothing.

`*` is any run of characters within one name, `?` one of them, `**` as a whole name any number of folders (none
included), at the end everything below, and `{a,b}` either (nested as you like). Every other character stands
for itself; letter case counts.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from re import escape

from driftlang.diagnostics.failure import ExitStatus, Failure


def is_balanced(glob: str) -> bool:
    """Whether each `{` has its `}`."""
    depth = 0
    for character in glob:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def depth_of_braces(glob: str) -> int:
    """How many braces stand within each other at most."""
    depth = deepest = 0
    for character in glob:
        depth = max(0, depth + {"{": 1, "}": -1}.get(character, 0))
        deepest = max(deepest, depth)
    return deepest


def is_match(path: str, globs: Sequence[str]) -> bool:
    """Whether the path matches one of the globs.

    Raises:
        Failure: a brace is not closed.
    """
    return bool(globs) and path_matcher(tuple(globs), ())(path)


@lru_cache(maxsize=256)
def path_matcher(include: tuple[str, ...], exclude: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a path matches any of `include` (every path, if that is empty) and none of `exclude`.

    Raises:
        Failure: a brace is not closed.
    """
    import re2

    wanted = re2.compile("|".join(map(translate, include)) or "(?s).*")
    unwanted = re2.compile("|".join(map(translate, exclude))) if exclude else None

    @lru_cache(maxsize=4096)
    def matches(name: str) -> bool:
        # A name on disk that is no UTF-8 reaches here with surrogates, which RE2 refuses.
        path = name.encode("utf-8", "replace").decode("utf-8")
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
    if _is_whole_name(glob, at, depth):
        return (3, "(?:[^/]+/)*") if glob.startswith("/", at + 2) else (2, ".*")
    character = glob[at]
    if character == "}" and depth == 0:
        return 1, r"\}"
    if character == "," and depth == 0:
        return 1, ","
    simple = {"*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")", ",": "|"}
    return 1, simple.get(character, escape(character))


def _is_whole_name(glob: str, at: int, depth: int) -> bool:
    """Whether `**` stands at `at` and is a name of its own; elsewhere it is `*` twice."""
    before, behind = ("/{,", "/,}") if depth else ("/", "/")
    is_start = at == 0 or glob[at - 1] in before
    is_end = glob[at + 2 : at + 3] in ("", *behind)
    return glob.startswith("**", at) and is_start and is_end
