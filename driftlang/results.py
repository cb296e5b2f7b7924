"""Results of runs as tables: a data frame in a notebook, Parquet or CSV on the disk, one row a step.

In: run folders. Out: a frame of polars or of pandas; files, each with its data dictionary beside it.
Refuses to do: statistics. Rows of one run are not independent: the run is the unit of every estimate.

The columns, with their meanings, are `driftlang.report.tidy_columns.COLUMNS`; each factor that a scenario varies adds a
column `level_FACTOR`, each further rule of its prompt a column `rule_NAME`:

{columns}
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.report.gather import gather
from driftlang.report.tidy import TidyTable, tidy
from driftlang.report.tidy_columns import COLUMNS, LEVEL, RULE, Column, describe
from driftlang.report.write import write_files

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

if __doc__ is not None:
    _SHOWN = (*COLUMNS, LEVEL, RULE)
    __doc__ = __doc__.replace("{columns}", "\n".join(f"- `{one.name}` ({one.kind}): {one.meaning}" for one in _SHOWN))

#: Libraries that can hold a frame, the first that is there being taken.
_LIBRARIES = ("polars", "pandas")


@overload
def load_results(*runs: str | Path, frame: Literal["polars"]) -> "pl.DataFrame": ...
@overload
def load_results(*runs: str | Path, frame: Literal["pandas"]) -> "pd.DataFrame": ...
@overload
def load_results(*runs: str | Path, frame: Literal[""] = "") -> Any: ...  # noqa: ANN401 - of whichever library is there
def load_results(*runs: str | Path, frame: str = "") -> Any:
    """Every step of some runs as a data frame, one row a step; see the module for the columns.

    Args:
        runs: folders that `driftlang run` wrote.
        frame: `polars` or `pandas`; unless said otherwise polars where it is installed, else pandas.

    Raises:
        Failure: a folder is no run, two runs do not go together, or the library is not installed.
    """
    table = tidy(gather([Path(run) for run in runs], with_evidence=True))
    name = frame or next(filter(_is_there, _LIBRARIES), _LIBRARIES[0])
    if name not in _LIBRARIES:
        raise Failure(f"there are no frames of `{name}`", help="choose `polars` or `pandas`", status=ExitStatus.MISUSE)
    if not _is_there(name):
        advice = f"install it, as with `pip install 'driftlang[data]'`, or `pip install {name}`"
        raise Failure(f"`{name}` is not installed", help=advice, status=ExitStatus.MISUSE)
    return _polars(table) if name == "polars" else _pandas(table)


def _is_there(library: str) -> bool:
    from importlib.util import find_spec

    return find_spec(library) is not None


def _polars(table: TidyTable) -> "pl.DataFrame":
    import polars as pl

    kinds = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64, "truth": pl.Boolean}
    return pl.DataFrame(dict(table.data), schema={one.name: kinds[one.kind] for one in table.columns})


def _pandas(table: TidyTable) -> "pd.DataFrame":
    import pandas as pd

    kinds = {"text": "string", "integer": "Int64", "number": "Float64", "truth": "boolean"}
    series = {one.name: pd.Series(table.data[one.name], dtype=kinds[one.kind]) for one in table.columns}
    return pd.DataFrame(series)


def write_parquet(runs: Sequence[Path], place: Path) -> tuple[Path, Path]:
    """Write the steps of some runs as Parquet, and the data dictionary beside it; both paths.

    Raises:
        Failure: as `load_results`; or the place cannot be written.
    """
    from io import BytesIO

    frame = load_results(*runs, frame="polars")
    content = BytesIO()
    frame.write_parquet(content)
    return _write(place, content.getvalue(), _columns_of(frame.columns))


def write_csv(runs: Sequence[Path], place: Path) -> tuple[Path, Path]:
    """The same as CSV (UTF-8, LF, RFC 4180 quoting); what is not known is an empty field, a truth `true` or `false`.

    A text that a spreadsheet would run as a formula gets a leading apostrophe.
    """
    from driftlang.report.tables import write_csv as as_csv

    table = tidy(gather(runs, with_evidence=True))
    rows = [{name: _plain(value) for name, value in row.items()} for row in table.rows]
    return _write(place, as_csv(rows, [one.name for one in table.columns]), table.columns)


def _plain(value: str | float | bool | None) -> str | float:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)  # all of its digits
    return "" if value is None else value


def _columns_of(names: Sequence[str]) -> list[Column]:
    """The columns of a frame, by their names."""
    known = {column.name: column for column in COLUMNS}
    found = []
    for name in names:
        prefixed = next((one for one in (LEVEL, RULE) if name.startswith(one.name)), None)
        if name in known:
            found.append(known[name])
        elif prefixed is not None:
            found.append(Column(name, prefixed.kind, prefixed.meaning.format(name.removeprefix(prefixed.name))))
    return found


def _write(place: Path, content: bytes, columns: Sequence[Column]) -> tuple[Path, Path]:
    dictionary = place.with_name(f"{place.stem}.columns.md")
    write_files(place.parent, {place.name: content, dictionary.name: describe(columns).encode()})
    return place, dictionary
