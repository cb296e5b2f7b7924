"""Labels as CSV: one row a label, to be read elsewhere and back.

In: labels, or a file of them. Out: text, or labels.
Refuses to do: guessing. A column that is missing, a word that is no label and a step that the run does not have are
each a `Failure` that names the line.
"""

import csv
import io
from collections.abc import Collection, Iterable
from pathlib import Path

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.judge.forms import StepKey
from driftlang.judge.labelling.forms import Label, Labelled

_COLUMNS = ("trial", "branch", "position", "labeller", "label", "note", "at")
_NEEDED = ("trial", "position", "labeller", "label")


def labels_csv(labels: Iterable[Labelled]) -> str:
    """The labels as CSV, sorted by labeller and step."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in sorted(labels, key=lambda one: (one.labeller, one.place.trial, one.place.branch, one.place.position)):
        place = one.place
        writer.writerow(
            (place.trial, place.branch, place.position, one.labeller, one.label.value, one.note, f"{one.at:.3f}")
        )
    return text.getvalue()


def read_labels_csv(path: Path, known: Collection[StepKey]) -> tuple[Labelled, ...]:
    """The labels of a file, all on `known` steps.

    Raises:
        Failure: it is no such file, or a row of it cannot be taken as it stands.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as trouble:
        raise _refusal(f"`{path}` cannot be read as UTF-8 text") from trouble
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise _refusal(f"`{path}` has no column `{missing[0]}`")
    return tuple(_labelled(row, f"{path}:{rows.line_num}", known) for row in rows)


def _labelled(row: dict[str, str | None], where: str, known: Collection[StepKey]) -> Labelled:
    position, labeller, word = row["position"] or "", (row["labeller"] or "").strip(), (row["label"] or "").strip()
    place = StepKey(row["trial"] or "", row.get("branch") or "", int(position) if position.isdecimal() else 0)
    if place not in known:
        raise _refusal(f"{where}: the run has no scored step {position or '?'} of a trial `{place.trial}`")
    if word not in {label.value for label in Label}:
        raise _refusal(f"{where}: `{word}` is no label")
    if not labeller:
        raise _refusal(f"{where}: nobody is named as labeller")
    try:
        at = float(row.get("at") or 0.0)
    except ValueError as trouble:
        raise _refusal(f"{where}: `{row.get('at')}` is no time in seconds") from trouble
    return Labelled(place, labeller, Label(word), row.get("note") or "", at)


def _refusal(message: str) -> Failure:
    words = ", ".join(label.value for label in Label)
    return Failure(
        message,
        help=f"give a CSV with the columns {', '.join(_COLUMNS)}; labels are {words}",
        status=ExitStatus.MISUSE,
    )
