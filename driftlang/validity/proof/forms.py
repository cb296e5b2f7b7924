"""What the tests of a file came to.

In: nothing; this module defines. Out: `Proof`.
"""

from attrs import field, frozen


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
class ScenarioProof:
    """The reference solutions of a scenario.

    Attributes:
        directions: its constraints.
        steps, solutions: how many there are.
        outcomes: how many were scored: each solution under each constraint, after each way in which the steps that it
            follows may have been solved.
        failed: how many of those outcomes are not what the solution's value implies.
    """

    name: str
    directions: tuple[str, ...]
    steps: int
    solutions: int
    outcomes: int
    failed: int


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
        """How many tests were run: examples of patterns and rubrics, outcomes of solutions."""
        examples = sum(pattern.hits + pattern.misses for pattern in self.patterns)
        judged = sum(rubric.examples for rubric in self.rubrics)
        return examples + judged + sum(scenario.outcomes for scenario in self.scenarios)

    @property
    def failed(self) -> int:
        """How many of them failed; what a rubric's example contradicts is no failure."""
        return sum(pattern.failed for pattern in self.patterns) + sum(scenario.failed for scenario in self.scenarios)
