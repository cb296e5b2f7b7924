"""The simulated model: one pure function from a request and a playbook to an answer.

In: a request with its whole history, a playbook. Out: `Answer`: a call of one of OpenCode's tools, or the final reply.
Refuses to do: keeping state between requests, drawing from anything but the playbook's dice, and playing through other
tools than `read`, `edit`, `write` and `bash`.
"""

from attrs import frozen

from driftlang.cells.forms import Turn
from driftlang.sim.chat import Answer, ChatError, ChatRequest, SeenTurn
from driftlang.sim.law import Dice, Evidence
from driftlang.sim.playbook import Playbook
from driftlang.sim.player import Choose, NextCall, Reply, Strayed, Work, replay, work
from driftlang.sim.presence import present
from driftlang.sim.reading import working_directory

_TOOLS = frozenset(("read", "edit", "write", "bash"))


def respond(request: ChatRequest, playbook: Playbook) -> Answer:
    """The answer to `request`; equal requests get equal answers.

    Raises:
        ChatError: the request shows no turn of the plan, lacks a tool or the working directory, or holds calls in the
            turn under way that are not the simulated model's own.
    """
    history = _history(request, playbook)
    # A summary is asked for without tools, about a conversation in which turns of the plan are quoted.
    if not request.tools or not history.seen or not history.turns[-1]:
        return _aside(request, playbook)
    _check(request, history.directory)
    number = f"{history.turns[-1][0].position}-{len(history.seen[-1].done)}"
    match history.next_step():
        case NextCall(call):
            return Answer(number, calls=(call,))
        case Reply(text):
            return Answer(number, text=text)
        case Strayed():
            message = "the turn under way holds calls that the simulated model did not make"
            raise ChatError(400, "foreign_history", message)


def _history(request: ChatRequest, playbook: Playbook) -> "_History":
    system = "\n".join(message.text for message in request.messages if message.role == "system")
    seen = request.turns
    turns = playbook.locate([turn.text for turn in seen])
    return _History(request, playbook, working_directory(system), seen, turns)


def _aside(request: ChatRequest, playbook: Playbook) -> Answer:
    """What is asked without tools is no turn: a title, a summary. A probe is one question, and changes nothing."""
    if request.tools and request.turns and request.turns[-1].text.strip() in playbook.probes:
        return Answer("0-1", text="I do what I was asked to do here, step by step.")
    if request.tools:
        raise ChatError(400, "unknown_turn", "the last user message is none of the plan's turns")
    return Answer("0-0", text="Work in this repository")


def _check(request: ChatRequest, directory: str) -> None:
    missing = _TOOLS - request.tools
    if missing:
        needed, offered = ", ".join(sorted(_TOOLS)), ", ".join(sorted(request.tools)) or "none"
        message = f"the simulated model plays through the tools {needed}; offered are {offered}"
        raise ChatError(400, "missing_tools", message)
    if not directory:
        message = "the system prompt names no `Working directory`, so paths cannot be made absolute"
        raise ChatError(400, "missing_directory", message)


@frozen
class _History:
    """A request seen through a playbook; `turns` has for each of the `seen` the plan's turn, or none."""

    request: ChatRequest
    playbook: Playbook
    directory: str
    seen: tuple[SeenTurn, ...]
    turns: tuple[tuple[Turn, ...], ...]

    def next_step(self) -> NextCall | Reply | Strayed:
        """What comes next in the turn under way."""
        last = len(self.seen) - 1
        return replay(self._work(last, lambda end: self._choose(last, end)), self.seen[last].done)

    def _work(self, index: int, choose: Choose) -> Work:
        (turn,) = self.turns[index]
        solutions = self.playbook.solutions.get(turn.step, {})
        return work(turn, solutions, self.directory, self.seen[index].end, choose)

    def _choose(self, index: int, end: int) -> str:
        """The value that turn `index` serves, by what the first `end` messages show."""
        playbook = self.playbook
        (turn,) = self.turns[index]
        shown = len({turn.position for located in self.turns[: index + 1] for turn in located})
        is_switched = playbook.is_switched(turn.position)
        evidence = self._evidence(end, is_switched=is_switched)
        probability = playbook.law.probability(evidence, shown, playbook.side(turn.position))
        dice = Dice(playbook.seed, playbook.model, turn.step)
        breaks = playbook.law.breaks(probability, self._former_choice(index, turn.position), dice)
        return playbook.against if breaks != is_switched else playbook.favors

    def _evidence(self, end: int, *, is_switched: bool) -> Evidence:
        pressure = self.playbook.pressure
        found = present({message.text for message in pressure}, self.request.messages[:end])
        shown = [message for message in pressure if message.text in found]
        opposing = [message.severity for message in shown if message.opposes != is_switched]
        supporting = [message.severity for message in shown if message.opposes == is_switched]
        return Evidence(len(opposing), max(opposing, default=0), len(supporting), max(supporting, default=0))

    def _former_choice(self, index: int, position: int) -> tuple[bool, ...]:
        """Whether the last turn before `index` whose choice can be told did what would break now; none without one.

        A turn served a value when its calls are those that serving this value makes, and serving the other does not.
        """
        for former in reversed(range(index)):
            if self.turns[former]:
                served = [value for value in self._values if self._could_serve(former, value)]
                if len(served) == 1:
                    return (served[0] == self.playbook.against_at(position),)
        return ()

    @property
    def _values(self) -> tuple[str, str]:
        return self.playbook.favors, self.playbook.against

    def _could_serve(self, index: int, value: str) -> bool:
        return not isinstance(replay(self._work(index, lambda _: value), self.seen[index].done), Strayed)
