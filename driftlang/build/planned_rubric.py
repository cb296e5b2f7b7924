"""What a judge is asked about the steps of a scenario, as a plan's folder holds it.

In: nothing; this module defines. Out: `PlannedRubrics`, the form of `rubrics/SCENARIO.toml`; `plan_toml.py` reads and
writes it. The Markdown beside it is the same for a person to read.
"""

from collections.abc import Mapping

from attrs import field, frozen

#: What stands in a rubric's texts for the text of the constraint that is judged, which differs by cell.
CONSTRAINT_MARK = "{{ constraint }}"


@frozen
class PlannedLabel:
    """A label that a judge may give, and when."""

    name: str
    text: str


@frozen
class PlannedExample:
    """A worked example: a piece of work and its label."""

    label: str
    text: str


@frozen
class PlannedRubric:
    """The question about steps under one constraint; see `model.evidence.Rubric`.

    Attributes:
        shows: parts of a step's work that are shown, out of `diff`, `commands` and `reply`.
        examples: those that hold for the constraint.
    """

    name: str
    ask: str
    shows: tuple[str, ...]
    labels: tuple[PlannedLabel, ...]
    examples: tuple[PlannedExample, ...] = ()


@frozen
class PlannedRubrics:
    """The rubrics of a scenario, by the constraint's name; a constraint that nobody judges has none."""

    constraints: Mapping[str, PlannedRubric] = field(factory=dict)


def rubrics_path(scorer: str) -> str:
    """Where the rubrics stand of a scenario whose scorer stands at `scorer`."""
    return f"rubrics/{scorer.rpartition('/')[2]}"
