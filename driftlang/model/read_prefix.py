"""A conversation as JSON lines → turns.

In: the text of a file: one object a line, `{"role": "user" | "assistant", "text": "..."}`. Out: `EarlierTurn`s, or a
diagnostic that names the line.
Refuses to do: skipping a line that is no turn. A prefix with a hole would be another conversation.
"""

import json

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.sessions import EarlierTurn
from driftlang.syntax.ast import Quoted

_ROLES = ("user", "assistant")
_USAGE = '{"role": "user", "text": "..."}'


def read_prefix_turns(text: str, said: Quoted, sink: Sink) -> tuple[EarlierTurn, ...]:
    """The turns of the file that `said` names; none where a line is no turn, which has been said then."""
    turns = []
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        found = _read_line(line)
        if isinstance(found, str):
            sink.error(
                "bad-turn",
                f"line {number} of the conversation {found}",
                said.span,
                help=f"write one object a line, `{_USAGE}`, with the role `user` or `assistant`",
            )
            return ()
        turns.append(found)
    return tuple(turns)


def _read_line(line: str) -> EarlierTurn | str:
    """The turn on a line, or what is wrong with it."""
    if not line.strip():
        return "is empty"
    try:
        found = json.loads(line)
    except ValueError as wrong:
        return f"is not JSON: {str(wrong)[:1].lower()}{str(wrong)[1:]}"
    except RecursionError:
        return "is not JSON that can be read: it is nested too deep"
    if not isinstance(found, dict):
        return "is no object"
    strange = sorted(set(found) - {"role", "text"})
    if strange:
        return f"has a key `{strange[0]}`, expected `role` and `text` alone"
    role, said = found.get("role"), found.get("text")
    if role not in _ROLES:
        return f"has the role `{role}`" if "role" in found else "has no `role`"
    if not isinstance(said, str) or not said.strip():
        return "has no `text`" if "text" not in found else "has a `text` that says nothing"
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in said):
        return "has half a character, which cannot be written as UTF-8"
    return EarlierTurn(role, said)
