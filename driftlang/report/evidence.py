"""Evidence: what a trial's page shows, packed so that thousands of trials stay one file that can be opened.

In: `TrialDetail`s. Out: a line of base64 a trial: JSON, compressed by zlib, which browsers unpack by themselves
(`DecompressionStream("deflate")`). Base64 has no character that HTML reads as markup, whatever an agent wrote.
Refuses to do: escaping. The page puts texts in by `textContent` alone and never as markup.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from driftlang.cells.forms import Injection
from driftlang.exposure.forms import MessageExposure
from driftlang.report.forms import DiffLine, StepDetail, TrialDetail
from driftlang.score.forms import Hit, Origin

#: Repeated texts are found at any level; this one takes a third of the time of the default.
_LEVEL = 3
#: Hits that a step shows; the rest are counted.
_MOST_HITS = 40
#: What stands in a packed trial; names are those of `script.js`.
_Packed = Mapping[str, object]


def pack(trial: TrialDetail) -> bytes:
    """One trial as a line of base64."""
    text = json.dumps(_trial(trial), ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode("utf-8", "replace"), _LEVEL))


def line_of(packed: bytes, position: int, hit: Hit) -> str:
    """The line of a hit as it stands in the diff, where it is shown there: what a pattern looked at may be masked."""
    for step in json.loads(zlib.decompress(b64decode(packed)))["steps"]:
        if step["position"] == position:
            return _line_in(step["diff"], hit)
    return hit.text


def _line_in(diff: Sequence[Sequence[Any]], hit: Hit) -> str:
    path = ""
    for kind, text, *number in diff:
        if kind == "file":
            path = text.rpartition(" (")[0]
        elif hit.path and path == hit.path and number == [hit.line] and kind != "removed":
            return str(text).strip()
    return hit.text


def _trial(trial: TrialDetail) -> _Packed:
    return {
        "trial": trial.trial,
        "seed": str(trial.seed),  # a number of JavaScript has 53 bits
        "status": trial.status,
        "reason": trial.reason,
        "attempts": trial.attempts,
        "started": trial.started,
        "seconds": round(trial.seconds, 1),
        "steps": [_step(step) for step in trial.steps],
    }


def _step(step: StepDetail) -> _Packed:
    outcome, context = step.outcome, step.exposure.context
    return {
        "position": outcome.position,
        "step": outcome.step,
        "outcome": outcome.outcome.value,
        "why": outcome.reason,
        "recovered": outcome.recovered_at,
        "early": outcome.early_from,
        "done": step.done,
        "rules": dict(outcome.side_rules),
        "hits": [[hit.pattern, hit.path, hit.line, hit.text, _origin(hit.origin)] for hit in outcome.hits[:_MOST_HITS]],
        "more": max(0, len(outcome.hits) - _MOST_HITS),
        "turn": step.turn,
        "targets": step.targets,
        "said": [_said(step, *one) for one in enumerate(step.injections)],
        "diff": [_line(line) for line in step.diff],
        "commands": [[run.command, run.exit] for run in step.commands],
        "tools": [[use.answer, use.tool, use.what] for use in step.tools],
        "reply": step.reply,
        "seconds": round(step.seconds, 1),
        "calls": step.model_calls,
        "tokens": [step.prompt_tokens, step.completion_tokens],
        "context": [context.calls, context.first_edit, context.messages, context.prompt_tokens],
        "violations": step.exposure.integrity.violations,
    }


def _origin(origin: Origin) -> str:
    """What brought the text of a hit, in words; empty where nobody can tell."""
    where = f"step {origin.position}" if origin.position else ""
    if origin.kind == "call":
        by = f"{origin.tool}, answer {origin.answer} of {where}"
        return f"{by}: {origin.command}" if origin.command else by
    words = {"answer": f"the agent's words at {where}", "injection": f"injected before {where}"}
    return words.get(origin.kind, "it stood in the repository from the beginning" if origin.kind == "start" else "")


def _line(line: DiffLine) -> Sequence[str | int]:
    return (line.kind, line.text, line.number) if line.number else (line.kind, line.text)


def _said(step: StepDetail, number: int, injection: tuple[Injection, str]) -> _Packed:
    """A message, where it was put, and whether the model had read it when it acted."""
    one, went = injection
    position = step.outcome.position
    seen = [found for found in step.exposure.messages if (found.position, found.number) == (position, number)]
    return {
        "place": " ".join(filter(None, (one.place, one.path))),
        "message": one.message,
        "severity": one.severity,
        "toward": one.toward,
        "text": one.text,
        "went": went,
        "read": _read(seen),
    }


def _read(seen: Sequence[MessageExposure]) -> str:
    """In words; empty where it was not measured."""
    if not seen:
        return ""
    if not seen[0].is_read_before_edit:
        return "not read before the edit"
    far = f", {seen[0].tokens_back} tokens back" if seen[0].tokens_back >= 0 else ""
    return f"read before the edit{far}"
