"""The catalogue of diagnostics: every id, what it means, why it matters, and an example with it and one without.

In: nothing; this module gathers what `explanations/` defines. Out: `CATALOGUE`, by id.
Refuses to do: finding anything. Ids are permanent: one that is no longer given moves to `RETIRED`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from driftlang.diagnostics.explanations.design import DESIGN
from driftlang.diagnostics.explanations.form import Explanation
from driftlang.diagnostics.explanations.names import NAMES
from driftlang.diagnostics.explanations.proof import PROOF
from driftlang.diagnostics.explanations.sessions import SESSIONS
from driftlang.diagnostics.explanations.syntax import SYNTAX
from driftlang.diagnostics.explanations.world import WORLD

#: Explanations by id: what is read first comes first.
CATALOGUE: Mapping[str, Explanation] = MappingProxyType(
    {explanation.id: explanation for explanation in (*SYNTAX, *NAMES, *WORLD, *DESIGN, *PROOF, *SESSIONS)}
)
#: Ids of findings that an author may accept on purpose, by `allow ID "reason"`: of the design, never of the language.
ACCEPTABLE: frozenset[str] = frozenset({"compaction-spares-rule", "leaking-file", "one-sided-conflict"})
#: Ids that were given once and mean nothing any more; none of them is used again.
RETIRED: frozenset[str] = frozenset()

__all__ = ["ACCEPTABLE", "CATALOGUE", "RETIRED", "Explanation"]
