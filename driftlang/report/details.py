"""Details of a trial: what the page shows of each step, cut to a size.

In: a trial's result, its outcomes and its script. Out: `TrialDetail`.
Refuses to do: keeping contents of files; a step's diff is all that is left of them.
"""

from driftlang.build.plan import PlannedScript
from driftlang.cells.forms import Injection, Turn
from driftlang.estimate.forms import ScoredTrial
from driftlang.observe.forms import StepObservation, ToolUse
from driftlang.report.diffs import cut, show_changes
from driftlang.report.forms import CommandShown, StepDetail, ToolShown, TrialDetail
from driftlang.run.records import StepRecord, TrialResult
from driftlang.score.forms import StepOutcome

_LONGEST_TURN = 4000
_LONGEST_REPLY = 3000
_LONGEST_COMMAND = 600
_MOST_COMMANDS = 20
_MOST_TOOLS = 60


def detail_trial(result: TrialResult, scored: ScoredTrial, script: PlannedScript) -> TrialDetail:
    """What the page shows of a trial."""
    record = result.record
    turns = {turn.position: turn for turn in script.turns}
    records = {step.position: step for step in record.steps}
    seen = {step.position: step for step in result.observation.steps}
    steps = []
    for outcome in scored.steps:
        position = outcome.position
        detail = _unreached(outcome, turns.get(position))
        if position in seen and position in records and position in turns:
            detail = _detail(outcome, turns[position], records[position], seen[position])
        steps.append(detail)
    return TrialDetail(
        trial=scored.trial,
        cell=scored.cell,
        run=scored.run,
        seed=script.seed,
        status=record.status,
        reason=record.reason,
        attempts=record.attempts,
        started=record.started,
        seconds=record.seconds,
        steps=tuple(steps),
    )


def _unreached(outcome: StepOutcome, turn: Turn | None) -> StepDetail:
    return StepDetail(outcome, cut(turn.text, _LONGEST_TURN) if turn else "", turn.targets if turn else ())


def _detail(outcome: StepOutcome, turn: Turn, record: StepRecord, seen: StepObservation) -> StepDetail:
    commands = [CommandShown(cut(run.command, _LONGEST_COMMAND), run.exit) for run in seen.commands[:_MOST_COMMANDS]]
    if len(seen.commands) > _MOST_COMMANDS:
        commands.append(CommandShown(f"… and {len(seen.commands) - _MOST_COMMANDS} more commands", -1))
    return StepDetail(
        outcome=outcome,
        turn=cut(turn.text, _LONGEST_TURN),
        targets=turn.targets,
        injections=_injections(turn, record),
        diff=show_changes(seen.changes),
        commands=tuple(commands),
        reply=cut(seen.reply, _LONGEST_REPLY),
        seconds=record.seconds,
        model_calls=record.model_calls,
        prompt_tokens=record.prompt_tokens,
        completion_tokens=record.completion_tokens,
        exposure=record.exposure,
        earlier=record.earlier,
        done=record.done,
        tools=_tools(seen),
    )


def _tools(seen: StepObservation) -> tuple[ToolShown, ...]:
    shown = [ToolShown(use.answer, use.tool, _given(use)) for use in seen.uses[:_MOST_TOOLS]]
    if len(seen.uses) > _MOST_TOOLS:
        shown.append(ToolShown(0, "", f"\u2026 and {len(seen.uses) - _MOST_TOOLS} more uses of tools"))
    return tuple(shown)


def _given(use: ToolUse) -> str:
    """The command or the files that a tool was given, each but once."""
    return cut(use.command or ", ".join(dict.fromkeys(use.names)), _LONGEST_COMMAND)


def _injections(turn: Turn, record: StepRecord) -> tuple[tuple[Injection, str], ...]:
    """Each injection beside how it went; one that the record does not speak of was not placed."""
    went = [*record.injected, *["not recorded"] * len(turn.injections)]
    return tuple(zip(turn.injections, went, strict=False))
