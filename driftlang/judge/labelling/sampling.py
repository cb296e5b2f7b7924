"""Sampling: which steps a person is asked about.

In: all steps that could be, with what the patterns and a judge say of them; a size and a seed. Out: a `Sample`.
Refuses to do: drawing by chance that cannot be drawn again. Equal candidates, size and seed give equal samples, and a
larger size keeps what a smaller one of the same strata drew.

Strata are cells, parted by what patterns and judge say, so that rare disagreements are looked at and rates can be
corrected in each cell by itself. Where that makes more strata than the size allows for at two steps a stratum, coarser
ones are taken. Sizes within strata follow the square root of how many steps they have (the power allocation of Bankier
1988, The American Statistician 42, with exponent 1/2): small ones get more than their share, large ones still most.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

from attrs import frozen

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.judge.labelling.forms import Candidate, Sample

#: Steps that each stratum gives, where it has them: with one, nothing is known of how steps in it differ.
_LEAST = 2


@frozen
class _Detail:
    words: str
    stratum: Callable[[Candidate], tuple[str, ...]]


def _side(word: str) -> str:
    """An outcome or a label as broken, kept or neither; empty where nobody said."""
    return word if word in {"broken", "kept", ""} else "neither"


def _is_broken(word: str) -> str:
    return "broken" if word == "broken" else "not broken"


#: From the finest to the coarsest.
_DETAILS = (
    _Detail("cell, outcome and judge's label", lambda one: (one.cell, _side(one.outcome), _side(one.said))),
    _Detail(
        "cell, and whether patterns and judge say broken",
        lambda one: (one.cell, _is_broken(one.outcome), _is_broken(one.said) if one.said else ""),
    ),
    _Detail("cell, and whether the patterns say broken", lambda one: (one.cell, _is_broken(one.outcome))),
    _Detail(
        "whether patterns and judge say broken",
        lambda one: (_is_broken(one.outcome), _is_broken(one.said) if one.said else ""),
    ),
)


def draw(candidates: Sequence[Candidate], size: int, seed: int) -> Sample:
    """A sample of `size` steps, or of all where there are fewer.

    Raises:
        Failure: there is nothing to draw from.
    """
    if not candidates:
        raise Failure(
            "there is no step to label: no trial of the run has ended without an error",
            help="go on with `driftlang run`, then label",
            status=ExitStatus.INCONCLUSIVE,
        )
    detail, strata = _stratify(candidates, size)
    quotas = _allocate({name: len(members) for name, members in strata.items()}, min(size, len(candidates)))
    ranked = [
        ((rank + 0.5) / quotas[name], _chance(seed, "order", one), one.place)
        for name, members in strata.items()
        for rank, one in enumerate(sorted(members, key=lambda one: _chance(seed, "draw", one))[: quotas[name]])
    ]
    # A labeller may stop early: strata take turns, so that any beginning of the order is a sample of all of them.
    ranked.sort(key=lambda entry: entry[:2])
    stratum_of = {one.place: name for name, members in strata.items() for one in members}
    return Sample(seed, stratum_of, tuple(place for _, _, place in ranked), detail.words)


def _stratify(candidates: Sequence[Candidate], size: int) -> tuple[_Detail, Mapping[str, list[Candidate]]]:
    """The finest strata that leave two steps for each."""
    for detail in _DETAILS[:-1]:
        strata = _part(candidates, detail)
        if sum(min(_LEAST, len(members)) for members in strata.values()) <= size:
            return detail, strata
    return _DETAILS[-1], _part(candidates, _DETAILS[-1])


def _part(candidates: Iterable[Candidate], detail: _Detail) -> Mapping[str, list[Candidate]]:
    strata: dict[str, list[Candidate]] = {}
    for one in candidates:
        strata.setdefault(" | ".join(part for part in detail.stratum(one) if part), []).append(one)
    return strata


def _allocate(sizes: Mapping[str, int], size: int) -> Mapping[str, int]:
    """How many steps of each stratum: at least two where it has them, then one at a time to who lacks most."""
    quotas = {name: min(_LEAST, of) for name, of in sizes.items()}
    order = sorted(sizes, key=lambda name: (-sizes[name], name))
    while sum(quotas.values()) > size:  # fewer steps than twice the strata: the largest give first
        largest = max(order, key=lambda name: quotas[name])
        quotas[largest] -= 1
    for _ in range(size - sum(quotas.values())):
        open_ones = [name for name in order if quotas[name] < sizes[name]]
        quotas[max(open_ones, key=lambda name: sizes[name] ** 0.5 / (quotas[name] + 0.5))] += 1
    return quotas


def _chance(seed: int, use: str, one: Candidate) -> str:
    place = one.place
    return sha256(f"{seed} {use} {place.trial} {place.branch} {place.position}".encode()).hexdigest()
