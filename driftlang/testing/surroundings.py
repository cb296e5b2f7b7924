"""Strategies of what surrounds the work: schedules, sessions, pressures, prompts.

In: the ground of a file. Out: strategies of declarations, as text.
Refuses to do: what would not be valid with the rest of the file. Everything shrinks to its shortest form.
"""

from collections.abc import Sequence

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from driftlang.testing.ground import Ground, block
from driftlang.testing.trades import MESSAGES, QUESTIONS, SENTENCES, WITH_SYMBOLS

SWITCH = st.booleans()


def pressure(value: str, name: str, ground: Ground) -> str:
    """The messages toward a value, of the severities that all pressures have."""
    messages = [
        f'message m{place} severity {severity} "{MESSAGES[value][place]}{ground.flourish}"'
        for place, severity in enumerate(ground.severities)
    ]
    return block(f"pressure {name}", [f"toward {value}", *messages])


def placebo() -> str:
    """Neutral sentences from which every message of `pressure` has a control."""
    said = [f'sentence "{text}"' for text in SENTENCES]
    return block("placebo remarks", [*said, *(f'sentence question "{text}"' for text in QUESTIONS)])


def stretches(steps: int, first: int = 1) -> SearchStrategy[str]:
    """Positions of steps, as an event or a schedule has them."""
    each = [f"step {number}" for number in range(first, steps + 1)]
    if first < steps:
        each += [f"steps {first}..{steps}", f"steps {first}, {steps}", f"every 2 steps from {first}"]
    return st.sampled_from(each)


def _moments(steps: int) -> SearchStrategy[str]:
    return st.sampled_from(["every step", "start"]) | stretches(steps)


def _first_places(ground: Ground) -> list[str]:
    suffix, symbol = ground.language.suffix, ground.language.symbol
    places = [
        "comment top of target",
        "user turn",
        "commit message",
        f'comment top of "desk/*.{suffix}"',
        "comment after /line/ in target",
        f'comment after /line/ in "desk/*.{suffix}"',
        'document "docs/NOTES.md"',
    ]
    if ground.language.name in WITH_SYMBOLS:
        places += [
            f'comment before symbol "{symbol}" in target',
            f'comment before symbol "{symbol}" in "desk/*.{suffix}"',
        ]
    if ground.language.name == "python":
        places += [f'docstring of symbol "{symbol}" in target', f'docstring of symbol "{symbol}" in "desk/*.py"']
    return places


@st.composite
def schedules(draw: DrawFn, ground: Ground, name: str, severity: Sequence[str] = ()) -> str:
    """A schedule; its order of severities is drawn from `severity`, or from those that do not follow the steps."""
    kinds = list(severity) or ["shuffled", *(f"constant {number}" for number in sorted(set(ground.severities)))]
    order = draw(st.sampled_from(kinds))
    place = draw(st.sampled_from(_first_places(ground)))
    others = draw(
        st.lists(st.sampled_from(["comment top of target", 'document "docs/NOTES.md"', "user turn"]), max_size=2)
    )
    chain = " else ".join(dict.fromkeys([place, *others]))
    entries = [f"at {draw(_moments(len(ground.steps)))}", f"severity {order}"]
    entries += [draw(st.sampled_from(["", "draw with replacement", "draw without replacement"]))]
    entries += [draw(st.sampled_from(["", "copies 1", "copies 2"]))]
    entries += [chain + draw(st.sampled_from(["", " else nothing"]))]
    can_go = not {"user turn", "commit message"} & set(chain.split(" else "))
    entries += [draw(st.sampled_from(["", "earlier stay", *(["earlier removed"] if can_go else [])]))]
    return block(f"schedule {name}", entries)


@frozen
class Around:
    """What a session must fit: names of constraints and arms, the place of the constraint.

    Where some cells do not state it, a reminder may have no words of its own.
    """

    constraints: tuple[str, ...]
    arms: tuple[str, ...]
    place: str
    is_always_stated: bool


@st.composite
def sessions(draw: DrawFn, ground: Ground, name: str, around: Around) -> str:
    """A session with at most one event of each kind, none of which the scenario lacks a step, arm or place for."""
    steps, mode = len(ground.steps), draw(st.sampled_from(["continue", "fresh"]))
    reminders = ["verbatim", *(['"Mind the glossary."'] if around.is_always_stated else [])]
    events = []
    if steps > 1 and mode == "continue":
        if around.place not in {"agents_file", "system_prompt"} and draw(SWITCH):
            events.append(f"compact before {draw(stretches(steps, 2))}")
        if draw(SWITCH):
            events.append(f"remind at {draw(stretches(steps, 2))} " + draw(st.sampled_from(reminders)))
        if draw(SWITCH):
            to = draw(st.sampled_from(around.constraints))
            events.append(f"switch constraint at step {draw(st.integers(2, steps))} to {to}")
        if draw(SWITCH):
            into = draw(st.lists(st.sampled_from(around.arms), min_size=1, max_size=2, unique=True))
            events.append(f"fork at step {draw(st.integers(2, steps))} into {', '.join(into)}")
    if draw(SWITCH):
        events.append(f'probe mood at step {draw(st.integers(1, steps))} {{ ask "How is it going?" }}')
    return block(f"session {name}", [f"mode {mode}", *events])


@st.composite
def prompts(draw: DrawFn, name: str, *, has_rules: bool) -> str:
    """A prompt around the constraint, said once or twice."""
    repeats = draw(st.sampled_from([1, 2]))
    parts = ["Modules are small.", "{{ constraint }}", *(["{{ rules }}"] if has_rules else [])]
    parts += ["Names follow the glossary.", *(["Once more: {{ constraint }}"] if repeats == 2 else [])]
    text = " ".join(parts)
    return block(f"prompt {name}", [*(["repeats 2"] if repeats == 2 else []), f'text "{text}"'])
