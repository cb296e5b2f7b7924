"""Whether the constraint and the user's words reached the model as planned.

In: the calls of a step, and what is known of it. Out: `Integrity`.
Refuses to do: scoring. A violation says that a step is not the experiment that was planned, and in which calls.
"""

from collections.abc import Iterator, Sequence

from attrs import frozen

from driftlang.exposure.forms import CALL, SYSTEM, TOOL, USER, Integrity, StepFacts
from driftlang.exposure.requests import Asked

#: Places that are sent with every call.
SENT_EACH_TIME = ("agents_file", "system_prompt")
AGENTS_FILE = "agents_file"


@frozen
class History:
    """What the user had said in this session before the step, and whether the session was compacted since."""

    said: tuple[str, ...]
    is_compacted: bool = False


def check_integrity(asked: Sequence[Asked], facts: StepFacts, history: History) -> Integrity:
    """What of the step's calls is otherwise than planned."""
    found: dict[str, list[int]] = {}
    for number, one in enumerate(asked, 1):
        for violation in (*_of_system(one, facts), *_of_user(one, facts, history)):
            found.setdefault(violation, []).append(number)
    violations = [f"{_calls(numbers, len(asked))}: {violation}" for violation, numbers in found.items()]
    elsewhere = max((_elsewhere(one, facts) for one in asked), default=0)
    return Integrity(len(asked), (*violations, *_of_file(facts)), elsewhere)


def _of_system(one: Asked, facts: StepFacts) -> Iterator[str]:
    """The constraint in the system message: once with its instructions around it, or not at all."""
    demand, shown = facts.demand, "\n".join(one.texts(SYSTEM))
    if not demand.constraint:
        return
    constraint, instructions = demand.constraint.strip(), demand.instructions.strip()
    is_there = demand.place in SENT_EACH_TIME
    expected = instructions.count(constraint) if is_there else 0
    count = shown.count(constraint)
    if count != expected:
        yield f"the constraint stands {_times(count)} in the system message, not {_times(expected)}"
    elif is_there and shown.count(instructions) != 1:
        yield f"the instructions around the constraint stand {_times(shown.count(instructions))} in the system message"


def _of_user(one: Asked, facts: StepFacts, history: History) -> Iterator[str]:
    """The user's turn, byte for byte, and the constraint as often as the user has stated it."""
    turns = one.texts(USER)
    for said in facts.said:
        if said not in turns:
            yield "what the user said does not stand there as it was said"
    constraint = facts.demand.constraint.strip()
    if not constraint:
        return
    now = sum(said.count(constraint) for said in facts.said)
    before = sum(said.count(constraint) for said in history.said)
    count = sum(turn.count(constraint) for turn in turns)
    is_right = now <= count <= now + before if history.is_compacted else count == now + before
    if not is_right:
        yield f"the constraint stands {_times(count)} in what the user said, not {_times(now + before)}"


def _of_file(facts: StepFacts) -> Iterator[str]:
    before, after = facts.agents_file
    if facts.demand.place == AGENTS_FILE and before != after:
        yield "the agent removed its agents file" if before and not after else "the agent changed its agents file"


def _elsewhere(one: Asked, facts: StepFacts) -> int:
    constraint = facts.demand.constraint.strip()
    if not constraint:
        return 0
    return sum(segment.text.count(constraint) for segment in one.segments() if segment.kind in {TOOL, CALL})


def _times(count: int) -> str:
    return {0: "nowhere", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _calls(numbers: Sequence[int], of: int) -> str:
    """Which calls, in a few words."""
    if len(numbers) == of:
        return "every call" if of > 1 else "the only call"
    if len(numbers) == 1:
        return f"call {numbers[0]} of {of}"
    is_run = numbers[-1] - numbers[0] == len(numbers) - 1
    return f"calls {f'{numbers[0]} to {numbers[-1]}' if is_run else ', '.join(map(str, numbers))} of {of}"
