"""Strategies and properties for tests of experiments, with hypothesis.

In: a `.drift` file, or nothing. Out: generated experiments, variants, mistakes, agents' edits and runs, and properties
that hold of them.
Refuses to do: running agents.

    from hypothesis import given
    from driftlang import testing

    @given(testing.variants("mine.drift"))
    def test_arms(variant):
        testing.arms_differ_only_in_injected_text(variant)

It needs hypothesis: `pip install 'driftlang[testing]'`.
"""

from driftlang.testing.edits import EditedWork, edits
from driftlang.testing.experiment import Experiment, NotValid, Subject, read_experiment
from driftlang.testing.mutations import mutations
from driftlang.testing.properties.building import build_is_a_function_of_its_source
from driftlang.testing.properties.cells import (
    arms_differ_only_in_injected_text,
    directions_differ_only_in_constraint_text,
    expand_is_deterministic,
    placebos_are_as_long_as_what_they_stand_for,
    removing_pressure_never_adds_injected_text,
    runs_pair_across_cells,
)
from driftlang.testing.properties.estimates import swapping_outcomes_complements_rates, swapping_poles_swaps_estimates
from driftlang.testing.properties.failed import PropertyFailed
from driftlang.testing.properties.injecting import what_is_injected_comes_out_again
from driftlang.testing.properties.pipeline import what_checks_is_built_or_refused
from driftlang.testing.properties.scoring import (
    scoring_is_invariant_under_formatting,
    swapping_poles_swaps_outcomes,
    twins_mirror_each_other,
)
from driftlang.testing.properties.texts import check_names_a_place, parse_of_format_is_the_identity
from driftlang.testing.properties.variants import a_variant_keeps_what_it_must
from driftlang.testing.runs import runs
from driftlang.testing.scenario_strategies import scenarios, studies
from driftlang.testing.variants import Variant, variants

__all__ = [
    "EditedWork",
    "Experiment",
    "NotValid",
    "PropertyFailed",
    "Subject",
    "Variant",
    "a_variant_keeps_what_it_must",
    "arms_differ_only_in_injected_text",
    "build_is_a_function_of_its_source",
    "check_names_a_place",
    "directions_differ_only_in_constraint_text",
    "edits",
    "expand_is_deterministic",
    "mutations",
    "parse_of_format_is_the_identity",
    "placebos_are_as_long_as_what_they_stand_for",
    "read_experiment",
    "removing_pressure_never_adds_injected_text",
    "runs",
    "runs_pair_across_cells",
    "scenarios",
    "scoring_is_invariant_under_formatting",
    "studies",
    "swapping_outcomes_complements_rates",
    "swapping_poles_swaps_estimates",
    "swapping_poles_swaps_outcomes",
    "twins_mirror_each_other",
    "variants",
    "what_checks_is_built_or_refused",
    "what_is_injected_comes_out_again",
]
