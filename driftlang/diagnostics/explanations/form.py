"""The form of an explanation.

In: nothing; this module defines. Out: `Explanation`.
"""

from collections.abc import Mapping

from attrs import field

from driftlang.record import frozen


@frozen
class Explanation:
    """What a diagnostic means.

    Attributes:
        id: the permanent id.
        title: what it is about, in a few words.
        why: why it matters, and what to do about it.
        bad: a file that has it.
        good: a file that has no diagnostic.
        files: further files beside the two, by path: text, or `-> PATH` for a link.
        stage: the command that finds it first: `check`, `build` or `test`.
        can_allow: whether an author may accept it by `allow ID "reason"`: it weakens the experiment, but leaves one.
        group: what it is about: `syntax`, `names`, `world`, `design`, `places`, `sessions`, `validity` or
            `proof`; given by the catalogue.
    """

    id: str
    title: str
    why: str
    bad: str
    good: str
    files: Mapping[str, str] = field(factory=dict)
    stage: str = "check"
    can_allow: bool = False
    group: str = ""
