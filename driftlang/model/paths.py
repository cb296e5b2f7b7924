"""Paths in a repository.

In: what an author wrote. Out: the path in its plain form, or a diagnostic.
Refuses to do: touching the disk.

A path is one that every machine can write, and git takes: relative, inside the repository, out of `.git` under every
name that some file system reads as that one, and of no name that Windows keeps for itself. What git refuses are the
findings of `git fsck` that its documentation lists: `hasDot`, `hasDotdot`, `hasDotgit`, `fullPathname`.
"""

import re
import unicodedata
from collections.abc import Iterable

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import LONGEST_PATH, LONGEST_PATH_NAME, MOST_FOLDERS_DEEP
from driftlang.model.texts import Placeholder, Text
from driftlang.source import Span

#: The file that agents read their instructions from, at the root of the repository.
AGENTS_FILE = "AGENTS.md"
# Expressions are compiled when a path needs them, which is never while paths are plain.
_DRIVE = r"[A-Za-z]:"
_CONTROL = "[\x00-\x1f\x7f-\x9f\u2028\u2029]"
#: Halves of characters: how Python spells a name on disk that is not UTF-8.
_HALF = "[\ud800-\udfff]"
#: Code points that HFS+ leaves out when it compares names (Apple, Technical Note TN1150).
_IGNORED = "[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]"
#: Devices of Windows, which have these names in every folder, whatever follows the first dot.
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"})
_PORTS, _PORT_NUMBERS = frozenset({"com", "lpt"}), frozenset("123456789\u00b9\u00b2\u00b3")
#: Characters that no name of Windows has; those which globs give a meaning apart.
_NOT_IN_NAMES, _OF_GLOBS = frozenset('<>:"|'), frozenset("?*")
#: The folder of git, and the short name by which NTFS finds it.
_GIT_NAMES = (".git", "git~1")


def check_path(path: str, span: Span, sink: Sink, *, is_glob: bool = False) -> bool:
    """Whether `path` is a relative path of a file that stays inside the repository; if not, says why."""
    reason = _reason(path, is_glob=is_glob)
    if reason:
        sink.error(
            "bad-path",
            f"the path `{_shown(path)}` {reason}",
            span,
            help="write a path relative to the repository, with `/` between its parts",
        )
    return not reason


def check_path_beside(path: str, span: Span, sink: Sink) -> bool:
    """Whether `path` is a relative path that stays in the folder of the file it is written in; if not, says why."""
    reason = _reason(path.rstrip("/") if path.strip("/") else path, "folder of this file")
    if reason:
        sink.error(
            "bad-path",
            f"the path `{_shown(path)}` {reason}",
            span,
            help="write a path relative to the folder of this file, with `/` between its parts",
        )
    return not reason


def check_path_text(path: Text, sink: Sink, *, is_glob: bool = False) -> None:
    """Check the path that a text makes, whatever its placeholders stand for."""
    said = "".join("x" if isinstance(part, Placeholder) else part for part in path.parts)
    check_path(said, path.span, sink, is_glob=is_glob)


def find_twin(paths: Iterable[str]) -> tuple[str, str] | None:
    """Two of the paths, or folders above them, that a file system takes for one; None where there are none.

    Some fold the case of letters and some write a letter with its accent in two ways, so that one file would take the
    place of the other.
    """
    seen: dict[str, str] = {}
    for path in paths:
        end = len(path)
        while end > 0:
            whole = path[:end]
            there = seen.setdefault(_folded(whole), whole)
            if there != whole:
                return there, whole
            end = whole.rfind("/")
    return None


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _shown(path: str) -> str:
    """The path as a message can show it: without what a terminal would obey, and not longer than a line."""
    shown = "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in path)
    return shown if len(shown) <= 100 else f"{shown[:99]}…"


def _reason(path: str, inside: str = "repository", *, is_glob: bool = False) -> str:
    parts = path.split("/")
    size = len(path.encode(errors="replace"))
    is_plain = _is_plain(path)
    faults = (
        (not path.strip(), "is empty"),
        (not is_plain and re.search(_CONTROL, path) is not None, "has a control character"),
        (not is_plain and re.search(_HALF, path) is not None, "is not UTF-8"),
        (path.startswith("/") or (":" in path and re.match(_DRIVE, path) is not None), "is absolute"),
        ("\\" in path, "has a backslash"),
        (".." in parts, f"leaves the {inside} by `..`"),
        ("" in parts or "." in parts, "has an empty part or `.`"),
        (size > LONGEST_PATH, f"has {size:,} bytes, at most {LONGEST_PATH:,} can be written"),
        (len(parts) > MOST_FOLDERS_DEEP, f"has {len(parts):,} parts, at most {MOST_FOLDERS_DEEP} can be written"),
    )
    found = next((reason for is_faulty, reason in faults if is_faulty), "")
    return found or next((reason for part in parts if (reason := _reason_of_name(part, is_glob=is_glob))), "")


def _reason_of_name(name: str, *, is_glob: bool) -> str:
    """What is wrong with one name of a path."""
    size = len(name.encode())
    refused = (_NOT_IN_NAMES if is_glob else _NOT_IN_NAMES | _OF_GLOBS) & set(name)
    faults = (
        (_is_git(name), "is in `.git`, which belongs to git"),
        (size > LONGEST_PATH_NAME, f"has a name of {size:,} bytes, at most {LONGEST_PATH_NAME} can be written"),
        (bool(refused), f"has `{min(refused, default='')}`, which no name has on Windows"),
        (name != name.rstrip(". "), "has a name that ends with a dot or a blank, which Windows leaves out"),
        (_is_device(name), f"has the name `{name}`, which is a device on Windows"),
    )
    return next((reason for is_faulty, reason in faults if is_faulty), "")


def _is_git(name: str) -> bool:
    """Whether some file system takes the name for `.git`: by its case, its end, a stream of it, or its short form."""
    said = name if _is_plain(name) else re.sub(_IGNORED, "", name)
    plain = said.partition(":")[0].rstrip(". ").casefold()
    return plain in _GIT_NAMES


def _is_device(name: str) -> bool:
    """Whether Windows takes the name for a device: by what stands before its first dot."""
    stem = name.partition(".")[0].rstrip(" ").lower()
    return stem in _DEVICES or (len(stem) == 4 and stem[:3] in _PORTS and stem[3] in _PORT_NUMBERS)


def _is_plain(text: str) -> bool:
    """Whether all of a text is of ASCII's printed characters, so that nothing in it is hidden."""
    return text.isascii() and text.isprintable()
