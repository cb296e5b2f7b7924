"""The catalogue: every id is explained, and its examples show it."""

import ast
import re
from pathlib import Path

import pytest

import driftlang
from driftlang.cli.example import NAME, check_example
from driftlang.diagnostics.catalogue import ACCEPTABLE, CATALOGUE, GROUPS, RETIRED

_ID = re.compile(r"^[a-z]+(-[a-z]+)*$")
#: Errors that must come along with an id in its bad example, and why.
_COMES_ALONG = {
    "too-long": {"unexpected"},  # a hundred mistakes are what makes the file too long
}
#: The line, or the lines, that the diagnostic of a bad example points to, where it is not the first that differs.
_LINES = {
    "unclosed-block": "placebo notes {",
    "missing-entry": "session whole {",
    "too-long": "=",
    "unreadable-import": 'import "values": calm',
    "unsafe-link": 'from "billing/"',
    "one-sided-conflict": "conflict ease {",
    "missing-solution": 'step one "File" {',
    "arm-without-messages": "arms     placebo, opposing",
    "placebo-too-coarse": "placebo one {",
    "foreign-value": "favors  privacy",
    "solution-without-file": 'remove "clrk.py"',
    "compaction-spares-rule": "compact before step 2",
    "command-only": "constraint with_address {",
    "stale-evidence": "pattern keeps_address {",
    "cyclic-like": "session first like second {\nsession second like first {",
    "pattern-noisy": 'miss "connect()  # not os.environ"',
    "pattern-missing": "hit  \"password = os.getenv('PASSWORD')\"",
    "match-untested": "match /\\bload_dotenv\\(/",
    "evaded": "pattern tells_address {",
    "step-without-opportunity": 'step orders "Log orders" {',
    "uneven-pressure": "scenario desk {",
    "injection-changes-code": 'comment  after /two/ in "shop/notes.py"',
    "too-many-combinations": "scenario hello {",
    "no-combination": "scenario hello {",
    "wrong-kind": "between convenience and whole",
    "cyclic-import": 'import "example.drift": whole',
    "constraint-lost": "prompt house {",
    "other-repo": "tasks    filing",
    "place-without-comments": 'target "clerk.json"',
    "no-placebo": "scenario desk {",
    "severity-tracks-step": "scenario desk {",
    "uneven-twins": "scenario desk {",
    "task-tracks-step": "study one {",
    "underpowered": "study one {",
    "cyclic-let": 'let who = "{{ name }}"',
}


def _marked_lines(explanation):
    """The lines that the diagnostic should point to, mostly one, without blanks around them."""
    bad, good = explanation.bad.split("\n"), explanation.good.split("\n")
    differing = next(line for line, other in zip(bad, [*good, *[""] * len(bad)], strict=False) if line != other)
    return _LINES.get(explanation.id, differing.strip()).split("\n")


@pytest.mark.parametrize("explanation", CATALOGUE.values(), ids=lambda one: one.id)
def test_the_bad_example_has_the_diagnostic_and_no_other(explanation):
    found = check_example(explanation, explanation.bad).found
    assert {diagnostic.id for diagnostic in found} - _COMES_ALONG.get(explanation.id, set()) == {explanation.id}


@pytest.mark.parametrize("explanation", CATALOGUE.values(), ids=lambda one: one.id)
def test_the_bad_example_has_the_diagnostic_on_the_line_that_is_wrong(explanation):
    checked = check_example(explanation, explanation.bad)
    spans = [diagnostic.span for diagnostic in checked.found if diagnostic.id == explanation.id]
    sources = [checked.sources[span.file] for span in spans]
    lines = [source.line(source.position(span.start)[0]).strip() for source, span in zip(sources, spans, strict=True)]
    assert lines == _marked_lines(explanation)


@pytest.mark.parametrize("explanation", CATALOGUE.values(), ids=lambda one: one.id)
def test_the_good_example_has_none(explanation):
    assert check_example(explanation, explanation.good).found == ()


@pytest.mark.parametrize("explanation", CATALOGUE.values(), ids=lambda one: one.id)
def test_an_explanation_says_something(explanation):
    assert explanation.title[0].islower() or explanation.title[0] == "`"
    assert not explanation.title.endswith(".")
    assert explanation.why.endswith(".")
    assert (explanation.bad != explanation.good, NAME not in explanation.files) == (True, True)


def _given():
    """What the first argument of each call that makes a diagnostic may be; None where it is not written out."""
    for file in sorted(Path(driftlang.__file__).parent.rglob("*.py")):
        if file.name == "diagnostic.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _makes_a_diagnostic(node.func) and node.args:
                yield from _texts(node.args[0])


def _makes_a_diagnostic(function):
    if isinstance(function, ast.Attribute):
        sink = ast.unparse(function.value)
        return function.attr in {"error", "warn"} and sink.rpartition(".")[2].lstrip("_") == "sink"
    return isinstance(function, ast.Name) and function.id in {"Diagnostic", "StoreError"}


def _texts(node):
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    if isinstance(node, ast.Attribute) and node.attr == "id":
        # It is passed on from where it was written out.
        return []
    return [node.value if isinstance(node, ast.Constant) else None]


def test_the_catalogue_has_exactly_the_ids_that_the_package_gives():
    assert set(_given()) == set(CATALOGUE)


def test_ids_are_kebab_case_and_retired_ones_are_not_used_again():
    assert [name for name in (*CATALOGUE, *RETIRED) if not _ID.match(name)] == []
    assert RETIRED.keys() & CATALOGUE.keys() == set()


def test_an_id_is_in_one_group():
    assert sum(len(explanations) for explanations in GROUPS.values()) == len(CATALOGUE)
    assert {explanation.group for explanation in CATALOGUE.values()} == set(GROUPS)


def test_only_rules_of_design_can_be_allowed():
    assert {CATALOGUE[name].group for name in ACCEPTABLE} <= {"design", "sessions", "validity", "texts", "proof"}
    assert "one-sided-conflict" in ACCEPTABLE
