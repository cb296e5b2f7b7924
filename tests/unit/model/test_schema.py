"""The published schema is that of the forms, and what `show model` prints is valid by it."""

import json
from pathlib import Path

import pytest
from attrs import frozen
from jsonschema import Draft202012Validator

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.as_json import to_json
from driftlang.model.library import library_folder
from driftlang.model.load import load_model
from driftlang.model.schema import SCHEMA_FILE, model_schema, render_schema
from driftlang.source import Sources, Span

SCENARIOS = sorted(library_folder().rglob("*.drift"))


def _shown(path: Path):
    sources, sink = Sources(), Sink()
    model = load_model(path, sources, sink)
    assert not sink.has_errors
    return json.loads(json.dumps(to_json(model, sources)))


def test_the_published_schema_is_that_of_the_forms():
    """Where it is stale, `python -m driftlang.model.schema` writes it anew."""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == render_schema()


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(model_schema())


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.relative_to(library_folder()).as_posix())
def test_the_model_of_every_file_of_the_library_is_valid(path):
    errors = Draft202012Validator(model_schema()).iter_errors(_shown(path))
    assert [f"{error.json_path}: {error.message[:200]}" for error in errors] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.relative_to(library_folder()).as_posix())
def test_every_reference_leads_to_a_form(path):
    shown = _shown(path)
    assert [ref for ref in _references(shown) if "form" not in _follow(shown, ref)] == []


def _references(value):
    if isinstance(value, dict):
        yield from ([value["ref"]] if value.keys() == {"ref"} else [])
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _follow(value, reference):
    for step in reference.removeprefix("#").split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def test_a_form_without_a_field_is_not_valid():
    shown = _shown(library_folder() / "hello.drift")
    del shown["scenarios"][0]["arms"]
    assert not Draft202012Validator(model_schema()).is_valid(shown)


@frozen
class _Leaf:
    content: bytes
    span: Span


@frozen
class _Tree:
    leaves: tuple[_Leaf, ...]
    named: dict[str, _Leaf]


def test_a_form_is_written_once_and_bytes_that_are_no_text_in_base_64():
    sources = Sources()
    leaf = _Leaf(b"\xff", Span(sources.add("a.drift", "one\ntwo\n"), 4, 7))
    shown = to_json(_Tree((leaf,), {"a/b": leaf}), sources)
    place = {"file": "a.drift", "line": 2, "column": 1, "end_line": 2, "end_column": 4}
    assert shown == {
        "form": "_Tree",
        "leaves": [{"form": "_Leaf", "content": {"base64": "/w=="}, "span": place}],
        "named": {"a/b": {"ref": "#/leaves/0"}},
    }


def test_what_no_form_holds_is_refused():
    with pytest.raises(TypeError, match="no form holds a complex"):
        to_json(1j, Sources())
