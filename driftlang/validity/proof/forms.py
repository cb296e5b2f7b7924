"""What the tests of a file came to.

In: nothing; this module defines. Out: `Proof`.
"""

from collections.abc import Mapping

from attrs import field, frozen

#: The kind of a row that is about the solutions as they are.
PLAIN = "solution"


@frozen
class PatternProof:
    """The `hit`s and `miss`es of a pattern, and how many of them failed."""

    name: str
    surface: str
    hits: int
    misses: int
    failed: int


@frozen
class RubricProof:
    """The worked examples of a rubric, and how many of them the patterns contradict."""

    name: str
    examples: int
    contradicted: int


@frozen
class ConfusionRow:
    """How the mutants of one kind ended that were to end alike.

    Attributes:
        kind: what was made of the reference solutions; see `mutants.kinds`.
        expected: what they must end as.
        outcomes: how many ended as what.
        wrong: how many ended as they must not, strings apart (see `ScenarioProof.in_strings`).
        not_made: how many solutions no such mutant can be made of.
    """

    kind: str
    expected: str
    outcomes: Mapping[str, int]
    wrong: int
    not_made: int


@frozen
class ScenarioProof:
    """The reference solutions of a scenario.

    Attributes:
        directions: its constraints.
        steps, solutions: how many there are.
        outcomes: how many were scored: each solution under each constraint, after each way in which the steps that it
            follows may have been solved.
        failed: how many of those outcomes are not what the solution's value implies.
        confusion: how solutions and mutants of them ended, beside what they must end as.
        in_strings: patterns that hit a solution in a string, and would not by `added code outside strings`.
    """

    name: str
    directions: tuple[str, ...]
    steps: int
    solutions: int
    outcomes: int
    failed: int
    confusion: tuple[ConfusionRow, ...] = ()
    in_strings: tuple[str, ...] = ()

    @property
    def of_mutants(self) -> tuple[ConfusionRow, ...]:
        """The rows that are not about the solutions as they are."""
        return tuple(row for row in self.confusion if row.kind != PLAIN)

    @property
    def evaded(self) -> int:
        """How many outcomes of mutants are not what they must be."""
        return sum(row.wrong for row in self.of_mutants)


@frozen
class Coverage:
    """What no test exercises: names of patterns, `PATTERN:NUMBER` of expressions, `TASKS.STEP` of steps, rubrics."""

    without_hit: tuple[str, ...] = ()
    without_miss: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()
    without_solution: tuple[str, ...] = ()
    without_example: tuple[str, ...] = ()


@frozen
class Proof:
    """What the tests of a file came to; coverage is empty where only some of them were run."""

    patterns: tuple[PatternProof, ...] = ()
    rubrics: tuple[RubricProof, ...] = ()
    scenarios: tuple[ScenarioProof, ...] = ()
    coverage: tuple[Coverage, ...] = field(default=())

    @property
    def count(self) -> int:
        """How many tests were run: examples of patterns and rubrics, outcomes of solutions and of mutants."""
        examples = sum(pattern.hits + pattern.misses for pattern in self.patterns)
        judged = sum(rubric.examples for rubric in self.rubrics)
        mutants = sum(sum(row.outcomes.values()) for each in self.scenarios for row in each.of_mutants)
        return examples + judged + mutants + sum(scenario.outcomes for scenario in self.scenarios)

    @property
    def failed(self) -> int:
        """How many of them failed; what a rubric's example contradicts is no failure."""
        return sum(pattern.failed for pattern in self.patterns) + sum(
            scenario.failed + scenario.evaded for scenario in self.scenarios
        )
