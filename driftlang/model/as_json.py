"""Forms → JSON: any attrs form of the pipeline as plain data.

In: a form, and the source files that its spans speak of. Out: objects, lists, texts and numbers for `json.dumps`.
Refuses to do: knowing any form. A form is an object with its fields by name and the name of its class as `form`; a span
is its file with line and column of start and end, counted from 1, the end exclusive; bytes are text where they are
UTF-8, and otherwise `{"base64": ...}`.

A form that stands in several places, as a repository does that two scenarios share, is written once, where it is
nearest to the top; elsewhere it is `{"ref": POINTER}` with a JSON pointer (RFC 6901) to that place.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from attrs import fields, has

from driftlang.record import frozen
from driftlang.source import Sources, Span

#: The key of a form's own name; no form has a field that is called so.
TAG = "form"

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def to_json(form: object, sources: Sources) -> Json:
    """The form as plain data.

    Raises:
        TypeError: it holds what no form holds.
    """
    return _Writer(sources, _homes(form)).write(form, "")


def _homes(form: object) -> Mapping[int, str]:
    """The pointer of the place where each form is written, by its id: the first of those nearest to the top."""
    homes: dict[int, str] = {}
    row: list[tuple[str, object]] = [("", form)]
    while row:
        below: list[tuple[str, object]] = []
        for pointer, value in row:
            if _is_form(value):
                if id(value) in homes:
                    continue
                homes[id(value)] = pointer
            below.extend((f"{pointer}/{step}", inner) for step, inner in _parts(value))
        row = below
    return homes


def _is_form(value: object) -> bool:
    return has(type(value)) and not isinstance(value, Span)


def _parts(value: object) -> Iterator[tuple[str, object]]:
    """What a value holds, by the step of a pointer."""
    if _is_form(value):
        yield from ((field.name, getattr(value, field.name)) for field in fields(type(value)))  # type: ignore[arg-type]  # `_is_form` says so
    elif isinstance(value, Mapping):
        yield from ((_escaped(str(key)), inner) for key, inner in value.items())
    elif isinstance(value, tuple | list):
        yield from ((str(place), inner) for place, inner in enumerate(value))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


@frozen
class _Writer:
    """One form on its way to JSON."""

    sources: Sources
    homes: Mapping[int, str]

    def write(self, value: object, pointer: str) -> Json:
        """The value that stands at the pointer."""
        if isinstance(value, Span):
            return self._place(value)
        if _is_form(value):
            return self._form(value, pointer)
        if isinstance(value, Mapping):
            return {str(key): self.write(value[key], f"{pointer}/{_escaped(str(key))}") for key in sorted(value)}
        if isinstance(value, tuple | list):
            return [self.write(inner, f"{pointer}/{place}") for place, inner in enumerate(value)]
        return _scalar(value)

    def _form(self, value: object, pointer: str) -> Json:
        home = self.homes[id(value)]
        if home != pointer:
            return {"ref": f"#{home}"}
        written: dict[str, Json] = {TAG: type(value).__name__}
        written |= {step: self.write(inner, f"{pointer}/{step}") for step, inner in _parts(value)}
        return written

    def _place(self, span: Span) -> Json:
        source = self.sources[span.file]
        (line, column), (end_line, end_column) = source.position(span.start), source.position(span.end)
        return {
            "file": source.path,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
        }


def _scalar(value: object) -> Json:
    match value:
        case None | str() | bool() | int() | float():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case frozenset():
            return [str(each) for each in sorted(value)]
        case bytes():
            return _content(value)
    message = f"no form holds a {type(value).__name__}"
    raise TypeError(message)


def _content(content: bytes) -> Json:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(content).decode("ascii")}
