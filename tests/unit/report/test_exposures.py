"""What models had read is told per cell, per message and per step, and a violated integrity cannot be overlooked."""

import csv
import html
import json
import re
import zlib
from base64 import b64decode
from io import StringIO

import drifting
from attrs import evolve

from driftlang.cells.forms import Injection
from driftlang.estimate.rates import estimate
from driftlang.exposure.forms import NOWHERE, ContextSize, Integrity, MessageExposure, StepExposure
from driftlang.report.evidence import pack
from driftlang.report.exposures import MESSAGE_COLUMNS, context_rows, message_rows
from driftlang.report.notes import notes_on
from driftlang.report.page import render_page
from driftlang.report.prepared import prepare
from driftlang.report.tables import write_csv
from driftlang.run.records import EarlierText
from driftlang.score.forms import Outcome

INJECTION = Injection("a.py", "comment top", "Ines asks.", "notes.ines", 1, "security")
VIOLATION = "call 2 of 3: the constraint stands nowhere in the system message, not once"


def _exposure(position, *, is_read=True, tokens=40, violations=()):
    """A step whose own message was read or not, and the message of the first step."""
    own = MessageExposure(position, 0, "notes.ines", is_read, 2, ("tool result",), 1, 4 * tokens, tokens, 3)
    first = evolve(own, position=1, is_read_before_edit=True, compaction="survived")
    messages = (own,) if position == 1 else (first, own)
    context = ContextSize(3, 2, 1000 * position, 9000, 10)
    return StepExposure(messages, Integrity(3, violations), context)


def _measured(change=lambda step: step):
    """The synthetic study, its first trial measured."""
    gathered = drifting.gathered()
    first, *others = gathered.details
    steps = [change(evolve(step, exposure=_exposure(step.outcome.position))) for step in first.steps]
    return evolve(gathered, details=(evolve(first, steps=tuple(steps)), *others))


def _view(gathered):
    (view,) = prepare(gathered, estimate(gathered.trials)).exposures
    return view


def _messages(gathered):
    return [row for trial in gathered.details for row in message_rows(trial)]


def _contexts(gathered):
    return [row for trial in gathered.details for row in context_rows(trial)]


def _notes(gathered):
    estimates = estimate(gathered.trials)
    return notes_on(gathered, estimates, prepare(gathered, estimates).exposures)


def _page(gathered):
    return html.unescape(render_page(prepare(gathered, estimate(gathered.trials))).decode())


def test_a_cell_tells_how_many_of_its_steps_had_read_their_message():
    def change(step):
        exposure = _exposure(step.outcome.position, is_read=step.outcome.position > 3)
        return evolve(step, exposure=exposure, outcome=evolve(step.outcome, outcome=Outcome.KEPT))

    view = _view(_measured(change))
    assert (view.steps, view.pressed, view.read, view.tokens_back) == (12, 12, 9, 40)
    assert (view.tokens_first, view.tokens_last, view.violations) == (1000, 12000, ())


def test_steps_in_error_are_in_no_share_and_their_violations_are_told():
    def change(step):
        exposure = _exposure(step.outcome.position, violations=(VIOLATION,))
        return evolve(step, exposure=exposure, outcome=evolve(step.outcome, outcome=Outcome.ERROR))

    view = _view(_measured(change))
    assert (view.steps, view.read, view.tokens_back, len(view.violations)) == (0, 0, NOWHERE, 12)


def test_what_was_not_measured_is_not_shown():
    gathered = drifting.gathered()
    assert prepare(gathered, estimate(gathered.trials)).exposures == ()
    assert (_messages(gathered), _contexts(gathered)) == ([], [])
    assert 'id="exposure"' not in _page(gathered)
    assert write_csv([], MESSAGE_COLUMNS).decode() == ",".join(MESSAGE_COLUMNS) + "\n"


def test_there_is_a_row_a_step_and_message_and_a_row_a_step():
    gathered = _measured()
    assert (len(_messages(gathered)), len(_contexts(gathered))) == (23, 12)
    row = _messages(gathered)[-1]
    assert (row["position"], row["said_at"], row["read_before_edit"], row["tokens_back"]) == (12, 12, "yes", 40)
    assert (row["kinds"], row["copies"], row["compaction"], row["fate"]) == ("tool result", 1, "", "")


def test_a_message_that_stands_nowhere_has_no_distance():
    def change(step):
        gone = MessageExposure(step.outcome.position, 0, "n.i", False, 0, (), 0, NOWHERE, NOWHERE, NOWHERE)
        return evolve(step, exposure=evolve(step.exposure, messages=(gone,)))

    rows = list(csv.DictReader(StringIO(write_csv(_messages(_measured(change)), ()).decode())))
    assert {(row["read_before_edit"], row["characters_back"], row["messages_back"]) for row in rows} == {("no", "", "")}


def test_a_former_message_has_what_had_become_of_it_in_its_file():
    def change(step):
        injections = ((INJECTION, "placed"),)
        earlier = (EarlierText("reshaped", "a.py", "Ines asks."),) if step.outcome.position == 2 else ()
        return evolve(step, injections=injections, earlier=earlier)

    rows = [row for row in _messages(_measured(change)) if row["fate"]]
    assert [(row["position"], row["said_at"], row["fate"]) for row in rows] == [(2, 1, "reshaped")]


def test_a_violation_stands_in_the_notes_on_the_page_and_in_the_table():
    def change(step):
        violations = (VIOLATION,) if step.outcome.position == 5 else ()
        return evolve(step, exposure=_exposure(step.outcome.position, violations=violations))

    gathered = _measured(change)
    said = "Steps in which the constraint or the user's words did not reach the model as planned"
    assert [note for note in _notes(gathered) if note.startswith(said)] != []
    assert [row["violations"] for row in _contexts(gathered) if row["violations"]] == [VIOLATION]
    page = _page(gathered)
    assert re.search(r'<a href="#trial-\w+-step-5">run \d+, step 5</a>: ' + re.escape(VIOLATION), page)
    (trial,) = [one for one in gathered.details if one.trial == gathered.details[0].trial]
    assert json.loads(zlib.decompress(b64decode(pack(trial))))["steps"][4]["violations"] == [VIOLATION]


def test_the_section_leads_to_the_cells_and_says_how_many_steps_had_read_their_message():
    section = _page(_measured()).partition('<section id="exposure"')[2].partition("</section>")[0]
    assert re.findall(r'href="#([^"]+)">(\d+)</a>', section) == [("cell-1", "12")]
    assert "12 of 12" in section


def test_a_replay_says_that_it_is_one():
    gathered = drifting.gathered()
    gathered = evolve(gathered, runs=(evolve(gathered.runs[0], folder="again", replayed="ab" * 32),))
    notes = _notes(gathered)
    assert f"The run again is a replay: it has played the record {'ab' * 32} again." in notes
