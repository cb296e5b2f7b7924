"""The property of variants: each keeps what it must.

In: a variant. Out: nothing; `PropertyFailed` where more has changed than the change may change.
"""

from attrs import evolve

from driftlang.cells.forms import Cell, Injection
from driftlang.diagnostics.diagnostic import Sink
from driftlang.syntax.read import read
from driftlang.syntax.same_program import is_same_program
from driftlang.testing.experiment import Experiment, NotValid
from driftlang.testing.properties.failed import require
from driftlang.testing.variants import CELLS, PROGRAM, Variant


def a_variant_keeps_what_it_must(variant: Variant) -> None:
    """White space, layout and comments keep the program; order and names the cells; wording who speaks when.

    >>> from hypothesis import given, settings
    >>> from driftlang import testing
    >>> @settings(max_examples=20, database=None, deadline=None)
    ... @given(testing.variants("scenarios/hello.drift"))
    ... def test_variants(variant):
    ...     testing.a_variant_keeps_what_it_must(variant)
    >>> test_variants()
    """
    try:
        variant.experiment.model()
    except NotValid as wrong:
        variant.original.model()  # where this does not check either, nothing is asked of the variant
        require(False, f"the file checks, and after a change of {variant.change} no more: {wrong}")
    if variant.keeps == PROGRAM:
        one, other = (read(each.text, 0, Sink()) for each in (variant.original, variant.experiment))
        require(is_same_program(one, other), f"a change of {variant.change} changes what the file says")
    before, after = (_cells(each) for each in (variant.original, variant.experiment))
    if variant.keeps in (PROGRAM, CELLS):
        names = {injection.message for cell in after.values() for injection in _injections(cell)}
        same = {name: _without_names(cell) for name, cell in before.items()} == {
            name: _without_names(cell) for name, cell in after.items()
        }
        require(same, f"a change of {variant.change} changes cells (which say {', '.join(sorted(names)) or 'nothing'})")
    else:
        same = {name: _skeleton(cell) for name, cell in before.items()} == {
            name: _skeleton(cell) for name, cell in after.items()
        }
        require(same, f"a change of {variant.change} changes who speaks when")


def _cells(experiment: Experiment) -> dict[str, Cell]:
    return {f"{study.name}:{cell.id}": cell for study in experiment.studies() for cell in experiment.cells(study)}


def _injections(cell: Cell) -> list[Injection]:
    return [one for script in cell.scripts for turn in script.turns for one in turn.injections]


def _without_names(cell: Cell) -> Cell:
    """The cell without the name of its placebo, which no agent meets."""

    def renamed(one: Injection) -> Injection:
        return one if one.toward else evolve(one, message="")

    def script_of(turns: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(evolve(turn, injections=tuple(map(renamed, turn.injections))) for turn in turns)

    return evolve(
        cell,
        scripts=tuple(
            evolve(
                script,
                turns=script_of(script.turns),
                branches=tuple(evolve(branch, turns=script_of(branch.turns)) for branch in script.branches),
            )
            for script in cell.scripts
        ),
    )


def _skeleton(cell: Cell) -> list[object]:
    """Who speaks when, and how gravely."""
    return [
        (script.seed, turn.position, turn.step, [(one.place, one.severity, one.toward) for one in turn.injections])
        for script in cell.scripts
        for turn in script.turns
    ]
