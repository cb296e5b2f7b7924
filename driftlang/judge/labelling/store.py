"""Keeping labels: one line of JSON for each thing said, written at once.

In: a run's folder. Out: the sample, and the labels that stand, by labeller.
Refuses to do: losing what was said. A file is only ever added to, each line is on the disk before the page is told, and
what a killed process left half is passed over. A label that was taken back or replaced stays in the file.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from driftlang.diagnostics.failure import Failure
from driftlang.judge.forms import StepKey
from driftlang.judge.labelling.forms import Label, Labelled, Sample

#: Where a run keeps what people said of it.
LABELS_FOLDER = "labels"
_LABELS_FILE, _SAMPLE_FILE = "labels.jsonl", "sample.json"


class LabelStore:
    """The labels of one run."""

    def __init__(self, run_folder: Path) -> None:
        self._folder = run_folder / LABELS_FOLDER

    def sample(self) -> Sample | None:
        """The sample that was drawn for the run, if any."""
        path = self._folder / _SAMPLE_FILE
        if not path.exists():
            return None
        try:
            return _sample_from(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, LookupError, TypeError) as trouble:
            raise Failure(
                f"`{path}` is damaged", help="draw the sample again with `driftlang judge label --sample N`"
            ) from trouble

    def keep_sample(self, sample: Sample) -> None:
        """Write the sample, all of it or nothing."""
        self._folder.mkdir(parents=True, exist_ok=True)
        scratch = self._folder / f".{_SAMPLE_FILE}.{os.getpid()}"
        scratch.write_text(json.dumps(_sample_to(sample), sort_keys=True) + "\n", encoding="utf-8")
        scratch.replace(self._folder / _SAMPLE_FILE)

    def labelled(self) -> tuple[Labelled, ...]:
        """The labels that stand, in the order in which they were first given."""
        standing: dict[tuple[str, StepKey], Labelled] = {}
        for record in self._records():
            place = StepKey(str(record["trial"]), str(record["branch"]), _number(record["position"]))
            labeller = str(record["labeller"])
            if record["label"] == "":
                standing.pop((labeller, place), None)
                continue
            label, note, at = Label(record["label"]), str(record["note"]), _seconds(record["at"])
            standing[labeller, place] = Labelled(place, labeller, label, note, at)
        return tuple(standing.values())

    def by_labeller(self, labeller: str) -> Mapping[StepKey, Labelled]:
        """The labels of one person, by step."""
        return {one.place: one for one in self.labelled() if one.labeller == labeller}

    def add(self, labels: Iterable[Labelled]) -> None:
        """Write labels; of two on one step by one person the later one stands."""
        self._append(_record(one.place, one.labeller, one.label.value, one.note, one.at) for one in labels)

    def take_back(self, place: StepKey, labeller: str) -> None:
        """Take a label back."""
        self._append([_record(place, labeller, "", "", time.time())])

    def _append(self, records: Iterable[Mapping[str, object]]) -> None:
        text = "".join(json.dumps(record, sort_keys=True) + "\n" for record in records)
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / _LABELS_FILE).open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two people may label one run at a time
            if file.tell() and not _ends_whole(file.fileno()):
                text = "\n" + text
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())

    def _records(self) -> Iterator[Mapping[str, object]]:
        path = self._folder / _LABELS_FILE
        if not path.exists():
            return
        for line in path.read_bytes().split(b"\n"):
            try:
                record = json.loads(line)
            except ValueError:
                continue  # half a line, of a process that was killed
            if isinstance(record, dict) and record.keys() >= _FIELDS and record["label"] in _WORDS:
                yield record


_FIELDS = {"trial", "branch", "position", "labeller", "label", "note", "at"}
_WORDS = {"", *(label.value for label in Label)}


def _record(place: StepKey, labeller: str, label: str, note: str, at: float) -> Mapping[str, object]:
    return {
        "trial": place.trial,
        "branch": place.branch,
        "position": place.position,
        "labeller": labeller,
        "label": label,
        "note": note,
        "at": round(at, 3),
    }


def _ends_whole(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, 1, size - 1) == b"\n"


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _sample_to(sample: Sample) -> Mapping[str, object]:
    """Steps as rows, each naming its stratum by number, and the sample as numbers of rows."""
    names = sorted(set(sample.strata.values()))
    numbers = {name: number for number, name in enumerate(names)}
    places = sorted(sample.strata, key=lambda place: (place.trial, place.branch, place.position))
    rows = {place: row for row, place in enumerate(places)}
    steps = [[place.trial, place.branch, place.position, numbers[sample.strata[place]]] for place in places]
    drawn = [rows[place] for place in sample.drawn]
    return {"seed": sample.seed, "detail": sample.detail, "strata": names, "steps": steps, "drawn": drawn}


def _sample_from(content: Mapping[str, object]) -> Sample:
    names, steps, drawn = content["strata"], content["steps"], content["drawn"]
    if not (isinstance(names, list) and isinstance(steps, list) and isinstance(drawn, list)):
        raise TypeError
    places = [StepKey(str(trial), str(branch), int(position)) for trial, branch, position, _ in steps]
    strata = {place: str(names[row[3]]) for place, row in zip(places, steps, strict=True)}
    return Sample(_number(content["seed"]), strata, tuple(places[row] for row in drawn), str(content.get("detail", "")))
