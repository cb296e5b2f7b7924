"""A conversation as JSON lines → turns.

In: the text of a file: one object a line, `{"role": "user" | "assistant", "text": "..."}`. Out: `EarlierTurn`s, or a
diagnostic that names the line.
Refuses to do: skipping a line that is no turn. A prefix with a hole would be another conversation.
"""

import json
import re

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import EarlierTurn
from driftlang.syntax.ast import Quoted

_ROLES = ("user", "assistant")
#: Surrogates, which JSON can spell and UTF-8 cannot.
_HALF = "[\ud800-\udfff]"
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
    role, text = found.get("role"), found.get("text")
    said = text if isinstance(text, str) else ""
    faults = (
        (bool(found.keys() - {"role", "text"}), "has other keys than `role` and `text`"),
        ("role" not in found, "has no `role`"),
        (role not in _ROLES, f"has the role `{role}`"),
        ("text" not in found, "has no `text`"),
        (not said.strip(), "has a `text` that says nothing"),
        (re.search(_HALF, said) is not None, "has half a character, which cannot be written as UTF-8"),
    )
    wrong_with_it = next((fault for is_there, fault in faults if is_there), "")
    return wrong_with_it or EarlierTurn(str(role), said)
