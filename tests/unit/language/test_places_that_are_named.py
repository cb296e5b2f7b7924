"""What complaints name of the language's words is what the model takes."""

from driftlang.model.forms import PLACES
from driftlang.syntax.complaints import PLACES_OF_CONSTRAINT


def test_the_places_that_a_complaint_lists_are_those_of_constraints():
    assert PLACES_OF_CONSTRAINT == PLACES
