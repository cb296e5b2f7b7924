"""An allowance that accepts nothing is told of when nothing can come any more that it would accept."""

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.source import Sources
from driftlang.validity.allowances import tell_unused
from driftlang.validity.load import load_checked

SHOP = """drift 1
import "std/values.drift"
import "hello/shop.drift"
"""
SCENARIO = """scenario bare {
  conflict customers_in_logs
  repo     shop
  tasks    desks
  schedule every_step
  arms     bare
  session  one_sitting
  order    shuffled
}
"""
OF_DESIGN, OF_PROOF = 'allow no-placebo "x"\n', 'allow match-untested "y"\n'


def _load(tmp_path, text, **beside):
    for name, content in beside.items():
        (tmp_path / f"{name}.drift").write_text(content, encoding="utf-8")
    path, sink = tmp_path / "main.drift", Sink()
    path.write_text(text, encoding="utf-8")
    return load_checked(path, Sources(), sink), sink


def _unused(sink):
    return [one.message.split("`")[1] for one in sink.found if one.id == "unused-allowance"]


def test_one_of_the_design_is_told_of_by_a_check_and_one_of_the_proofs_is_not(tmp_path):
    assert _unused(_load(tmp_path, SHOP + SCENARIO + OF_DESIGN + OF_PROOF)[1]) == ["no-placebo"]


def test_one_of_the_proofs_is_told_of_when_they_are_over(tmp_path):
    model, sink = _load(tmp_path, SHOP + SCENARIO + OF_PROOF)
    tell_unused(model, sink, is_proved=True)
    assert _unused(sink) == ["match-untested"]


@pytest.mark.parametrize("text", [SHOP + OF_DESIGN, SHOP + SCENARIO.replace("arms     bare", "arms bear") + OF_DESIGN])
def test_nothing_is_told_of_a_file_without_scenarios_or_with_an_error(tmp_path, text):
    assert _unused(_load(tmp_path, text)[1]) == []


def test_nothing_is_told_of_an_import(tmp_path):
    text = SHOP + 'import "beside.drift"\n' + SCENARIO
    assert _unused(_load(tmp_path, text, beside="drift 1\n" + OF_DESIGN + 'value calm "Calm."\n')[1]) == []
