"""What goes between the coordinator of a run and the workers that make its attempts.

In: nothing; this module defines. Out: `Order`, and what it is answered with: `Attempted` or `PlanNeeded`.
Refuses to do: carrying a provider's key. A worker has its own, in the environment of its machine.
"""

import sys
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

from attrs import frozen

import driftlang
from driftlang.gateway.prices import Price
from driftlang.gateway.providers import Provider
from driftlang.run.commons import SandboxWish
from driftlang.run.ending import Ending
from driftlang.run.recorder import AttemptRecord
from driftlang.run.trial import Limits


@frozen
class Order:
    """One attempt to make.

    Attributes:
        identity: what the coordinator runs; see `identity`.
        run: tells the run from others; also the topic that is told of what happens.
        plan: where the plan is at the coordinator, which may be a shared folder.
        digest: of the plan's folder.
        trial: id of the trial.
        wish: for a sandbox; see `SandboxWish`.
        sandbox: what confines the agents of this run, on all workers alike.
        providers, prices: settings of models that are not simulated; see `Services`.
        budget: dollars that the attempt may spend; nothing for no bound.
    """

    identity: str
    run: str
    plan: str
    digest: str
    trial: str
    limits: Limits
    wish: SandboxWish
    sandbox: str
    providers: Mapping[str, Provider]
    prices: Mapping[str, Price]
    budget: Decimal | None


@frozen
class Attempted:
    """An attempt that was made."""

    record: AttemptRecord
    ending: Ending


@frozen
class PlanNeeded:
    """The worker at `address` has no copy of the plan."""

    address: str


@cache
def identity() -> str:
    """What must be equal where a run is worked on: version, sources, Python's minor version."""
    package = Path(driftlang.__file__).parent
    total = sha256()
    for path in sorted(package.rglob("*.py")):
        total.update(path.relative_to(package).as_posix().encode() + b"\0" + sha256(path.read_bytes()).digest())
    major, minor = sys.version_info[:2]
    return f"driftlang {driftlang.__version__} ({total.hexdigest()[:12]}) on Python {major}.{minor}"
