"""What a mutant is made of, and what it is.

In: nothing; this module defines. Out: `Subject` (in) and `Work` (out) of every kind of mutant.
"""

from collections.abc import Mapping

from attrs import field, frozen

from driftlang.score.units import difference


@frozen
class Work:
    """What a step did: the files behind it by path, the commands that it ran, its answer."""

    files: Mapping[str, bytes] = field(repr=False)
    commands: tuple[str, ...] = ()
    reply: str = "Done."


@frozen
class Subject:
    """A reference solution as it was played.

    Attributes:
        before: the files that it found, by path.
        done: what it did.
        other: what the solution for the other value did from the same files; none where there is no such solution.
        targets: the step's files.
    """

    before: Mapping[str, bytes] = field(repr=False)
    done: Work
    other: tuple[Work, ...]
    targets: tuple[str, ...]

    @property
    def written(self) -> tuple[str, ...]:
        """Paths of the files that it made or changed, sorted."""
        after = self.done.files
        return tuple(path for path in sorted(after) if self.before.get(path) != after[path])

    def added(self, path: str) -> frozenset[int]:
        """Numbers, from 1, of the lines that it added to a file."""
        return frozenset(difference(self.before.get(path, b""), self.done.files[path]).added)
