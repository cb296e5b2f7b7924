"""What happens before a turn, as a reader of two cells is shown it."""

import small_study as small
from attrs import evolve

from driftlang.cells.comparison import script_lines
from driftlang.cells.events import ForkEvent, RemindEvent
from driftlang.cells.expand import expand
from driftlang.cells.forms import TurnCheck
from driftlang.diagnostics.diagnostic import Sink


def test_events_and_checks_are_words_with_their_texts_below():
    cell = expand(small.study(), Sink())[0]
    script = cell.scripts[0]
    events = (ForkEvent(("opposing", "bare")), RemindEvent("Keep it.\nAlways."))
    turn = evolve(script.turns[0], events=events, checks=(TurnCheck("make", 60.0),))
    lines = script_lines(evolve(cell, scripts=(evolve(script, turns=(turn,)),)), script.run)
    told = [line for line in lines if not line.startswith("step ")]
    assert "  fork: arms opposing, bare" in told
    assert told[told.index("  remind") : told.index("  remind") + 3] == ["  remind", "    Keep it.", "    Always."]
    assert told[told.index("  check: seconds 60") + 1] == "    make"
