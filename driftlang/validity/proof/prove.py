"""Model → proof: every test that stands in a file, run.

In: a model, and a part of a name to choose by. Out: `Proof`; findings in the sink.
Refuses to do: anything that writes, and running commands of solutions.
"""

from collections.abc import Callable, Sequence

from attrs import evolve

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.evidence import patterns_of
from driftlang.model.forms import Constraint, Model, Pattern, Scenario, Step
from driftlang.validity.proof.coverage import cover
from driftlang.validity.proof.forms import Proof, ScenarioProof
from driftlang.validity.proof.patterns import prove_pattern
from driftlang.validity.proof.plays import Play, told_factors
from driftlang.validity.proof.rubrics import prove_rubric
from driftlang.validity.proof.solutions import prove_solutions


def prove(model: Model, sink: Sink, wanted: str = "") -> Proof:
    """Run the tests of a model.

    Args:
        model: what they stand in.
        sink: gets what failed.
        wanted: run those alone of patterns, rubrics, scenarios and steps whose name has this part; coverage is told
            of all of them only.
    """
    constraints = tuple(dict.fromkeys(each for scenario in model.scenarios for each in scenario.constraints))
    patterns = _patterns(model, constraints)
    rubrics = tuple(dict.fromkeys((*model.rubrics, *(each for one in constraints for each in one.judge))))
    scenarios, played = _prove_scenarios(model.scenarios, wanted, sink)
    return Proof(
        tuple(prove_pattern(each, sink) for each in patterns if wanted in each.name),
        tuple(prove_rubric(each, constraints, sink) for each in rubrics if wanted in each.name),
        scenarios,
        () if wanted else (cover(patterns, rubrics, played, sink),),
    )


def _patterns(model: Model, constraints: Sequence[Constraint]) -> tuple[Pattern, ...]:
    """Every pattern, as it reads at each of the levels that `when` speaks of: those of one text once."""
    sides = [side for constraint in constraints for side in (constraint.kept, constraint.broken)]
    return tuple(dict.fromkeys((*model.patterns, *(pattern for side in sides for pattern in patterns_of(side)))))


def _prove_scenarios(
    scenarios: Sequence[Scenario], wanted: str, sink: Sink
) -> tuple[tuple[ScenarioProof, ...], list[tuple[Scenario, tuple[Play, ...]]]]:
    """The scenarios' proofs, and what was played; scenarios over the same steps and rules are proved once."""
    proofs: list[ScenarioProof] = []
    played: list[tuple[Scenario, tuple[Play, ...]]] = []
    done: dict[tuple[object, ...], ScenarioProof] = {}
    for scenario in scenarios:
        is_wanted = _chooser(scenario, wanted)
        if not any(map(is_wanted, scenario.tasks.steps)):
            continue
        levels = (tuple(told_factors(scenario)), tuple(scenario.fixed.items()))
        key = (scenario.tasks, scenario.repo, scenario.conflict, scenario.constraints, levels)
        if wanted or key not in done:
            done[key], plays = prove_solutions(scenario, is_wanted, sink)
            played.append((scenario, plays))
        proofs.append(evolve(done[key], name=scenario.key))
    return tuple(proofs), played


def _chooser(scenario: Scenario, wanted: str) -> Callable[[Step], bool]:
    """Which steps are wanted: all, where the scenario's name has the part."""
    return lambda step: wanted in scenario.name or wanted in step.name
