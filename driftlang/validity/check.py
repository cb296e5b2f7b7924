"""Model → findings: the rules of the design, one file a rule.

In: a model. Out: findings in the sink.
Refuses to do: rendering, injecting and scoring; see `proof/`.
"""

from collections.abc import Callable, Sequence

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Model, Scenario, Study
from driftlang.source import Span
from driftlang.validity.design.bad_date import check_bad_date
from driftlang.validity.design.command_only import check_command_only
from driftlang.validity.design.direction_hint import check_direction_hint
from driftlang.validity.design.idle_entry import check_idle_judge, check_idle_scenario
from driftlang.validity.design.leaking_file import check_leaking_file
from driftlang.validity.design.no_placebo import check_no_placebo
from driftlang.validity.design.placebo_leans import check_placebo_leans
from driftlang.validity.design.reveals_experiment import check_reveals_experiment
from driftlang.validity.design.severity_tracks_step import check_severity_tracks_step
from driftlang.validity.design.task_tracks_step import check_task_tracks_step
from driftlang.validity.design.unbalanced_polarity import check_unbalanced_polarity
from driftlang.validity.design.underpowered import check_underpowered
from driftlang.validity.design.uneven_pressure import check_uneven_pressure
from driftlang.validity.design.uneven_twins import check_uneven_twins
from driftlang.validity.design.unmatched_twins import check_unmatched_twins

#: Rules of a scenario, each at every level that it varies.
SCENARIO_RULES: tuple[Callable[[Scenario, Sink], None], ...] = (
    check_no_placebo,
    check_unbalanced_polarity,
    check_unmatched_twins,
    check_placebo_leans,
    check_command_only,
    check_bad_date,
    check_leaking_file,
    check_uneven_twins,
    check_uneven_pressure,
    check_idle_scenario,
)
#: Rules of a scenario with all that its declaration stands for (see `Scenario.variants`).
DECLARATION_RULES: tuple[Callable[[Sequence[Scenario], Sink], None], ...] = (check_severity_tracks_step,)
#: Rules of a study as a whole.
STUDY_RULES: tuple[Callable[[Study, Sink], None], ...] = (
    check_task_tracks_step,
    check_underpowered,
    check_idle_judge,
)
#: Rules of all that agents may read, whose repositories several scenarios may share.
MODEL_RULES: tuple[Callable[[Model, Sink], None], ...] = (check_direction_hint, check_reveals_experiment)


def check_design(model: Model, sink: Sink) -> None:
    """Apply every rule to every scenario and study of a model."""
    declared: dict[Span, list[Scenario]] = {}
    for scenario in model.scenarios:
        declared.setdefault(scenario.span, []).append(scenario)
        for check_scenario in SCENARIO_RULES:
            check_scenario(scenario, sink)
    for variants in declared.values():
        for check_declaration in DECLARATION_RULES:
            check_declaration(variants, sink)
    for study in model.studies:
        for check_study in STUDY_RULES:
            check_study(study, sink)
    for check_model in MODEL_RULES:
        check_model(model, sink)
