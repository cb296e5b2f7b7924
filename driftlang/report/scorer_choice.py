"""Other scorers than those of a plan: from files that a build wrote, or from a source as it is now.

In: paths. Out: `ScorerChoice`, which `gather` scores a finished run by; and what departs from the plan in one sentence.
Refuses to do: half a choice. A scorer of the plan that nothing takes the place of is a `Failure`.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from driftlang.build.manifest import MANIFEST_FILE
from driftlang.build.plan_toml import read_scorer
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.run.folder import FORMER_PLANS, PLAN_FOLDER
from driftlang.score.forms import Scorer

#: Where a plan's folder has its scorers.
_SCORERS = "scorers"
#: Stands for every path.
_ANY = ""


@frozen
class ScorerChoice:
    """Scorers by their paths in a plan's folder, and where they come from."""

    origin: str
    _scorers: Mapping[str, Scorer]

    def of(self, path: str) -> Scorer:
        """The scorer that takes the place of the one at `path`.

        Raises:
            Failure: there is none.
        """
        found = self._scorers.get(path) or self._scorers.get(_ANY)
        if found is None:
            there = ", ".join(f"`{name}`" for name in sorted(self._scorers)) or "none"
            raise Failure(
                f"`{self.origin}` has no scorer in the place of the plan's `{path}`",
                help=f"give a folder or a source with the scenarios of the study; there are {there}",
                status=ExitStatus.MISUSE,
            )
        return found


def read_choice(path: Path) -> ScorerChoice:
    """The scorer in a file, for all of a study; or those in the folder of a plan, each for the one of its name.

    Raises:
        Failure: there is none, or it is damaged.
    """
    if not path.is_dir():
        return ScorerChoice(path.name, {_ANY: read_scorer(path)})
    folder = path / _SCORERS if (path / _SCORERS).is_dir() else path
    found = {f"{_SCORERS}/{one.name}": read_scorer(one) for one in sorted(folder.glob("*.toml"))}
    if not found:
        raise Failure(f"`{path}` has no scorer", help="give the folder of a plan", status=ExitStatus.MISUSE)
    return ScorerChoice(path.resolve().name, found)


def departure(run: Path, choice: ScorerChoice | None) -> str:
    """What scores a run, where that is not its plan as it was built and begun; empty where it is."""
    if choice is not None:
        return f"by `{choice.origin}`, not by the scorers of its plan"
    return "; ".join((*_changed(run / PLAN_FOLDER), *_succeeded(run)))


def _changed(plan: Path) -> Iterator[str]:
    """Scorers that are no more as the plan was built with them."""
    try:
        manifest = (plan / MANIFEST_FILE).read_bytes()
    except OSError:
        return  # a plan of another program
    for path in sorted((plan / _SCORERS).glob("*.toml")):
        if sha256(path.read_bytes()).hexdigest().encode() not in manifest:
            yield f"by `{_SCORERS}/{path.name}`, which was changed after the plan was built"


def _succeeded(run: Path) -> Iterator[str]:
    """Scorers that say something else than those of a former plan of the run."""
    now = run / PLAN_FOLDER / _SCORERS
    for former in sorted((run / FORMER_PLANS).glob(f"*/{_SCORERS}/*.toml")):
        successor = now / former.name
        if successor.is_file() and read_scorer(former) != read_scorer(successor):
            yield f"by `{_SCORERS}/{former.name}`, whose rules are not those that the run began with"
            return
