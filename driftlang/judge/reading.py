"""Reading what judges said of a run.

In: a run's folder. Out: verdicts.
Refuses to do: asking anybody. A run that nobody judged has no verdicts, which is no error.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from driftlang.judge.combining import judge_verdicts, step_verdicts
from driftlang.judge.forms import StepVerdict, Verdict
from driftlang.judge.store import stored_verdicts


def read_verdicts(run_folder: Path, judges: Collection[str] = ()) -> Iterator[Verdict]:
    """Every vote, by trial, branch, position, judge and number; of these judges alone, where some are named.

    Raises:
        Failure: the votes are damaged, or of another version.
    """
    return (verdict for verdict in stored_verdicts(run_folder) if not judges or verdict.judge in judges)


def read_step_verdicts(run_folder: Path, judges: Collection[str] = ()) -> Iterator[StepVerdict]:
    """What all judges of each step come to together; see `combining.py`."""
    return step_verdicts(read_verdicts(run_folder, judges))


def read_judge_verdicts(run_folder: Path, judges: Collection[str] = ()) -> Iterator[StepVerdict]:
    """What each judge by itself comes to, on each step."""
    return judge_verdicts(read_verdicts(run_folder, judges))
