"""What trials are expected to take, by what their scripts say.

In: a plan's cell and script. Out: `Expected`: turns, compactions, probes, model calls and tokens.
Refuses to do: passing assumptions off as measurements: the constants below are assumptions about models and agents,
which take the place of what a run has not measured yet.

How tokens are counted: OpenCode sends the whole history with every call. So a call's prompt is the harness's own text
(its prompt and tools), the instructions, the messages so far, and what each call before it has added. A session that is
fresh begins anew at each turn; a branch goes on from the history at its fork, and so does a probe, which leaves nothing
behind; a compaction sends the history once, and puts a summary in its place.
"""

from collections.abc import Iterable

from attrs import define, evolve, field, frozen

from driftlang.build.plan import Plan, PlannedCell
from driftlang.cells.events import CompactEvent, PadEvent, ProbeEvent, RemindEvent, TurnEvent
from driftlang.cells.forms import Turn
from driftlang.run.selection import Job

#: Tokens of the prompt and the tools that OpenCode 1.18 sends with every call, measured, by harness.
_BASE_TOKENS = {"native": 6100, "neutral": 3900}
#: Model calls in a turn: one reads, one writes, one reports. Measured: 2 to 4.
_TURN_CALLS = 3
#: Tokens that a call adds to the history (what it says and what its tool answers), and those of them that it writes.
_CALL_TOKENS = 700
_WRITTEN_TOKENS = 250
#: Tokens of a summary that takes a history's place.
_SUMMARY_TOKENS = 1200
#: Bytes of English or code for a token.
_TOKEN_BYTES = 4


@frozen
class Tokens:
    """Tokens of model calls.

    Attributes:
        prompt: sent, all calls together.
        repeated: those of them that a call before had sent already, which a provider may read from its cache.
        completion: written.
    """

    prompt: int = 0
    repeated: int = 0
    completion: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.prompt + other.prompt, self.repeated + other.repeated, self.completion + other.completion)


@frozen
class Expected:
    """What trials are expected to take.

    Attributes:
        turns: of all lines, branches included.
        branch_turns: those of branches.
        compactions, probes: calls beside the turns.
        calls: of the model, for all of these.
    """

    turns: int = 0
    branch_turns: int = 0
    compactions: int = 0
    probes: int = 0
    calls: int = 0
    tokens: Tokens = field(factory=Tokens)

    def __add__(self, other: "Expected") -> "Expected":
        return Expected(
            self.turns + other.turns,
            self.branch_turns + other.branch_turns,
            self.compactions + other.compactions,
            self.probes + other.probes,
            self.calls + other.calls,
            self.tokens + other.tokens,
        )


def expect(plan: Plan, jobs: Iterable[Job]) -> Expected:
    """What these trials are expected to take together."""
    return sum((_expect_trial(plan, job) for job in jobs), Expected())


def _expect_trial(plan: Plan, job: Job) -> Expected:
    base = _BASE_TOKENS[plan.harness_of(job.cell)] + _tokens_of(job.cell.instructions)
    start = base + sum(_tokens_of(turn.text) for turn in job.cell.prefix)
    line = _Line(job.cell, base, start, start)
    forks: dict[int, _Line] = {}
    whole = Expected()
    for turn in job.script.turns:
        line.begin(turn)
        forks[turn.position] = evolve(line)
        whole += line.follow(turn)
    for branch in job.script.branches:
        line = forks[branch.position]
        for turn in branch.turns:
            line.begin(turn)
            whole += evolve(line.follow(turn), branch_turns=1)
    return whole


@define
class _Line:
    """A session as it grows: the tokens of its history, and those of them that its last call has sent.

    `base` is what stands above every history, `start` the history that a session begins with.
    """

    cell: PlannedCell
    base: int
    start: int
    history: int
    sent: int = 0

    def begin(self, turn: Turn) -> None:
        """A new session begins where the cell says so."""
        if self.cell.session == "fresh" and turn.position > 1:
            self.history = self.start

    def follow(self, turn: Turn) -> Expected:
        """What happens before a turn, and the turn."""
        whole = Expected(turns=1)
        for event in turn.events:
            whole += self._happen(event)
        self.history += _tokens_of(turn.text)
        for _ in range(_TURN_CALLS):
            whole += self.call(_WRITTEN_TOKENS)
            self.history += _CALL_TOKENS
        return whole

    def _happen(self, event: TurnEvent) -> Expected:
        if isinstance(event, CompactEvent) and self.history > self.base:
            whole = evolve(self.call(_SUMMARY_TOKENS), compactions=1)
            self.history, self.sent = self.base + _SUMMARY_TOKENS, self.base
            return whole
        if isinstance(event, ProbeEvent):
            asked = evolve(self, history=self.history + _tokens_of(event.text))
            return evolve(asked.call(_WRITTEN_TOKENS), probes=1)
        if isinstance(event, PadEvent):
            self.history += event.tokens
        elif isinstance(event, RemindEvent):
            self.history += _tokens_of(event.text)
        return Expected()

    def call(self, written: int) -> Expected:
        """One call of the model with the history as it is, whose answer has so many tokens."""
        tokens = Tokens(self.history, min(self.sent, self.history), written)
        self.sent = self.history
        return Expected(calls=1, tokens=tokens)


def _tokens_of(text: str) -> int:
    return len(text.encode()) // _TOKEN_BYTES
