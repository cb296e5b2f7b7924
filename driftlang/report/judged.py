"""What judges and people said of the steps of runs.

In: run folders and what was gathered of them. Out: `Judged`.
Refuses to do: asking anybody, and mixing: votes change no outcome. A run that nobody judged or labelled has none.
"""

import json
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from driftlang.estimate.calibration import Calibration
from driftlang.estimate.forms import CellKey
from driftlang.judge.combining import step_verdicts
from driftlang.judge.forms import BROKEN, Intent, StepVerdict, Verdict
from driftlang.judge.labelling.store import LabelStore
from driftlang.judge.reading import read_verdicts
from driftlang.report.calibrating import calibrate_run
from driftlang.report.forms import Gathered
from driftlang.report.gather import gather
from driftlang.score.forms import Outcome


@frozen
class JudgedCell:
    """What judges came to together in one cell.

    Attributes:
        judged: steps of which they came to a label.
        broken: those that they call broken; alike: those of all that patterns call alike.
        intents: how the steps that patterns call broken stand to the constraint, by intent.
        undecided: steps that were judged and have no label: ties, abstentions, votes that count for nothing.
    """

    cell: CellKey
    judged: int
    broken: int
    alike: int
    intents: Mapping[Intent, int]
    undecided: int


@frozen
class Judged:
    """All that was said.

    Attributes:
        judges: who judged.
        cells: those in which a step was judged.
        votes: by trial, on its own line.
        calibrations: of runs in which people labelled steps, by the run's folder.
    """

    judges: tuple[str, ...] = ()
    cells: tuple[JudgedCell, ...] = ()
    votes: Mapping[str, Sequence[Verdict]] = field(factory=dict)
    calibrations: tuple[tuple[str, Calibration], ...] = ()


def read_judged(runs: Sequence[Path], gathered: Gathered) -> Judged:
    """What was said of the steps of `gathered`, which was read from `runs`.

    Raises:
        Failure: votes or labels are damaged.
    """
    votes = [vote for run in runs for vote in read_verdicts(run) if not vote.branch]
    by_trial: dict[str, list[Verdict]] = {}
    for vote in votes:
        by_trial.setdefault(vote.trial, []).append(vote)
    return Judged(
        tuple(sorted({vote.judge for vote in votes})),
        tuple(_cells(step_verdicts(votes), gathered)) if votes else (),
        by_trial,
        tuple(_calibrated(runs, gathered)),
    )


def _calibrated(runs: Sequence[Path], gathered: Gathered) -> Iterable[tuple[str, Calibration]]:
    for run in runs:
        if LabelStore(run).sample() is not None:
            own = gathered if len(runs) == 1 else gather([run], with_evidence=False)
            yield run.resolve().name, calibrate_run(run, own)


def _cells(verdicts: Iterable[StepVerdict], gathered: Gathered) -> Iterable[JudgedCell]:
    outcomes = {
        (trial.trial, step.position): (trial.cell, step.outcome) for trial in gathered.trials for step in trial.steps
    }
    found: dict[CellKey, list[tuple[StepVerdict, Outcome]]] = {trial.cell: [] for trial in gathered.trials}
    for verdict in verdicts:
        place = outcomes.get((verdict.trial, verdict.position))
        if place is not None and place[1] is not Outcome.ERROR:
            found[place[0]].append((verdict, place[1]))
    return (_cell(cell, said) for cell, said in found.items() if said)


def _cell(cell: CellKey, said: Sequence[tuple[StepVerdict, Outcome]]) -> JudgedCell:
    labelled = [(verdict, outcome) for verdict, outcome in said if verdict.label]
    counts = Counter(verdict.intent for verdict, outcome in labelled if outcome is Outcome.BROKEN)
    return JudgedCell(
        cell=cell,
        judged=len(labelled),
        broken=sum(verdict.label == BROKEN for verdict, _ in labelled),
        alike=sum((verdict.label == BROKEN) is (outcome is Outcome.BROKEN) for verdict, outcome in labelled),
        intents={intent: counts[intent] for intent in Intent},
        undecided=len(said) - len(labelled),
    )


def vote_lines(gathered: Gathered, judged: Judged) -> str:
    """A line a trial for the page, empty where nobody judged it: packed as evidence is."""
    if not judged.votes:
        return ""
    return "\n".join(_packed(judged.votes.get(trial.trial, ())) for trial in gathered.trials)


def _packed(votes: Sequence[Verdict]) -> str:
    if not votes:
        return ""
    text = json.dumps([_vote(vote) for vote in votes], ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode("utf-8", "replace"))).decode("ascii")


def _vote(vote: Verdict) -> Mapping[str, object]:
    """Names are those of `script.js`."""
    return {
        "position": vote.position,
        "judge": vote.judge,
        "vote": vote.vote,
        "label": vote.label or ("abstained" if vote.abstained else "rejected"),
        "intent": vote.intent.value if vote.intent else "",
        "confidence": vote.confidence,
        "evidence": vote.evidence,
        "said": vote.rejected or vote.reason,
    }
