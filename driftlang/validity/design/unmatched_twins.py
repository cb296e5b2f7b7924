"""`unmatched-twins`: the texts of two constraints that pull apart are alike in length, form and number of examples.

In: a scenario. Out: an error for each constraint with no counterpart on the other side that is worded like it.
Refuses to do: judging what the texts mean, or how well they are written.

Why: two directions are to differ in what they demand, and in nothing else. A rule that is longer, that shows an
example where its twin shows none, or that forbids where its twin asks is followed to another degree by itself, and
the difference would be taken for one between values.
Limits: words, sentences that forbid, negations, words that leave a way out (`should`, `if possible`) and examples are
counted by fixed lists of English words. A text that forbids in other words (`the environment is off limits`), and texts
in another language, are matched by length and code spans alone. Where a side has several constraints, one counterpart
that matches is enough.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from driftlang.diagnostics.diagnostic import Diagnostic, Label, Sink
from driftlang.model.forms import Constraint, Factor, Level, Scenario
from driftlang.record import frozen
from driftlang.validity.wording import examples, hedges, length, negations, prohibitions

#: How far two texts may be apart in words and in examples, as a share of the larger number. The eight pairs of the
#: library, matched by hand, are at most 16 % apart; a rule with one more clause than its twin is 30 % and more.
TOLERANCE = 0.25
#: Words that two short texts may be apart all the same: an article here, a particle there.
FEW_WORDS = 3
#: Examples that a text may have more than its twin where both have some: where one demand names a place to put things,
#: the other may have none to name.
FEW_EXAMPLES = 1
#: Negations that one text may have more. English negates in passing (`without a single step`): the library's pairs
#: differ by one at most.
FEW_NEGATIONS = 1
#: Combinations of the levels that the texts speak of which are compared.
MOST_COMBINATIONS = 64


def check_unmatched_twins(scenario: Scenario, sink: Sink) -> None:
    """Say of which constraint no counterpart is worded alike, once for each two, at the later of them."""
    said: set[frozenset[str]] = set()
    for constraint in scenario.constraints:
        found = _unlike(constraint, scenario)
        if found is None:
            continue
        other, difference = found
        if (pair := frozenset((constraint.name, other.name))) in said:
            continue
        said.add(pair)
        first, second = sorted((constraint, other), key=lambda one: (one.span.file, one.span.start))
        sink.add(
            Diagnostic(
                "unmatched-twins",
                f"the texts of `{first.name}` and `{second.name}` differ in more than what they demand: {difference}",
                second.text.span,
                help="word the two alike, clause by clause",
                labels=(Label(first.text.span, "its counterpart"),),
                blocks=(first.text.span, scenario.conflict.span, scenario.span),
            )
        )


def _unlike(constraint: Constraint, scenario: Scenario) -> tuple[Constraint, str] | None:
    """The first counterpart and how it differs, where each of them does; nothing where one is worded alike."""
    first: tuple[Constraint, str] | None = None
    for other in scenario.constraints:
        if other.favors != constraint.favors:
            difference = _first_difference(constraint, other, scenario)
            if not difference:
                return None
            first = first or (other, difference)
    return first


def differences(one: str, other: str) -> Iterator[str]:
    """In what two texts differ beyond tolerance, each as words that say the measure and the threshold.

    What it says does not depend on which text comes first, but for the order of the two numbers.
    """
    here, there = _measure(one), _measure(other)
    few_examples = FEW_EXAMPLES if here.examples and there.examples else 0
    for first, second, what, few in (
        (here.words, there.words, "words", FEW_WORDS),
        (here.examples, there.examples, "examples", few_examples),
    ):
        most = max(few, int(TOLERANCE * max(first, second)))
        if abs(first - second) > most:
            yield f"{first} and {second} {what}, where {most} more are tolerated ({TOLERANCE:.0%})"
    if here.prohibitions != there.prohibitions:
        yield f"{here.prohibitions} and {there.prohibitions} sentences that forbid, where as many are expected"
    if abs(here.negations - there.negations) > FEW_NEGATIONS:
        yield f"{here.negations} and {there.negations} negations, where {FEW_NEGATIONS} more is tolerated"
    if here.hedges != there.hedges:
        yield f"{here.hedges} and {there.hedges} words that leave a way out, where as many are expected"


@frozen
class _Measures:
    """What is counted in a text."""

    words: int
    examples: int
    prohibitions: int
    negations: int
    hedges: int


@lru_cache(maxsize=1024)
def _measure(text: str) -> _Measures:
    return _Measures(length(text), examples(text), prohibitions(text), negations(text), hedges(text))


def _first_difference(one: Constraint, other: Constraint, scenario: Scenario) -> str:
    """In what they differ at the first combination of levels at which they do; empty where they do not."""
    first, second = sorted((one, other), key=lambda each: (each.span.file, each.span.start))
    for here, there in _renderings((first, second), scenario):
        if found := "; ".join(differences(here, there)):
            return found
    return ""


def _renderings(pair: Sequence[Constraint], scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """Both texts at every level of the factors that they may speak of."""
    if not any(one.text.names for one in pair):
        yield tuple("".join(map(str, one.text.parts)) for one in pair)
        return
    from itertools import islice, product

    from driftlang.cells.texts import bind_cell

    free = [factor for factor in scenario.factors if factor.levels[0].text]
    for levels in islice(product(*(factor.levels for factor in free)), MOST_COMBINATIONS):
        chosen: Mapping[Factor, Level] = dict(zip(free, levels, strict=True))
        bindings = bind_cell(chosen, scenario.tasks)
        yield tuple(bindings.render(one.text) for one in pair)
