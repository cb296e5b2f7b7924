"""Published rates, read from a CSV file.

In: a file with the columns of `COLUMNS`, one row a condition and step. Out: `PublishedCell`s in the file's order.
Refuses to do: guessing. A missing column, a number that is none, a rate that is not its count out of its runs, a step
that stands twice: each is a `Failure` that names line and column.
"""

import csv
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import NoReturn

from attrs import frozen

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.published import PRESSED, UNPRESSED, PublishedCell, PublishedStep

#: The columns that are read; others may stand beside them.
COLUMNS = (
    "pair",
    "constraint_favors",
    "arm",
    "model",
    "scorer",
    "step",
    "violations",
    "scored_runs",
    "n_is",
    "rate",
)
_ASSUMED, _RECOVERED = "assumed", "recovered"
#: Rates are stated with two digits, and read from a figure: half of the last digit, and a hair.
_TOLERANCE = 0.0051
_MOST_BYTES = 20_000_000
_LARGEST = 10_000_000


@frozen
class _Line:
    """A row with where it stands; `refuse` says what is wrong in a column of it."""

    path: Path
    number: int
    fields: Mapping[str, str]

    def refuse(self, column: str, what: str) -> NoReturn:
        """End with a failure that names the place."""
        raise _damage(f"{self.path}, line {self.number}, column `{column}`: {what}", _HELP[column])

    def text(self, column: str) -> str:
        """What stands in a column, which must not be empty."""
        found = self.fields[column].strip()
        if not found:
            self.refuse(column, "it is empty")
        return found

    def whole(self, column: str, least: int) -> int:
        """A whole number of at least `least`."""
        text = self.text(column)
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST))):
            self.refuse(column, f"expected a whole number, found `{text[:40]}`")
        if int(text) < least:
            self.refuse(column, f"expected at least {least}, found {text}")
        return int(text)


_HELP = {
    "pair": "write the two values as `first/second`",
    "constraint_favors": "write one of the two values of the pair",
    "arm": f"write `{PRESSED}` or `{UNPRESSED}`",
    "model": "write the name under which the model was published",
    "scorer": "write how steps were scored, such as `pattern`",
    "step": "write the number of the step, from 1; each stands once in a condition",
    "violations": "write how many runs broke the constraint at the step, at most `scored_runs`",
    "scored_runs": "write how many runs were scored at the step",
    "n_is": f"write `{_RECOVERED}` where the number of runs follows from the published fraction, else `{_ASSUMED}`",
    "rate": "write the published share of the runs, `violations` out of `scored_runs`",
}
#: What tells one condition from another.
_Place = tuple[str, str, str, str, str]


def read_published(path: Path) -> tuple[PublishedCell, ...]:
    """The cells of a file, in the order in which they first come.

    Raises:
        Failure: there is no such file, or something in it is not as it must be; status MISUSE.
    """
    cells: dict[_Place, dict[int, PublishedStep]] = {}
    for line in _lines(path):
        place, step = _place(line), _step(line)
        if step.step in cells.setdefault(place, {}):
            line.refuse("step", f"step {step.step} of {', '.join(place)} stands twice")
        cells[place][step.step] = step
    return tuple(_cell(path, place, steps) for place, steps in cells.items())


def _lines(path: Path) -> list[_Line]:
    reader = csv.reader(StringIO(_read(path), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        for column in COLUMNS:
            if header.count(column) != 1:
                found = "is missing" if column not in header else "stands twice"
                raise _damage(
                    f"{path}, line 1: the column `{column}` {found}", f"name the columns {', '.join(COLUMNS)}"
                )
        lines = []
        for values in reader:
            if len(values) != len(header) and values:
                what = f"expected {len(header)} fields, found {len(values)}"
                raise _damage(f"{path}, line {reader.line_num}: {what}", "give each row a field for every column")
            if values:
                lines.append(_Line(path, reader.line_num, dict(zip(header, values, strict=True))))
    except csv.Error as trouble:
        raise _damage(
            f"{path}, line {reader.line_num}: it is not CSV: {trouble}", "quote fields as RFC 4180 says"
        ) from None
    if not lines:
        raise _damage(f"{path} holds no row", "give one row a condition and step")
    return lines


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()[: _MOST_BYTES + 1]
    except OSError as trouble:
        raise _damage(
            f"`{path}` cannot be read: {(trouble.strerror or str(trouble)).lower()}", "give a CSV file"
        ) from None
    if len(content) > _MOST_BYTES:
        raise _damage(f"`{path}` is larger than {_MOST_BYTES // 1_000_000} MB", "give a table of published rates")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        line = content[: trouble.start].count(b"\n") + 1
        raise _damage(f"{path}, line {line}: it is not UTF-8", "save it as UTF-8") from None


def _place(line: _Line) -> _Place:
    values = line.text("pair").split("/")
    if len(values) != 2 or not all(values) or values[0] == values[1]:
        line.refuse("pair", f"expected two values as `first/second`, found `{line.text('pair')[:80]}`")
    favors, arm = line.text("constraint_favors"), line.text("arm")
    if favors not in values:
        line.refuse("constraint_favors", f"`{favors[:40]}` is no value of the pair `{line.text('pair')[:80]}`")
    if arm not in {PRESSED, UNPRESSED}:
        line.refuse("arm", f"expected `{PRESSED}` or `{UNPRESSED}`, found `{arm[:40]}`")
    return line.text("pair"), favors, arm, line.text("model"), line.text("scorer")


def _step(line: _Line) -> PublishedStep:
    step, violations, runs = line.whole("step", 1), line.whole("violations", 0), line.whole("scored_runs", 1)
    if violations > runs:
        line.refuse("violations", f"{violations} of {runs} runs is more than all")
    basis, stated = line.text("n_is"), line.text("rate")
    if basis not in {_ASSUMED, _RECOVERED}:
        line.refuse("n_is", f"expected `{_ASSUMED}` or `{_RECOVERED}`, found `{basis[:40]}`")
    try:
        rate = float(stated)
    except ValueError:
        line.refuse("rate", f"expected a number, found `{stated[:40]}`")
    if not abs(rate - violations / runs) <= _TOLERANCE:
        line.refuse("rate", f"{stated[:40]} is not {violations} of {runs}, which is {violations / runs:.2f}")
    return PublishedStep(step, violations, runs, basis == _RECOVERED)


def _cell(path: Path, place: _Place, steps: Mapping[int, PublishedStep]) -> PublishedCell:
    pair, favors, arm, model, scorer = place
    if sorted(steps) != list(range(1, len(steps) + 1)):
        lacking = next(step for step in range(1, len(steps) + 1) if step not in steps)
        raise _damage(f"{path}: {', '.join(place)} has no step {lacking}", "give every step from 1 on a row")
    first, second = pair.split("/")
    against = second if favors == first else first
    return PublishedCell(pair, favors, against, arm, model, scorer, tuple(steps[step] for step in sorted(steps)))


def _damage(message: str, advice: str) -> Failure:
    return Failure(message, help=advice, status=ExitStatus.MISUSE)
