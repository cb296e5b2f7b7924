"""All ready properties, and what each is asked of.

In: an experiment, or none. Out: `Property`s with their strategies.
"""

from collections.abc import Callable

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from driftlang import testing
from driftlang.testing.experiment import Experiment, Subject, is_valid
from driftlang.testing.runs import Trials

#: How often a mutation is drawn anew that does not check.
_MORE_TRIES = 4


@frozen
class Property:
    """A property of experiments.

    Attributes:
        holds: raises where it does not.
        subjects: what it is asked of, made of an experiment; generated ones are among them.
        own: what is made of the experiment alone; nothing where the property is asked of the experiment itself.
        is_of_valid: whether an experiment must check to be asked.
    """

    holds: Callable[..., None]
    subjects: Callable[[Experiment], SearchStrategy[Subject]]
    own: tuple[Callable[[Experiment], SearchStrategy[Subject]], ...] = ()
    is_of_valid: bool = True

    @property
    def name(self) -> str:
        """The function's name."""
        return self.holds.__name__


@frozen
class RunProperty:
    """A property of scored runs, which no experiment is needed for."""

    holds: Callable[[Trials], None]

    @property
    def name(self) -> str:
        """The function's name."""
        return self.holds.__name__


def _experiments(of: Experiment) -> SearchStrategy[Subject]:
    return testing.variants(of) | testing.scenarios() | testing.studies()


def _variants(of: Experiment) -> SearchStrategy[Subject]:
    return testing.variants(of) | testing.variants()


def _mutations(of: Experiment) -> SearchStrategy[Subject]:
    return testing.mutations(of) | testing.mutations()


@st.composite
def _mutations_that_check(draw: DrawFn, of: Experiment) -> Subject:
    """Mutations, half of which check: of all, one in eight does, so that next to nothing would be built."""
    mutations = _mutations(of)
    subject = draw(mutations)
    for _ in range(_MORE_TRIES):
        if _checks(subject):
            break
        subject = draw(mutations)
    return subject


def _checks(subject: Subject) -> bool:
    try:
        return is_valid(subject.experiment)
    except Exception:  # noqa: BLE001 - what cannot even be checked is for the property to tell
        return True


def _edits(of: Experiment) -> SearchStrategy[Subject]:
    return testing.edits(of) | testing.edits()


#: In the order in which they are run: the cheap ones first.
PROPERTIES: tuple[Property, ...] = (
    Property(testing.check_names_a_place, _mutations, is_of_valid=False),
    Property(testing.what_checks_is_built_or_refused, _mutations_that_check, is_of_valid=False),
    Property(testing.parse_of_format_is_the_identity, _experiments, is_of_valid=False),
    Property(testing.a_variant_keeps_what_it_must, _variants, (testing.variants,)),
    Property(testing.expand_is_deterministic, _experiments),
    Property(testing.runs_pair_across_cells, _experiments),
    Property(testing.placebos_are_as_long_as_what_they_stand_for, _experiments),
    Property(testing.removing_pressure_never_adds_injected_text, _experiments),
    Property(testing.what_is_injected_comes_out_again, _experiments),
    Property(testing.scoring_is_invariant_under_formatting, _experiments),
    Property(testing.swapping_poles_swaps_outcomes, _experiments),
    Property(testing.twins_mirror_each_other, _edits, (testing.edits,)),
    Property(testing.arms_differ_only_in_injected_text, _experiments),
    Property(testing.directions_differ_only_in_constraint_text, _experiments),
    Property(testing.build_is_a_function_of_its_source, _experiments),
)
RUN_PROPERTIES: tuple[RunProperty, ...] = (
    RunProperty(testing.swapping_poles_swaps_estimates),
    RunProperty(testing.swapping_outcomes_complements_rates),
)
