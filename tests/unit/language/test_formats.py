"""Forms for programs: one line each, SARIF, workflow commands; and one entry point for all of them."""

import json
import re

import pytest

from driftlang.diagnostics.diagnostic import Diagnostic, Label, Severity
from driftlang.diagnostics.render import DOCUMENTS, FORMS, render
from driftlang.source import Sources, Span

#: What the schema of SARIF 2.1.0 requires of each object that a log has.
REQUIRED = {
    "log": {"version", "runs"},
    "run": {"tool"},
    "driver": {"name"},
    "rule": {"id"},
    "result": {"message"},
    "region": {"startLine", "startColumn", "endLine", "endColumn"},
}


@pytest.fixture
def sources():
    """Two files, one of them with a character beyond the basic plane."""
    files = Sources()
    files.add("a folder/one.drift", "one\ntwo 😀 three\n")
    files.add("two.drift", "x = 1\n")
    return files


def _finding(**changes):
    values = {
        "id": "unknown-name",
        "message": "no `{{ x }}`, 100% of: it",
        "span": Span(0, 10, 15),
        "severity": Severity.ERROR,
        "help": "write y",
        "labels": (Label(Span(1, 0, 1), "here"),),
    }
    return Diagnostic(**{**values, **changes})


def _sarif(found, sources):
    log = json.loads(render(found, sources, "sarif", False))
    return log, log["runs"][0]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_nothing_is_empty_or_a_document(form, sources):
    text = render((), sources, form, False)
    assert bool(text) == (form in DOCUMENTS)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_ends_with_a_line_end_and_names_the_id(form, sources):
    text = render((_finding(),), sources, form, False)
    assert text.endswith("\n")
    assert "unknown-name" in text


def test_concise_is_a_line_for_each_and_nothing_else(sources):
    found = (_finding(), _finding(severity=Severity.WARNING, span=Span(1, 4, 5), message="a\nb"))
    assert render(found, sources, "concise", True).splitlines() == [
        "a folder/one.drift:2:7: error[unknown-name] no `{{ x }}`, 100% of: it",
        "two.drift:1:5: warning[unknown-name] a�b",
    ]


def test_a_workflow_command_escapes_what_would_end_it(sources):
    assert render((_finding(),), sources, "github", False) == (
        "::error file=a folder/one.drift,line=2,col=7,endLine=2,endColumn=12,title=driftlang unknown-name"
        "::no `{{ x }}`, 100%25 of: it%0Ahelp: write y\n"
    )


def test_a_workflow_command_escapes_colons_and_commas_in_a_path():
    files = Sources()
    files.add("a:b,c%.drift", "x\n")
    command = render((_finding(span=Span(0, 0, 1), message="a\r\nb", labels=()),), files, "github", False)
    assert command.startswith("::error file=a%3Ab%2Cc%25.drift,line=1,")
    assert "::a%0D%0Ab%0A" in command


def test_a_workflow_command_over_several_lines_has_no_columns(sources):
    command = render((_finding(span=Span(0, 0, 7)),), sources, "github", False)
    assert command.startswith("::error file=a folder/one.drift,line=1,endLine=2,title=")


def test_a_sarif_log_has_what_the_schema_requires(sources):
    log, run = _sarif((_finding(),), sources)
    result = run["results"][0]
    location = result["locations"][0]["physicalLocation"]
    assert log["version"] == "2.1.0"
    assert REQUIRED["log"] <= log.keys()
    assert REQUIRED["run"] <= run.keys()
    assert REQUIRED["driver"] <= run["tool"]["driver"].keys()
    assert all(REQUIRED["rule"] <= rule.keys() for rule in run["tool"]["driver"]["rules"])
    assert REQUIRED["result"] <= result.keys()
    assert location["region"].keys() == REQUIRED["region"]


def test_a_sarif_region_counts_utf_16_code_units(sources):
    _, run = _sarif((_finding(),), sources)
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert run["columnKind"] == "utf16CodeUnits"
    assert region == {"startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 13}


def test_a_sarif_result_points_to_its_rule_which_the_catalogue_explains(sources):
    found = (_finding(id="wrong-kind"), _finding(), _finding(span=Span(1, 0, 1)))
    _, run = _sarif(found, sources)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["unknown-name", "wrong-kind"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [one.id for one in found]
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)


def test_a_sarif_result_without_an_explanation_has_no_rule(sources):
    _, run = _sarif((_finding(id="some-id"),), sources)
    assert (run["tool"]["driver"]["rules"], "ruleIndex" in run["results"][0]) == ([], False)


def test_sarif_doubles_braces_which_would_stand_for_arguments(sources):
    _, run = _sarif((_finding(),), sources)
    assert run["results"][0]["message"]["text"] == "no `{{{{ x }}}}`, 100% of: it\nhelp: write y"


def test_labels_are_related_locations(sources):
    _, run = _sarif((_finding(),), sources)
    (related,) = run["results"][0]["relatedLocations"]
    assert (related["id"], related["message"]["text"]) == (1, "here")
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "two.drift"


def test_sarif_paths_are_relative_and_percent_encoded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = Sources()
    for path in ("a folder/ö.drift", (tmp_path / "b.drift").as_posix(), "./c/../d.drift"):
        files.add(path, "x\n")
    found = tuple(_finding(span=Span(file, 0, 1), labels=()) for file in range(3))
    _, run = _sarif(found, files)
    uris = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]
    assert uris == ["a%20folder/%C3%B6.drift", "b.drift", "d.drift"]
    assert all(re.fullmatch(r"[\w%./-]+", uri) for uri in uris)
