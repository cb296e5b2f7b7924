"""Parts of trials: all that a report writes of each trial, made once and kept with the run.

In: what was gathered, with evidence. Out: `TrialPart`s, one a trial.
Refuses to do: reading a trial twice. What the page and the tables need of it is made in one pass, as reading its steps
from the journal takes longer than all else; see `kept_details`.
"""

import json
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from attrs import astuple, frozen

from driftlang.report.evidence import pack
from driftlang.report.exposures import (
    CONTEXT_COLUMNS,
    MESSAGE_COLUMNS,
    SeenTrial,
    context_rows,
    message_rows,
    see_trial,
)
from driftlang.report.forms import Gathered, TrialDetail
from driftlang.report.kept_details import made_of_details
from driftlang.report.tables import outcome_columns, rules_of, trial_rows, write_lines

#: The versions of what is kept; raised with what is made here and in `evidence`.
_KIND, _MESSAGES = "parts 4", "messages 1"


@frozen
class TrialPart:
    """What a report writes of one trial.

    Attributes:
        evidence: see `evidence.pack`.
        seen: what was measured of it.
        outcomes, context: its lines of the tables.
    """

    evidence: bytes
    seen: SeenTrial
    outcomes: bytes
    context: bytes


def trial_parts(gathered: Gathered) -> tuple[TrialPart, ...]:
    """The parts of each trial, in the order of `gathered.trials`; none where no evidence was asked for."""
    if not gathered.details:
        return ()
    rules = rules_of(gathered)
    kind = f"{_KIND} {json.dumps(rules)}" if rules else _KIND
    return tuple(map(_load, made_of_details(gathered, kind, _dump(rules))))


def message_lines(gathered: Gathered) -> tuple[bytes, ...]:
    """The lines of `exposure.csv` of each trial: by far the longest table, so it is made when it is asked for."""

    def dump(trial: TrialDetail) -> bytes:
        return write_lines(message_rows(trial), MESSAGE_COLUMNS)

    return made_of_details(gathered, _MESSAGES, dump)


def _dump(rules: Sequence[str]) -> Callable[[TrialDetail], bytes]:
    """Makes one content of all parts: their sizes on a line, then one behind the other, so that none is decoded."""

    def dump(trial: TrialDetail) -> bytes:
        parts = (
            pack(trial),
            json.dumps(astuple(see_trial(trial)), separators=(",", ":")).encode(),
            write_lines(trial_rows(trial, rules), outcome_columns(rules)),
            write_lines(context_rows(trial), CONTEXT_COLUMNS),
        )
        return b"%s\n%s" % (b" ".join(b"%d" % len(part) for part in parts), b"".join(parts))

    return dump


def _load(content: bytes) -> TrialPart:
    sizes, _, rest = content.partition(b"\n")
    ends = list(accumulate(map(int, sizes.split())))
    evidence, seen, *tables = (rest[start:end] for start, end in pairwise((0, *ends)))
    return TrialPart(evidence, SeenTrial(*json.loads(seen)), *tables)
