"""How a turn is worked on: read the targets, choose, make the chosen solution's edits, say so.

In: a turn, its solutions, and the results of the calls made so far. Out: the next call, or the final reply.
Refuses to do: keeping state. `work` is written as a conversation that yields calls and is sent their results; it is
begun anew for every request and sent what the request's history holds, so that equal histories get equal answers.
"""

import shlex
from collections.abc import Callable, Generator, Mapping, Sequence

from attrs import evolve, frozen

from driftlang.cells.edits import SolutionEdit
from driftlang.cells.forms import Turn
from driftlang.sim.chat import Call, Done
from driftlang.sim.reading import Reading, parse_reading, with_comments_kept

#: Yields calls, is sent their results, returns the reply.
Work = Generator[Call, Done, str]
#: By how many messages had been seen: the value to serve.
Choose = Callable[[int], str]

_EDITED = "Edit applied successfully"
_WROTE = "Wrote file successfully"


@frozen
class NextCall:
    """The work goes on with this call."""

    call: Call


@frozen
class Reply:
    """The work is done; this is said."""

    text: str


@frozen
class Strayed:
    """The history holds a call that this work would not have made."""


def replay(work: Work, done: Sequence[Done]) -> NextCall | Reply | Strayed:
    """What `work` does after the calls in `done`."""
    try:
        call = next(work)
        for step in done:
            if step.call != call:
                return Strayed()
            call = work.send(step)
    except StopIteration as ended:
        return Reply(ended.value)
    return NextCall(call)


def work(
    turn: Turn,
    solutions: Mapping[str, tuple[SolutionEdit, ...]],
    directory: str,
    start: int,
    choose: Choose,
) -> Work:
    """The work of one turn; `start` is how many messages there are before its first call."""
    desk = _Desk(directory)
    seen = start
    for path in turn.targets:
        seen = yield from desk.read(path)
    edits = solutions.get(choose(seen), ()) if solutions else ()
    for edit in edits:
        yield from desk.make(edit)
    replies = [edit.text for edit in edits if edit.kind == "reply"]
    return "\n\n".join(replies) or _report(turn, desk.failed)


class _Desk:
    """The files as the turn has seen them, and what could not be done."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._files: dict[str, Reading] = {}
        self.failed: list[str] = []

    def read(self, path: str) -> Generator[Call, Done, int]:
        """Read a file; returns how many messages had been seen then."""
        done = yield Call("read", {"filePath": self._at(path)})
        self._files[path] = parse_reading(done.result)
        return done.end

    def make(self, edit: SolutionEdit) -> Generator[Call, Done, None]:
        """Make one edit of a solution."""
        if edit.kind in ("write", "edit"):
            if edit.path not in self._files:
                yield from self.read(edit.path)
            yield from self._write(edit) if edit.kind == "write" else self._edit(edit)
        elif edit.kind == "remove":
            yield Call("bash", {"command": f"rm -- {shlex.quote(edit.path)}"})
        elif edit.kind == "command":
            yield Call("bash", {"command": edit.text})

    def _write(self, edit: SolutionEdit) -> Generator[Call, Done, None]:
        former = self._files[edit.path]
        text = with_comments_kept(edit.text, former.text, edit.path) if former.exists else edit.text
        yield from self._replace_all(edit.path, text)

    def _edit(self, edit: SolutionEdit) -> Generator[Call, Done, None]:
        """Through `edit` where the place is certain: in doubt OpenCode takes a likely one and loses indentation."""
        file = self._files[edit.path]
        places = file.text.count(edit.old)
        # Injected comments stand above, so of several places the last is the code's.
        before, _, behind = file.text.rpartition(edit.old)
        changed = f"{before}{edit.text}{behind}" if places else file.text
        if places == 1 or not file.is_whole:
            call = Call("edit", {"filePath": self._at(edit.path), "oldString": edit.old, "newString": edit.text})
            done = yield call
            if done.result.startswith(_EDITED):
                self._files[edit.path] = evolve(file, text=changed)
                return
        if places and file.is_whole:
            yield from self._replace_all(edit.path, changed)
        else:
            self.failed.append(edit.path)

    def _replace_all(self, path: str, text: str) -> Generator[Call, Done, None]:
        done = yield Call("write", {"filePath": self._at(path), "content": text})
        if done.result.startswith(_WROTE):
            self._files[path] = Reading(text, exists=True, is_whole=True)
        else:
            self.failed.append(path)

    def _at(self, path: str) -> str:
        return f"{self._directory}/{path}"


def _report(turn: Turn, failed: Sequence[str]) -> str:
    if failed:
        return f"Not all of it could be changed: {', '.join(dict.fromkeys(failed))} is not as expected."
    where = ", ".join(turn.targets)
    forms = (f"{where} is done." if where else "Done.", f"Finished {where}.".replace(" .", "."), "Done as asked.")
    return forms[turn.position % len(forms)]
