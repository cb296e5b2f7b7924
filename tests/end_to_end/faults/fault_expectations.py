"""What a run is to make of a fault.

In: nothing; this module defines. Out: `Expected`.
"""

from attrs import frozen

#: How a trial ends that a fault struck.
ENDS, GOES_ON = "error", "finished"


@frozen
class Expected:
    """What a trial comes to.

    Attributes:
        status: of the trial, in the journal.
        reason: what the reason says, among other things.
        within: seconds from the first strike to the end of the step.
        outcome: of the step that was struck, where the trial goes on.
        same_tree: whether the trial comes to what an undisturbed one does, where it goes on.
        varies: what the table says in place of a reason that is not the same each time.
    """

    status: str
    reason: str = ""
    within: float = 20.0
    outcome: str = "broken"
    same_tree: bool = True
    varies: str = ""
