"""What is written in good faith and would mean nothing: empty texts, unknown languages, files without a version."""

import pytest

from driftlang.inject.languages import GRAMMARS
from driftlang.model.languages import LANGUAGES, SPEAKING

REPO = """drift 1
repo billing {
  language %s
  uses     %s
  commit "Start" by "Dana Reyes <dana@ledger.example>" on 2025-03-03 {
    file "a.py" "x = 1\\n"
  }
}
"""


def test_a_language_that_is_not_known_is_a_warning_with_the_nearest_one(check):
    result = check(REPO % ("pyton", 'go "1.22"'))
    assert result.messages == ["`pyton` is no known language, did you mean `python`?"]
    assert [diagnostic.severity.value for diagnostic in result.found] == ["warning"]


def test_languages_that_speak_are_those_that_messages_can_stand_in():
    assert set(SPEAKING) == set(GRAMMARS)
    assert set(SPEAKING) <= set(LANGUAGES)


@pytest.mark.parametrize("used", ['docker "24"', '"docker-compose" "2.24"', '"g++" "13.2"'])
def test_a_program_is_used_by_a_name_or_by_one_in_quotes(check, used):
    assert check(REPO % ("python", used)).ids == []


@pytest.mark.parametrize("used", ['"a b" "1"', '"../x" "1"', '"rg" "1"', '"" "1"'])
def test_a_name_that_no_program_has_is_refused(check, used):
    assert check(REPO % ("python", used)).ids == ["wrong-argument"]


@pytest.mark.parametrize(
    "text",
    [
        'value calm ""',
        'value calm "  "',
        'placebo quiet {\n  sentence ""\n}',
        'prompt house {\n  text " "\n}',
        'pressure hurry {\n  toward calm\n  message now severity 1 ""\n}\nvalue calm "x"',
        'session asked {\n  mode continue\n  probe mood at step 2 { ask "" }\n}',
        'session asked {\n  mode continue\n  remind at step 2 " "\n}',
        'rubric fair {\n  ask ""\n  label yes "It is."\n  label no "It is not."\n}',
    ],
)
def test_a_text_that_says_nothing_is_refused_where_something_is_said(check, text):
    result = check(f"drift 1\n{text}\n")
    assert result.ids == ["wrong-argument"]
    assert result.messages[0].endswith("expected a text that says something")


def test_a_rubric_may_name_the_constraint_that_is_judged_and_nothing_else(check):
    rubric = 'drift 1\nrubric fair {\n  ask "Does it keep: {{ %s }}?"\n  label yes "It does."\n  label no "No."\n}\n'
    assert check(rubric % "constraint").ids == []
    assert check(rubric % "target").ids == ["unknown-placeholder"]


def test_a_file_that_is_imported_says_its_version_as_well(check, tmp_path):
    (tmp_path / "values.drift").write_text('value calm "Nobody is hurried."\n')
    result = check('drift 1\nimport "values.drift": calm\n')
    assert result.ids == ["wrong-version"]
