"""A path that globs cover, for an example that names none.

In: globs. Out: a path that matches them, or an empty one where none of a few attempts does.
Refuses to do: searching. The first glob is read literally, its `*` and `**` filled with plain names.
"""

from collections.abc import Sequence

from driftlang.model.globs import is_balanced, path_matcher

#: What a `*` is filled with, in the order of preference: an `except` may rule out the first.
_NAMES = ("example", "sample", "other", "x")
_DEFAULT = "example.txt"


def sample_path(include: Sequence[str], exclude: Sequence[str]) -> str:
    """A path that matches some of `include` and none of `exclude`, with the suffix of the first glob that has one."""
    matches = path_matcher(tuple(include), tuple(exclude))
    for glob in include or ("**",):
        for name in _NAMES:
            for path in (_fill(glob, name, folder) for folder in ("", f"{name}/")):
                if path and matches(path):
                    return path
    return ""


def _fill(glob: str, name: str, folder: str) -> str:
    """The glob with the first of its alternatives taken and its wildcards filled."""
    if not is_balanced(glob):
        return ""
    plain = _first_alternatives(glob)
    parts = plain.split("/")
    filled = [_fill_part(part, name) for part in parts[:-1] if part != "**"]
    last = f"{name}.txt" if parts[-1] in {"**", "*"} else _fill_part(parts[-1], name)
    path = "/".join([*filled, last])
    return f"{'/'.join([*filled, ''])}{folder}{last}" if "**" in parts else path or _DEFAULT


def _fill_part(part: str, name: str) -> str:
    return part.replace("**", name).replace("*", name).replace("?", name[0])


def _first_alternatives(glob: str) -> str:
    """`{a,b}` as `a`, nested ones as well."""
    kept: list[str] = []
    taken = [True]
    for character in glob:
        if character == "{":
            taken.append(taken[-1])
        elif character == "}":
            taken.pop()
        elif character == "," and len(taken) > 1:
            taken[-1] = False
        elif taken[-1]:
            kept.append(character)
    return "".join(kept)
