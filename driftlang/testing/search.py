"""A property and a strategy → whether it holds, by examples.

In: a function, a strategy, a number and a seed. Out: `Searched`; the smallest example that failed, where one did.
Refuses to do: keeping examples between runs (the database is off), and shrinking for longer than `SHRINKING` seconds.
"""

from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

from attrs import define, field, frozen
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import FlakyFailure, Unsatisfiable, UnsatisfiedAssumption
from hypothesis.strategies import SearchStrategy

#: Seconds that an example may be shrunk for.
SHRINKING = 10.0

Example = TypeVar("Example")


@frozen
class Found(Generic[Example]):
    """An example for which a property does not hold, and what was raised."""

    example: Example
    reason: str


@frozen
class Searched(Generic[Example]):
    """What came of a search: examples that were looked at, seconds, at most one that failed, and those passed over."""

    examples: int
    seconds: float
    found: tuple[Found[Example], ...] = ()
    passed_over: int = 0

    @property
    def share_passed_over(self) -> float:
        """Of all examples, those of which the property said nothing; all where there was none."""
        return self.passed_over / (self.examples + self.passed_over) if self.examples else 1.0


@define
class _Search(Generic[Example]):
    """A search that goes on: counts, and the failing example that came last, which is the smallest so far."""

    holds: Callable[[Example], None]
    examples: int = 0
    passed_over: int = 0
    found: list[Found[Example]] = field(factory=list)
    until: float = 0.0

    def look(self, example: Example) -> None:
        """Ask the property of an example.

        Raises:
            Exception: what the property raised, unless shrinking has taken its time.
        """
        if self.found and monotonic() > self.until and example != self.found[-1].example:
            return
        try:
            self.holds(example)
        except UnsatisfiedAssumption:
            self.passed_over += not self.found
            raise
        except Exception as trouble:
            self.until = self.until or monotonic() + SHRINKING
            self.found.append(Found(example, reason_of(trouble)))
            raise
        if not self.found:
            self.examples += 1


def search(
    holds: Callable[[Example], None],
    strategy: SearchStrategy[Example],
    examples: int,
    seed: int,
    *,
    shrinks: bool = True,
) -> Searched[Example]:
    """Look for an example for which `holds` raises; the same seed gives the same examples."""
    going = _Search(holds)
    start = monotonic()

    @seeded(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate, *([Phase.shrink] if shrinks else [])],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def run(example: Example) -> None:
        going.look(example)

    try:
        run()
    except (FlakyFailure, Unsatisfiable):
        pass  # the first comes of shrinking that was cut short; of the second, nothing was to be looked at
    except Exception:
        if not going.found:
            raise
    return Searched(going.examples, monotonic() - start, tuple(going.found[-1:]), going.passed_over)


def reason_of(trouble: Exception) -> str:
    """What was raised, on one line."""
    said = str(trouble).strip().split("\n")[0]
    return said if isinstance(trouble, AssertionError) and said else f"{type(trouble).__name__}: {said}"
