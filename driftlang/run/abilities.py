"""What this runner can do of a plan.

In: a plan and the jobs chosen of it. Out: nothing.
Refuses to do: starting what it could not carry out as written. A trial without its events would be another trial.
"""

import os
import shutil
from collections.abc import Sequence

from driftlang.build.plan import PlannedCell
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.run.configuration import AGENT_PATH
from driftlang.run.selection import Job


def refuse_unable(jobs: Sequence[Job], *, is_confined: bool = False) -> None:
    """See that every job can be carried out here, before anything is started.

    `is_confined` says that agents run where no network is.

    Raises:
        Failure: a cell asks for what is not there; status MISUSE.
    """
    for cell in {job.cell.id: job.cell for job in jobs}.values():
        if cell.network and not is_confined:
            raise Failure(
                f"the cell `{cell.id}` wants `network {cell.network}`, which only a sandbox can see to",
                help="run with the sandbox, or take `network` out of the repository",
                status=ExitStatus.MISUSE,
            )
        _require_tools(cell)


def _require_tools(cell: PlannedCell) -> None:
    """See that what a repository uses is on the agent's PATH, whatever its version."""
    for tool in cell.uses:
        if shutil.which(tool.name, path=os.pathsep.join(AGENT_PATH)) is None:
            raise Failure(
                f"the cell `{cell.id}` uses `{tool.name}` {tool.version}, which is not on the agent's PATH "
                f"({os.pathsep.join(AGENT_PATH)})",
                help=f"install `{tool.name}` {tool.version} into one of these folders",
                status=ExitStatus.MISUSE,
            )
