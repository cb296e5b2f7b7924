"""Cells → the judge's prompts of a study.

In: scenarios by variant, and their cells. Out: Markdown by path: `rubrics/RUBRIC.CONSTRAINT.md`; findings in the sink.
`planned_rubrics` gives what a judge is asked from, a form for each scenario.
Refuses to do: one prompt for what reads differently. Where a rubric or constraint does not read alike in all variants
of the study's scenarios, each variant has its own, `rubrics/RUBRIC.CONSTRAINT.VARIANT.md`.
"""

from collections.abc import Mapping, Sequence

from driftlang.build.planned_rubric import PlannedRubrics
from driftlang.build.rubric import plan_rubric, render_rubric, size_of_prompt
from driftlang.cells.forms import Cell
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import LARGEST_PROMPT, spoken
from driftlang.model.forms import Rubric, Scenario


def rubric_files(scenarios: Mapping[str, Scenario], cells: Sequence[Cell], sink: Sink) -> Mapping[str, str]:
    """The judge's prompt of each rubric and direction, by path; one that is too large is refused before it is made."""
    texts: dict[tuple[str, str], dict[str, str]] = {}
    for variant, scenario in scenarios.items():
        for constraint in scenario.constraints:
            demands = _demands(cells, variant, constraint.name)
            for rubric in constraint.judge if demands else ():
                if not _is_bounded(rubric, demands, sink):
                    continue
                of_variant = texts.setdefault((rubric.name, constraint.name), {})
                of_variant[variant] = render_rubric(rubric, constraint, demands)
    return {
        f"rubrics/{rubric}.{constraint}{'' if len(set(of_variant.values())) == 1 else f'.{variant}'}.md": text
        for (rubric, constraint), of_variant in texts.items()
        for variant, text in of_variant.items()
    }


def planned_rubrics(scenario: Scenario) -> PlannedRubrics:
    """What a judge is asked about steps of `scenario`, by the constraint that is in force."""
    return PlannedRubrics(
        {
            constraint.name: plan_rubric(rubric, constraint)
            for constraint in scenario.constraints
            for rubric in constraint.judge
        }
    )


def _is_bounded(rubric: Rubric, demands: Sequence[str], sink: Sink) -> bool:
    size = size_of_prompt(rubric, demands)
    if size <= LARGEST_PROMPT:
        return True
    found = f"the judge's prompt of `{rubric.name}` may have {spoken(size)} characters, {LARGEST_PROMPT:,} are the most"
    return not sink.error("too-large", found, rubric.span, help="shorten the rubric, or the constraint that it repeats")


def _demands(cells: Sequence[Cell], variant: str, direction: str) -> list[str]:
    """The texts that a constraint has in the cells of a variant, each once."""
    return list(
        dict.fromkeys(cell.constraint for cell in cells if (cell.variant, cell.direction) == (variant, direction))
    )
