"""Sessions → plain words for the cell card: what happens between turns.

In: a scenario. Out: a line for each event of each of its sessions.
Refuses to do: repeating long texts; the plan holds them.
"""

from collections.abc import Iterator

from driftlang.model.forms import Compact, Event, Fork, Pad, Probe, Remind, Scenario, Session, Stretch, Switch
from driftlang.model.texts import Text

#: Characters of a text that are shown.
_SHOWN = 100


def session_lines(scenario: Scenario) -> list[tuple[str, list[str]]]:
    """Each session of the scenario in which something happens, by name, with what happens in plain words."""
    lines = [(name, list(_lines(scenario.sessions[name]))) for name in sorted(scenario.sessions)]
    return [(name, said) for name, said in lines if said]


def _lines(session: Session) -> Iterator[str]:
    for prefix in session.prefix:
        length = f"{len(prefix.turns)} turn{'' if len(prefix.turns) == 1 else 's'}"
        yield f"Before the first step stands a conversation of {length} that was led elsewhere."
    for event in session.events:
        yield f"{_when(event.at)}, {_what(event)}."


def _when(stretches: tuple[Stretch, ...]) -> str:
    said = [_stretch(stretch) for stretch in stretches]
    return f"Before {' and '.join([*([', '.join(said[:-1])] if said[1:] else []), said[-1]])}"


def _stretch(stretch: Stretch) -> str:
    if stretch.last == 0:
        return f"every {stretch.stride} steps from step {stretch.first} on"
    if stretch.first == stretch.last:
        return f"step {stretch.first}"
    return f"steps {stretch.first} to {stretch.last}"


def _what(event: Event) -> str:
    match event:
        case Fork():
            said = f"history and work tree go on once more in each of the arms {', '.join(event.arms)}"
        case Switch():
            said = f"the constraint `{event.constraint}` takes the place of the first one"
        case Compact():
            said = "the agent's context is compacted"
        case Pad():
            said = f"filler of {event.tokens:,} tokens enters the context"
        case Remind() if event.text:
            said = f'the user says "{_shown(event.text[0])}"'
        case Remind():
            said = "the constraint is said again as it stands in the prompt"
        case Probe():
            said = f'`{event.name}` is asked on a branch that is thrown away: "{_shown(event.ask)}"'
    return said


def _shown(text: Text) -> str:
    whole = "".join(part if isinstance(part, str) else f"{{{{ {part.name} }}}}" for part in text.parts)
    words = " ".join(whole.split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
