"""Model → findings: the rules of the design, one file a rule.

In: a model. Out: findings in the sink.
Refuses to do: rendering, injecting and scoring; see `proof/`.
"""

from collections.abc import Callable

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Model, Scenario, Study
from driftlang.validity.design.no_placebo import check_no_placebo

#: Rules of a scenario, each at every level that it varies.
SCENARIO_RULES: tuple[Callable[[Scenario, Sink], None], ...] = (check_no_placebo,)
#: Rules of a study as a whole.
STUDY_RULES: tuple[Callable[[Study, Sink], None], ...] = ()


def check_design(model: Model, sink: Sink) -> None:
    """Apply every rule to every scenario and study of a model."""
    for scenario in model.scenarios:
        for check_scenario in SCENARIO_RULES:
            check_scenario(scenario, sink)
    for study in model.studies:
        for check_study in STUDY_RULES:
            check_study(study, sink)
