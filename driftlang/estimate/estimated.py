"""Estimated numbers and tests, as every analysis gives them.

In: nothing; this module defines. Out: `Estimated`, `Tested`.
"""

from attrs import frozen


@frozen
class Estimated:
    """A number between its limits.

    Attributes:
        units: runs (or pairs of runs) that it rests on; with none there is no value, and the limits rule nothing out.
        level: coverage asked for, such as 0.95.
        method: where the limits come from, in words.
    """

    value: float
    low: float
    high: float
    units: int
    level: float
    method: str

    @property
    def has_data(self) -> bool:
        """Whether it rests on anything."""
        return self.units > 0

    @property
    def excludes_zero(self) -> bool:
        """Whether both limits are on one side of zero."""
        return self.has_data and (self.low > 0 or self.high < 0)


@frozen
class Tested:
    """A test: the null it is of, in words, and how surprising the data would be under it.

    Attributes:
        adjusted: the p value after Holm's correction over `family` tests; equal to `p_value` where it stands alone.
    """

    null: str
    method: str
    p_value: float
    units: int
    family: int = 1
    adjusted: float = 1.0
