"""The catalogue of diagnostics: every id, what it means, why it matters, and an example with it and one without.

In: nothing; this module gathers what `explanations/` defines. Out: `CATALOGUE`, by id, and `GROUPS`.
Refuses to do: finding anything. Ids are permanent: one that is no longer given moves to `RETIRED`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import evolve

from driftlang.diagnostics.explanations.design import DESIGN
from driftlang.diagnostics.explanations.form import Explanation
from driftlang.diagnostics.explanations.names import NAMES
from driftlang.diagnostics.explanations.places import PLACES
from driftlang.diagnostics.explanations.proof import PROOF
from driftlang.diagnostics.explanations.sessions import SESSIONS
from driftlang.diagnostics.explanations.syntax import SYNTAX
from driftlang.diagnostics.explanations.validity import VALIDITY
from driftlang.diagnostics.explanations.validity_texts import TEXTS
from driftlang.diagnostics.explanations.world import WORLD

#: Groups of explanations: what is read first comes first.
GROUPS: Mapping[str, tuple[Explanation, ...]] = MappingProxyType(
    {
        name: tuple(evolve(explanation, group=name) for explanation in explanations)
        for name, explanations in (
            ("syntax", SYNTAX),
            ("names", NAMES),
            ("world", WORLD),
            ("design", DESIGN),
            ("places", PLACES),
            ("sessions", SESSIONS),
            ("validity", VALIDITY),
            ("texts", TEXTS),
            ("proof", PROOF),
        )
    }
)
#: Explanations by id.
CATALOGUE: Mapping[str, Explanation] = MappingProxyType(
    {explanation.id: explanation for explanations in GROUPS.values() for explanation in explanations}
)
#: Ids that were given once and mean nothing any more, and what to read instead; none of them is used again.
RETIRED: Mapping[str, str] = MappingProxyType({})
#: Ids of findings that an author may accept on purpose, by `allow ID "reason"`: of the design, never of the language.
ACCEPTABLE: frozenset[str] = frozenset(name for name, explanation in CATALOGUE.items() if explanation.can_allow)

__all__ = ["ACCEPTABLE", "CATALOGUE", "GROUPS", "RETIRED", "Explanation"]
