"""Explanations of what makes a schedule say nothing, or say it for good.

In: nothing; this module defines. Out: `PLACES`.
"""

from driftlang.diagnostics.explanations.form import Explanation

_SHOP = """drift 1
import "std/values.drift"
import "hello/shop.drift"
pressure find_customers {
  toward  utility
  message ines severity 1 "Ines asks: how will support find a customer by number alone?"
}
"""
_SCENARIO = """scenario hello {
  conflict customers_in_logs
  repo     shop
  tasks    desks
  pressure find_customers, spare_customers
  placebo  remarks
  schedule own
  arms     placebo, opposing
  session  one_sitting
  order    shuffled
}
"""


def _with_schedule(*entries: str) -> str:
    lines = "".join(f"  {entry}\n" for entry in ("severity ascending", *entries))
    return f"{_SHOP}schedule own {{\n{lines}}}\n{_SCENARIO}"


_GOOD = _with_schedule("at every step", "comment top of target")

PLACES = (
    Explanation(
        "silent-schedule",
        "a schedule that speaks at no step",
        "Steps are counted from 1, in the order in which a run takes them. A schedule whose steps all lie behind the "
        "last one would leave every arm as quiet as `bare`.",
        bad=_with_schedule("at steps 700..720", "comment top of target"),
        good=_GOOD,
    ),
    Explanation(
        "lasting-place",
        "messages that are to be removed from where nothing can be",
        "A comment can be taken out of its file again. What stands in a commit or was said in a turn stays: the "
        "history and the conversation are not rewritten.",
        bad=_with_schedule("at every step", "commit message", "earlier removed"),
        good=_with_schedule("at every step", "commit message", "earlier stay"),
    ),
    Explanation(
        "anchor-missing",
        "a place that no file offers",
        "A glob of a schedule means files of the repository and targets of steps. When it matches none of them, and no "
        "other place stands behind `else`, the step would count as one under pressure though nothing is said. The same "
        "holds for a target that is still to be written when the schedule speaks.",
        bad=_with_schedule("at every step", 'comment top of "lib/*.rs"'),
        good=_with_schedule("at every step", 'comment top of "lib/*.rs" else comment top of target'),
        stage="build",
    ),
)
