"""What commands that move, copy and remove files do to a tree, without running them.

In: a shell line of a reference solution, and files by path. Out: the files behind it.
Refuses to do: running anything. `mv`, `cp`, `rm`, `touch` and `git mv`, `git rm` with plain words for paths are known;
every other command is taken to change no file, and so is one whose words hold a variable or a glob.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from posixpath import normpath

from driftlang.score.commands import simple_commands

Tree = Mapping[str, bytes]
#: What a shell would put something else in the place of.
_EXPANDED = re.compile(r"[$`*?\[{~<>]")


def after_command(line: str, tree: Tree) -> Tree:
    """The files after a shell line, as far as it can be told."""
    for command in simple_commands(line):
        tree = _after(command, tree)
    return tree


def _after(command: str, tree: Tree) -> Tree:
    words = _words(command)
    paths = [normpath(word) for word in words[1:] if not word.startswith("-")]
    if any(_EXPANDED.search(path) or path.startswith("../") for path in paths):
        return tree
    match words[:1], paths:
        case ["rm"], [_, *_]:
            return _without(tree, paths)
        case ["mv"], [_, *_, target]:
            return _without(_copied(tree, paths[:-1], target), [path for path in paths[:-1] if path != target])
        case ["cp"], [_, *_, target]:
            return _copied(tree, paths[:-1], target)
        case ["touch"], _:
            return {**dict.fromkeys(paths, b""), **tree}
    return tree


def _words(command: str) -> list[str]:
    """The words of a command, `git` left out where it moves or removes; none where they cannot be told."""
    try:
        words = shlex.split(command)
    except ValueError:
        return []
    return words[1:] if words[:1] == ["git"] and words[1:2] in (["mv"], ["rm"]) else words


def _without(tree: Tree, paths: Sequence[str]) -> Tree:
    """The files but those at the paths, and below them where they are folders."""
    return {name: content for name, content in tree.items() if not any(_is_at(name, path) for path in paths)}


def _copied(tree: Tree, sources: Sequence[str], target: str) -> Tree:
    """The files with copies of the sources at the target, or in it where it is a folder."""
    is_folder = any(name.startswith(f"{target}/") for name in tree)
    now = dict(tree)
    for source in sources:
        place = f"{target}/{source.rpartition('/')[2]}" if is_folder else target
        for name, content in tree.items():
            if _is_at(name, source):
                now[place + name[len(source) :]] = content
    return now


def _is_at(name: str, path: str) -> bool:
    return name == path or name.startswith(f"{path}/")
