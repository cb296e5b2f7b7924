"""`driftlang explain`: pages of the catalogue, with diagnostics that were really given."""

import json
import re

import pytest

from driftlang.cli import group, status_of
from driftlang.diagnostics import catalogue
from driftlang.diagnostics.catalogue import CATALOGUE


@pytest.fixture
def explain(capsys):
    """Run the command; status, standard output, standard error."""

    def ran(*arguments):
        status = status_of(lambda: group.main(["explain", *arguments], standalone_mode=False))
        printed = capsys.readouterr()
        return int(status), printed.out, printed.err

    return ran


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_page_has_the_diagnostic_that_its_bad_example_gives(explain, name):
    status, out, err = explain(name)
    assert (status, err) == (0, "")
    assert len(re.findall(rf"^(?:error|warning)\[{name}\]: ", out, flags=re.MULTILINE)) == 1
    assert "example.drift" in out


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_page_names_no_folder_of_this_machine(explain, tmp_path, name):
    out = explain(name)[1]
    assert [word for word in out.split() if word.startswith((str(tmp_path.parent.parent), "`/tmp"))] == []


def test_a_page_in_json_has_the_parts_of_the_page(explain):
    page = json.loads(explain("unknown-word", "--json")[1])
    explanation = CATALOGUE["unknown-word"]
    assert (page["title"], page["bad"], page["good"]) == (explanation.title, explanation.bad, explanation.good)
    assert page["diagnostic"].startswith("error[unknown-word]: ")


def test_the_list_has_every_id_once(explain):
    lines = explain()[1].splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert listed == list(CATALOGUE)


def test_the_list_in_json_has_every_id_with_its_group(explain):
    listed = json.loads(explain("--json")[1])["diagnostics"]
    assert [(one["id"], one["group"]) for one in listed] == [(one.id, one.group) for one in CATALOGUE.values()]


def test_an_id_that_can_be_accepted_says_how(explain):
    assert '`allow one-sided-conflict "reason"`' in explain("one-sided-conflict")[1]
    assert "allow" not in explain("unknown-word")[1]


def test_an_unknown_id_ends_with_2_and_names_the_closest(explain):
    status, out, err = explain("unknown-nmae")
    assert (status, out) == (2, "")
    assert err.startswith("error: there is no diagnostic `unknown-nmae`, did you mean `unknown-name`?\n")


@pytest.mark.parametrize("copied", ["[unknown-name]", "error[unknown-name]", "warning[unknown-name]:"])
def test_an_id_may_be_given_as_a_diagnostic_prints_it(explain, copied):
    assert explain(copied) == explain("unknown-name")


def test_a_word_of_ids_is_answered_with_these_ids(explain):
    assert "help: ids with that word are `doubled-entry`, `doubled-name`\n" in explain("doubled")[2]


def test_a_file_in_place_of_an_id_is_answered_with_check(explain):
    assert "`driftlang check waiting.drift`" in explain("waiting.drift")[2]


def test_a_retired_id_says_so(explain, monkeypatch):
    monkeypatch.setattr(catalogue, "RETIRED", {"former-id": "see `unknown-name`"})
    assert explain("former-id") == (0, "former-id: no longer given\n\nsee `unknown-name`\n", "")
    assert "former-id" in explain()[1]
