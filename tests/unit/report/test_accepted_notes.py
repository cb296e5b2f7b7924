"""A report says what its author accepts on purpose, beside the rates, on the page as on the terminal."""

import html

import pytest
from attrs import evolve
from drifting import gathered

from driftlang.build.accepted import Accepted
from driftlang.estimate.rates import estimate
from driftlang.report.notes import notes_on
from driftlang.report.render import render_gathered

ACCEPTED = (
    Accepted("no-placebo", "", "as published", ("the arm `opposing` has nothing beside it",)),
    Accepted("leaking-file", "shop/**", "kept for the next study", ()),
)
SAID = (
    "Accepted on purpose in demo: no-placebo, as “as published”; the arm `opposing` has nothing beside it.",
    "Accepted on purpose in demo: leaking-file at shop/**, as “kept for the next study”.",
)


@pytest.fixture(scope="module")
def accepting():
    shown = gathered()
    return evolve(shown, runs=tuple(evolve(run, accepted=ACCEPTED) for run in shown.runs))


def test_every_finding_that_is_accepted_is_a_note_with_its_reason(accepting):
    notes = notes_on(accepting, estimate(accepting.trials), ())
    assert tuple(note for note in notes if note.startswith("Accepted")) == SAID


def test_the_notes_stand_on_the_page(accepting, tmp_path):
    page = html.unescape(render_gathered(accepting, estimate(accepting.trials), tmp_path).html.read_text("utf-8"))
    page = page.replace("<code>", "`").replace("</code>", "`")
    assert [said in page for said in SAID] == [True, True]


def test_a_study_that_accepts_nothing_has_no_such_note():
    shown = gathered()
    assert [note for note in notes_on(shown, estimate(shown.trials), ()) if note.startswith("Accepted")] == []
