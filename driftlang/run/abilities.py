"""What this runner can do of a plan.

In: a plan and the jobs chosen of it. Out: nothing.
Refuses to do: starting what it could not carry out as written. A trial without its events would be another trial.
"""

import os
import shutil
from collections.abc import Iterable, Sequence

from driftlang.build.plan import PlannedCell
from driftlang.cells.events import EVENT_KINDS
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.run.configuration import AGENT_PATH
from driftlang.run.selection import Job


def refuse_unable(jobs: Sequence[Job]) -> None:
    """See that every job can be carried out here, before anything is started.

    Raises:
        Failure: a session holds events, or a cell asks for what is not there; status MISUSE.
    """
    for job in jobs:
        unable = list(dict.fromkeys(_unable(job)))
        if unable:
            raise Failure(
                f"the cell `{job.cell.id}` holds what this version cannot run yet: "
                f"{', '.join(f'`{what}`' for what in unable)}",
                help="run a study without them; `driftlang check` and `driftlang build` take them already",
                status=ExitStatus.MISUSE,
            )
    for cell in {job.cell.id: job.cell for job in jobs}.values():
        _require_tools(cell)


def _unable(job: Job) -> Iterable[str]:
    if job.cell.prefix:
        yield "prefix"
    for turn in job.script.turns:
        for event in turn.events:
            yield EVENT_KINDS[type(event)]
        if turn.checks:
            yield "check"
    if job.cell.network:
        yield f"network {job.cell.network}"


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
