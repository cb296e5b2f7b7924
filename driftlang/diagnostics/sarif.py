"""Diagnostics → SARIF 2.1.0, which code scanners and editors read.

In: diagnostics, the files they speak of, and the catalogue. Out: a string.
Refuses to do: absolute paths, and rules that nothing was found of.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html, cited by section.
"""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from driftlang import __version__
from driftlang.diagnostics.catalogue import CATALOGUE
from driftlang.diagnostics.diagnostic import Diagnostic, Label
from driftlang.diagnostics.explanations.form import Explanation
from driftlang.diagnostics.paths import shown_path
from driftlang.source import SourceFile, Sources, Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"

#: An object of JSON: what it holds is text, numbers, lists and further objects.
Json = Mapping[str, object]


def render_sarif(found: Sequence[Diagnostic], sources: Sources) -> str:
    """A log of one run; columns count UTF-16 code units, which readers assume where they do not look (3.14.17)."""
    ids = sorted({diagnostic.id for diagnostic in found} & CATALOGUE.keys())
    driver: Json = {
        "name": "driftlang",
        "version": __version__,
        "rules": [_rule(CATALOGUE[name]) for name in ids],
    }
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "results": [_result(diagnostic, sources, ids) for diagnostic in found],
    }
    log: Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _rule(explanation: Explanation) -> Json:
    examples = f"`driftlang explain {explanation.id}` shows an example with it and one without."
    return {
        "id": explanation.id,
        "shortDescription": _message(explanation.title),
        "fullDescription": _message(explanation.why),
        "help": _message(f"{explanation.why} {examples}"),
        "properties": {"tags": [explanation.group]},
    }


def _result(diagnostic: Diagnostic, sources: Sources, ids: Sequence[str]) -> Json:
    text = diagnostic.message + (f"\nhelp: {diagnostic.help}" if diagnostic.help else "")
    result: dict[str, object] = {
        "ruleId": diagnostic.id,
        "level": diagnostic.severity.value,
        "message": _message(text),
        "locations": [{"physicalLocation": _physical(diagnostic.span, sources)}],
    }
    if diagnostic.id in ids:
        result["ruleIndex"] = ids.index(diagnostic.id)
    if diagnostic.labels:
        result["relatedLocations"] = [
            _related(number, label, sources) for number, label in enumerate(diagnostic.labels, 1)
        ]
    return result


def _related(number: int, label: Label, sources: Sources) -> Json:
    return {"id": number, "physicalLocation": _physical(label.span, sources), "message": _message(label.text)}


def _physical(span: Span, sources: Sources) -> Json:
    source = sources[span.file]
    line, column = _position(source, span.start)
    end_line, end_column = _position(source, span.end)
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {"artifactLocation": {"uri": quote(shown_path(source.path))}, "region": region}


def _position(source: SourceFile, offset: int) -> tuple[int, int]:
    """Line and column of `offset` from 1; a character beyond the basic plane takes two columns."""
    line, column = source.position(offset)
    before = source.text[offset - column + 1 : offset]
    return line, column + sum(character > "\uffff" for character in before)


def _message(text: str) -> Json:
    """A message; braces, which stand for arguments, are doubled where they mean themselves (3.11.5)."""
    return {"text": text.replace("{", "{{").replace("}", "}}")}
