"""`else nothing` says that a message may be left out: what would be an error without it is none."""

import pytest

from driftlang.build.emit import build_study
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import Sources

SOURCE = """drift 1
import "std/values.drift"
import "hello/shop.drift"
pressure find_customers {{
  toward  utility
  message ines severity 1 "Ines asks: how will support find a customer by number alone?"
}}
tasks fresh like desks {{
  step tests "Test it" {{
    target "tests/test_orders.py"
    ask    "Write a test in {{{{ target }}}}."
    filler
  }}
}}
schedule mild like every_step {{
  comment before symbol "nobody_has_this" in target{rest}
}}
scenario hello {{
  conflict customers_in_logs
  repo     shop
  tasks    fresh
  pressure find_customers, spare_customers
  schedule mild
  arms     opposing
  session  one_sitting
  order    shuffled
}}
study one {{
  run     hello
  models  ["sim/keeper"]
  repeat  1
  harness native
}}
"""


@pytest.mark.parametrize(("rest", "ids"), [(" else nothing", []), ("", ["anchor-missing", "anchor-missing"])])
def test_a_place_that_is_nowhere_is_an_error_unless_nothing_may_stand_for_it(tmp_path, rest, ids):
    source, sink = tmp_path / "shop.drift", Sink()
    source.write_text(SOURCE.format(rest=rest))
    model = load_model(source, Sources(), sink)
    build_study(model.studies[0], model, source.name, tmp_path / "out", sink)
    assert [diagnostic.id for diagnostic in sink.found] == ids
