"""Settings that a user can edit: a shipped TOML file, laid under the user's own.

In: the name of a shipped file, and a file of the user's. Out: tables by name, as the forms that they are read into.
Refuses to do: passing over a key that it does not know; a setting with a typing error would be a setting that is not.
"""

import datetime as dt
import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from driftlang.diagnostics.failure import ExitStatus, Failure

if TYPE_CHECKING:
    from cattrs import Converter

F = TypeVar("F")


def settings_folder() -> Path:
    """Where a user's own files are sought when none is named."""
    from platformdirs import user_config_path

    return user_config_path("driftlang", appauthor=False)


def read_settings(kind: type[F], name: str, own: Path | None, *, is_merged: bool) -> dict[str, F]:
    """Every table of the shipped file `name` and of the user's.

    The user's is laid over the shipped one of the same name key by key (`is_merged`), or takes its place.

    Raises:
        Failure: the user's file is not there although it was named, cannot be read, or holds what has no meaning.
    """
    shipped = tomllib.loads(files("driftlang.gateway").joinpath(name).read_text(encoding="utf-8"), parse_float=Decimal)
    place = own or settings_folder() / name
    given = _load(place) if own is not None or place.is_file() else {}
    tables = shipped | given
    if is_merged:
        tables = {table: _laid_over(shipped.get(table), given.get(table)) for table in tables}
    return {table: _read(kind, content, table, place) for table, content in tables.items()}


def _load(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as trouble:
        message = f"{path} cannot be read: {(trouble.strerror or str(trouble)).lower()}"
        raise Failure(message, help="name a TOML file that can be read", status=ExitStatus.MISUSE) from trouble
    except ValueError as trouble:
        message = f"{path} is no TOML: {str(trouble).lower()}"
        raise Failure(message, help="mend the file", status=ExitStatus.MISUSE) from trouble


def _laid_over(shipped: object, given: object) -> object:
    if isinstance(shipped, dict) and isinstance(given, dict):
        # The user's first, so that of patterns the user's holds.
        return {name: _laid_over(shipped.get(name), given.get(name, shipped.get(name))) for name in given | shipped}
    return shipped if given is None else given


def _read(kind: type[F], table: object, name: str, place: Path) -> F:
    from cattrs import transform_error

    try:
        return _converter().structure(table, kind)
    except Exception as trouble:
        faults = "; ".join(transform_error(trouble, path=name))
        raise Failure(
            f"{place}: {faults}",
            help="see the comments of the shipped file for what a table may hold",
            status=ExitStatus.MISUSE,
        ) from trouble


@cache
def _converter() -> "Converter":
    """What makes forms of tables; made once, since it makes a function for each kind of form."""
    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True)
    for plain in (bool, int, str, dt.date):
        converter.register_structure_hook(plain, _exactly(plain))
    converter.register_structure_hook(Decimal, _as_money)
    return converter


def _exactly(plain: type):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a hook of cattrs, whose type says no more
    def take(value: object, _: type) -> object:
        if type(value) is not plain:
            raise ValueError(f"expected {plain.__name__}, found {value!r}")
        return value

    return take


def _as_money(value: object, _: type) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite() or value < 0:
        raise ValueError(f"expected dollars, found {value!r}")
    return Decimal(value)
