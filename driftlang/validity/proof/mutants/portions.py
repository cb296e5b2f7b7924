"""Less or more than a solution: nothing, half of it, both at once.

In: a solution as it was played. Out: what a step did that did less or more.
Refuses to do: a half that is nothing, and both where one line cannot stand beside the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from attrs import evolve, frozen

from driftlang.inject.languages import language_of, parse
from driftlang.validity.proof.mutants.forms import Subject, Work

Lines = list[bytes]


def untouched_stub(subject: Subject) -> Iterator[Work]:
    """Nothing done at all."""
    yield Work(subject.before)


@frozen
class _Hunk:
    """Lines of a file, from `start` to `end`, and what stands in their place afterwards."""

    path: str
    start: int
    end: int
    lines: tuple[bytes, ...]


def first_half(subject: Subject) -> Iterator[Work]:
    """The first half of the changes; of one change alone, the first half of its lines."""
    hunks = [hunk for path in _changed(subject) for hunk in _hunks(subject, path)]
    commands = subject.done.commands[: len(subject.done.commands) // 2]
    kept = hunks[: len(hunks) // 2]
    if len(hunks) == 1 and len(hunks[0].lines) > 1:
        (only,) = hunks
        middle = len(only.lines) // 2
        kept = [evolve(only, end=min(only.end, only.start + middle), lines=only.lines[:middle])]
    if kept or commands:
        yield Work(_with(subject.before, kept), commands)


def _changed(subject: Subject) -> list[str]:
    """Files that are changed, made or removed."""
    before, after = subject.before, subject.done.files
    return [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]


def _hunks(subject: Subject, path: str) -> Iterator[_Hunk]:
    old = subject.before.get(path, b"").splitlines(keepends=True)
    new = subject.done.files.get(path, b"").splitlines(keepends=True)
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _Hunk(path, first, last, tuple(new[start:end]))


def _with(before: Mapping[str, bytes], hunks: Sequence[_Hunk]) -> Mapping[str, bytes]:
    """The files after some of the changes; one that loses all its lines is gone."""
    files = dict(before)
    for path in dict.fromkeys(hunk.path for hunk in hunks):
        lines = before.get(path, b"").splitlines(keepends=True)
        for hunk in reversed([hunk for hunk in hunks if hunk.path == path]):
            lines[hunk.start : hunk.end] = hunk.lines
        files[path] = b"".join(lines)
        if not files[path]:
            del files[path]
    return files


def both_at_once(subject: Subject) -> Iterator[Work]:
    """What the solution did and, wherever they differ, what the other one did beside it."""
    for other in subject.other:
        files = {}
        for path in sorted({*subject.done.files, *other.files}):
            before = subject.before.get(path)
            mine, theirs = subject.done.files.get(path), other.files.get(path)
            if mine is not None and theirs is not None and before not in (mine, theirs) and mine != theirs:
                theirs = mine = _merged(mine, theirs, before or b"", path)
                if mine is None:
                    return
            # Whoever changed the file has it so, be it that it is gone.
            now = theirs if mine == before else mine
            if now is not None:
                files[path] = now
        commands = tuple(dict.fromkeys((*subject.done.commands, *other.commands)))
        replies = dict.fromkeys((subject.done.reply, other.reply))
        yield Work(files, commands, "\n".join(replies))


def _merged(mine: bytes, theirs: bytes, before: bytes, path: str) -> bytes | None:
    """The lines of both without those that either took out; one text behind the other where that is no program."""
    texts = (mine.splitlines(keepends=True), theirs.splitlines(keepends=True))
    union = b"".join(_union(*texts, *(_new_lines(before.splitlines(keepends=True), text) for text in texts)))
    joined = mine.rstrip(b"\n") + b"\n\n\n" + theirs
    return next((text for text in (union, joined) if _is_sound(text, path)), None)


def _union(mine: Lines, theirs: Lines, my_new: frozenset[int], their_new: frozenset[int]) -> Iterator[bytes]:
    for tag, first, last, start, end in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from mine[first:last]
        else:  # what one alone has, it wrote, or the other one took it out
            yield from (mine[number] for number in range(first, last) if number in my_new)
            yield from (theirs[number] for number in range(start, end) if number in their_new)


def _new_lines(before: Lines, after: Lines) -> frozenset[int]:
    """Numbers, from 0, of the lines that were not there before."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    changed = (range(start, end) for tag, _, _, start, end in matcher.get_opcodes() if tag != "equal")
    return frozenset(number for numbers in changed for number in numbers)


def _is_sound(text: bytes, path: str) -> bool:
    language = language_of(path)
    tree = parse(text, language) if language else None
    return not language or (tree is not None and not tree.root_node.has_error)
