"""Jobs of no substance, for what schedules them."""

from hashlib import sha256

from driftlang.build.plan import PlannedCell, PlannedScript, PlannedTrial
from driftlang.run.selection import Job

_CELL = PlannedCell(
    id="",
    scenario="s",
    direction="d",
    favors="a",
    against="b",
    arm="bare",
    levels={},
    place="agents_file",
    constraint="",
    instructions="",
    session="continue",
    earlier="stay",
    repository="",
    directory="",
    commit="",
    scorer="",
    solutions="",
)


def job_of(model: str = "sim/keeper", *, cell: str = "s/d/bare", run: int = 1) -> Job:
    """Run `run` of `cell` with `model`."""
    script = PlannedScript(f"{cell}#{run}", cell, run, run, ())
    trial = sha256(f"{model} {script.id}".encode()).hexdigest()[:16]
    return Job(PlannedTrial(trial, script.id, model, {}), script, _CELL)
