"""The model's forms → JSON Schema of what `driftlang show model` prints.

In: the attrs forms, read through their annotations. Out: a schema (draft 2020-12); `python -m driftlang.model.schema`
writes it to `grammar/model.schema.json`.
Refuses to do: a table of its own. A new form or field is in the schema as soon as a form that is reached names it.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

from attrs import fields, has

from driftlang import LANGUAGE_VERSION
from driftlang.model.as_json import TAG, Json
from driftlang.model.forms import Model
from driftlang.source import Span

#: Where the published schema stands, in a source checkout.
SCHEMA_FILE = Path(__file__).parents[2] / "grammar" / "model.schema.json"
#: Names of definitions that are no forms.
_PLACE, _REFERENCE, _CONTENT = "place", "reference", "content"


def _pointer(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


#: What annotations that hold no form allow.
_SCALARS: Mapping[object, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    date: {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    bytes: _pointer(_CONTENT),
    Span: _pointer(_PLACE),
}


def model_schema() -> dict[str, Json]:
    """The schema of a model as JSON."""
    forms = list(_reached(Model))
    definitions: dict[str, Json] = {form.__name__: _definition(form) for form in forms}
    definitions |= {_PLACE: _place(), _REFERENCE: _reference(), _CONTENT: _content()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A model of the driftlang language, version {LANGUAGE_VERSION}",
        "description": "What `driftlang show model` prints. `form` is the name of an object's class in the compiler.",
        "$ref": f"#/$defs/{Model.__name__}",
        "$defs": dict(sorted(definitions.items())),
    }


def render_schema() -> str:
    """The text of the published schema."""
    return json.dumps(model_schema(), indent=2, ensure_ascii=False) + "\n"


def _reached(form: type) -> Iterator[type]:
    """Every form that the form holds, itself the first."""
    seen: set[type] = set()
    waiting = [form]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        yield one
        hints = get_type_hints(one)
        waiting.extend(inner for field in fields(one) for inner in _forms_in(hints[field.name]))


def _forms_in(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and has(hint):
        if hint is not Span:
            yield hint
    else:
        for argument in get_args(hint):
            yield from _forms_in(argument)


def _definition(form: type) -> Json:
    hints = get_type_hints(form)
    names = [field.name for field in fields(form)]
    properties: dict[str, Json] = {TAG: {"const": form.__name__}}
    properties |= {name: _type(hints[name]) for name in names}
    return {
        "description": " ".join((form.__doc__ or "").split("\n\n", 1)[0].split()),
        "type": "object",
        "properties": properties,
        "required": [TAG, *names],
        "additionalProperties": False,
    }


def _type(hint: object) -> Json:
    """The schema of what an annotation allows."""
    if hint in _SCALARS:
        return _SCALARS[hint]
    if isinstance(hint, type) and has(hint):
        return {"anyOf": [_pointer(hint.__name__), _pointer(_REFERENCE)]}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return {"anyOf": _alternatives(arguments)}
    if origin is tuple:
        return _tuple(arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _type(arguments[1])}
    message = f"no schema for the annotation `{hint}`"
    raise TypeError(message)


def _alternatives(hints: tuple[object, ...]) -> list[Json]:
    """Each alternative once; forms share the one reference."""
    found: list[Json] = []
    for hint in hints:
        inner = _type(hint)
        options = inner["anyOf"] if isinstance(inner, dict) and "anyOf" in inner else [inner]
        found += [option for option in options if option not in found] if isinstance(options, list) else []
    return found


def _tuple(arguments: tuple[object, ...]) -> Json:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return {"type": "array", "items": _type(arguments[0])}
    items: list[Json] = [_type(argument) for argument in arguments]
    return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}


def _place() -> Json:
    numbers: dict[str, Json] = {
        name: {"type": "integer", "minimum": 1} for name in ("line", "column", "end_line", "end_column")
    }
    return {
        "description": "Where in the source: lines and columns from 1, in code points, the end exclusive.",
        "type": "object",
        "properties": {"file": {"type": "string"}, **numbers},
        "required": ["file", *numbers],
        "additionalProperties": False,
    }


def _reference() -> Json:
    return {
        "description": "A form that stands elsewhere as well: the JSON pointer of the place where it is written.",
        "type": "object",
        "properties": {"ref": {"type": "string", "pattern": "^#(/|$)"}},
        "required": ["ref"],
        "additionalProperties": False,
    }


def _content() -> Json:
    base64: Json = {
        "type": "object",
        "properties": {"base64": {"type": "string"}},
        "required": ["base64"],
        "additionalProperties": False,
    }
    return {"description": "Bytes of a file: text where they are UTF-8.", "anyOf": [{"type": "string"}, base64]}


if __name__ == "__main__":
    SCHEMA_FILE.write_text(render_schema(), encoding="utf-8", newline="\n")
    print(SCHEMA_FILE)  # noqa: T201 - what the module is run for
