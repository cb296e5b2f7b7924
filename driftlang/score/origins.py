"""Origins: which call of which turn brought the text that a pattern hit, or took it away.

In: the steps of a trial with the uses of tools in them, and hits. Out: the hits with their origins.
Refuses to do: guessing. Where the edits that a turn's tools were asked for, made one after the other, give the file as
the snapshot has it, the line is followed through them. Where they do not, since a command or a formatter had its part,
the call that was given the line is named with that reserve, or the only one that may have changed the file; of several
none is.
"""

from collections.abc import Callable, Mapping, Sequence

from attrs import evolve, field, frozen

from driftlang.observe.forms import Change, FileEdit, StepObservation, ToolUse
from driftlang.observe.tool_uses import EDITING, SHELL, is_named
from driftlang.score.difference import split_lines
from driftlang.score.forms import Hit, Origin
from driftlang.score.mask import decode, is_text
from driftlang.score.reading_commands import only_reads
from driftlang.score.units import difference

#: OpenCode's tools that change no file of the work tree.
_READING = frozenset(
    {
        *("codesearch", "glob", "grep", "invalid", "list", "ls", "lsp", "question", "read", "skill"),
        *("todoread", "todowrite", "webfetch", "websearch"),
    }
)
#: Characters of a command that are kept.
_LONGEST_COMMAND = 600
#: A shorter line stands in too many texts to tell who wrote it.
_LEAST_LINE = 4
_FOLLOWED = "the edits of the turn, made one after the other, give the file as it stands"
_GIVEN = "it was given this text; something else changed the file as well"
_ONLY = "no other call of the turn may have changed the file"
_ONLY_NAMING = "of the calls that may have changed the file, it alone names it"
_NOBODY = "no call of the turn may have changed the file"
_NOT_KEPT = "the file was too large to be kept"
_UNTOLD = "the turn's messages tell of no call"


@frozen
class _Edited:
    """What the turn's editing tools make of a file, one after the other: texts, each behind its use.

    `texts` begins with the file before the turn, so that it is longer by one than `uses`; `None` is no file. It is
    empty where an edit cannot be made.
    """

    uses: tuple[ToolUse, ...]
    texts: tuple[bytes | None, ...]


@frozen
class Origins:
    """Origins in one trial. `surfaces` is the surface of each pattern, by name."""

    _steps: Sequence[StepObservation]
    _surfaces: Mapping[str, str]
    _edited: dict[tuple[int, str], _Edited] = field(factory=dict)

    def of(self, index: int, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """The hits of the step at `index` with their origins."""
        return tuple(evolve(hit, origin=self._of(index, hit)) if hit.path else hit for hit in hits)

    def _of(self, index: int, hit: Hit) -> Origin:
        surface = self._surfaces.get(hit.pattern, "")
        if not hit.line:
            return self._of_path(index, hit.path, surface)
        if surface == "removed lines":
            return self._of_removed(index, hit.path, hit.line)
        return self._of_line(index, hit.path, hit.line)

    def _of_line(self, index: int, path: str, number: int) -> Origin:
        """What brought a line that stands at the end of a step, in that step or before it."""
        for at in range(index, -1, -1):
            step = self._steps[at]
            for changes, is_own in ((step.changes, True), (step.injected, False)):
                change = _change_of(changes, path)
                if change is None:
                    continue
                if change.after is None or (change.before is None and change.existed_before):
                    return Origin(how=_NOT_KEPT)
                former = difference(change.before or b"", change.after).before(number)
                if not former:
                    return self._brought(at, change, number) if is_own else Origin("injection", step.position)
                number = former
        return Origin("start")

    def _brought(self, at: int, change: Change, number: int) -> Origin:
        edited, after = self._edits(at, change), change.after or b""
        if edited.texts:
            line = number
            for use, old, new in reversed(list(zip(edited.uses, edited.texts, edited.texts[1:], strict=False))):
                line = difference(old or b"", new or b"").before(line)
                if not line:
                    return self._call(at, use, _FOLLOWED)
        line_text = split_lines(decode(after))[number - 1].strip()
        return self._likely(at, change.path, lambda edit: _gives(edit, line_text), line_text)

    def _of_removed(self, index: int, path: str, number: int) -> Origin:
        """What took away a line that stood before a step."""
        change = _change_of(self._steps[index].changes, path)
        if change is None or change.before is None:
            return Origin(how=_NOT_KEPT)
        edited = self._edits(index, change)
        line = number
        for use, old, new in zip(edited.uses, edited.texts, edited.texts[1:], strict=False):
            line = difference(old or b"", new or b"").after(line)
            if not line:
                return self._call(index, use, _FOLLOWED)
        line_text = split_lines(decode(change.before))[number - 1].strip()
        return self._likely(index, path, lambda edit: _takes(edit, line_text), line_text)

    def _of_path(self, index: int, path: str, surface: str) -> Origin:
        """What created, changed or removed a file."""
        change = _change_of(self._steps[index].changes, path)
        if change is None:
            return Origin(how=_NOBODY)
        edited = self._edits(index, change)
        pairs = list(zip(edited.uses, edited.texts, edited.texts[1:], strict=False))
        for use, old, new in reversed(pairs) if surface == "removed path" else pairs:
            if old != new and (surface == "changed path" or (old is None) is not (new is None)):
                return self._call(index, use, _FOLLOWED)
        return self._likely(index, path, lambda _: False, "")

    def _edits(self, at: int, change: Change) -> _Edited:
        key = at, change.path
        if key not in self._edited:
            self._edited[key] = _follow(self._steps[at].uses, change)
        return self._edited[key]

    def _likely(self, at: int, path: str, is_it: Callable[[FileEdit], bool], line: str) -> Origin:
        """The call that was given the line, or else the only one that may have changed the file."""
        uses = self._steps[at].uses
        if not uses:
            return Origin(how=_UNTOLD)
        able = [use for use in uses if is_named(path, use.names) or _may_write(use)]
        given = [
            use
            for use in able
            if any(is_named(path, (edit.path,)) and is_it(edit) for edit in use.edits)
            or (len(line) >= _LEAST_LINE and line in use.command)
        ]
        if given:
            return self._call(at, given[-1], _GIVEN)
        name = path.rpartition("/")[2]
        naming = [use for use in able if is_named(path, use.names) or name in use.command]
        if len(able) == 1:
            return self._call(at, able[0], _ONLY)
        if len(naming) == 1:
            return self._call(at, naming[0], _ONLY_NAMING)
        return Origin(how=f"{len(able)} calls of the turn may have changed the file" if able else _NOBODY)

    def _call(self, at: int, use: ToolUse, how: str) -> Origin:
        position = self._steps[at].position
        return Origin("call", position, use.tool, use.call, use.answer, use.command[:_LONGEST_COMMAND], how)


def _change_of(changes: Sequence[Change], path: str) -> Change | None:
    return next((change for change in changes if change.path == path), None)


def _may_write(use: ToolUse) -> bool:
    """Whether a use may have changed a file that it was not given by name."""
    if use.tool == SHELL:
        return not only_reads(use.command)
    return use.tool not in _READING and use.tool not in EDITING


def _follow(uses: Sequence[ToolUse], change: Change) -> _Edited:
    """What the editing tools make of a file; nothing where that is not what the turn made of it."""
    text = change.before
    made: list[ToolUse] = []
    texts: list[bytes | None] = [text]
    for use in uses:
        edits = [edit for edit in use.edits if is_named(change.path, (edit.path,))]
        for edit in edits:
            is_made, text = _apply(edit, text)
            if not is_made:
                return _Edited((), ())
        if edits:
            made.append(use)
            texts.append(text)
    is_so = _is_alike(text, change.after) and (change.after is not None) is change.exists_after
    return _Edited(tuple(made), tuple(texts)) if made and is_so else _Edited((), ())


def _apply(edit: FileEdit, text: bytes | None) -> tuple[bool, bytes | None]:
    """Whether an edit can be made, and what it makes of a file."""
    if edit.is_removed:
        return True, None
    if edit.is_whole:
        return True, edit.new.encode("utf-8", "replace")
    old = edit.old.encode("utf-8", "replace")
    if text is None or not old or old not in text:
        return False, None
    return True, text.replace(old, edit.new.encode("utf-8", "replace"), -1 if edit.is_everywhere else 1)


def _is_alike(one: bytes | None, other: bytes | None) -> bool:
    """Whether two texts have the same lines, but for trailing white space."""
    if one is None or other is None:
        return one is other
    if one == other:
        return True
    return is_text(one) and is_text(other) and split_lines(decode(one)) == split_lines(decode(other))


def _gives(edit: FileEdit, line: str) -> bool:
    return _has_line(edit.new, line) and not _has_line(edit.old, line)


def _takes(edit: FileEdit, line: str) -> bool:
    if edit.is_removed or edit.is_whole:
        return not _has_line(edit.new, line)
    return _has_line(edit.old, line) and not _has_line(edit.new, line)


def _has_line(text: str, line: str) -> bool:
    return any(one.strip() == line for one in text.split("\n"))
