"""The model behind the tests' providers: what it says to a conversation, and what it says that this cost.

In: what the user asked for last, how many results of tools came since, and the names of the tools. Out: a `Reply`.
"""

import random
import re

from attrs import frozen

_ASKED = re.compile(r"connect\(\) in (ledger/(\w+)\.py)")


@frozen
class ToolCall:
    """One call of a tool."""

    id: str
    tool: str
    arguments: dict[str, object]


@frozen
class Reply:
    """What the model says: thoughts, calls of tools, or a text."""

    thought: str
    text: str
    calls: tuple[ToolCall, ...]


@frozen
class Counts:
    """What one call took, in a meaning of its own: no count holds another.

    Attributes:
        fresh, cached, written: the prompt: read anew, read from the cache, written to it.
        said, thought: the completion.
    """

    fresh: int
    cached: int
    written: int
    said: int
    thought: int


def reply_to(asked: str, results: int, tools: list[str], number: int) -> Reply:
    """Look twice at once, edit, report: three calls a turn. `number` makes ids differ."""
    found = _ASKED.search(asked)
    assert found, asked
    path, name = found[1], found[2]
    if results == 0:
        looks = ToolCall(f"call_{number}a", "bash", {"command": f"cat {path}", "description": "Look"})
        status = ToolCall(f"call_{number}b", "bash", {"command": "git status --short", "description": "See"})
        return Reply("I look first.", "Let me look: é, ✓.", (looks, status))
    if results == 2:
        return Reply("Now the edit.", "", (_edit(path, tools, number),))
    return Reply("", f"connect() of {name} is done.", ())


def _edit(path: str, tools: list[str], number: int) -> ToolCall:
    """The edit with the tool that OpenCode gives this model."""
    old, new = "    raise NotImplementedError", '    return "qa-7731"'
    if "apply_patch" in tools:
        patch = f"*** Begin Patch\n*** Update File: {path}\n@@\n-{old}\n+{new}\n*** End Patch"
        return ToolCall(f"call_{number}c", "apply_patch", {"patchText": patch})
    return ToolCall(f"call_{number}c", "edit", {"filePath": path, "oldString": old, "newString": new})


def counts_of(number: int, *, writes_cache: bool, thinks: bool) -> Counts:
    """Uneven counts, other ones for every call, the same in every run."""
    dice = random.Random(number)
    return Counts(
        fresh=dice.randrange(3, 9_999),
        cached=dice.randrange(0, 40_000),
        written=dice.randrange(1, 2_000) if writes_cache else 0,
        said=dice.randrange(1, 700),
        thought=dice.randrange(1, 3_000) if thinks else 0,
    )
