"""kill -9 at random moments of a study, through the real OpenCode, until the study is done in spite of it.

A runner works at a study of short trials and is killed, its process alone, after a random time; the next one goes on;
after the last kill one may end. Then all is compared with a run that nobody disturbed. The seed fixes the chance.

    python -m tests.bench.kills [--kills 200] [--trials 40] [--seed 1] [--begun 4] [--folder FOLDER]
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import field, frozen

from driftlang.build.plan_toml import read_plan
from driftlang.run.journal import read_results
from driftlang.run.reading import read_exchanges
from driftlang.run.reaping import marked
from driftlang.run.schema import reading
from driftlang.run.verifying import verify_run

#: A runner that tells each step when it is in the journal, and each trial when it is finished, as it is told itself.
RUNNER = """
import asyncio, sys
from pathlib import Path
from driftlang.run.progress import Silence
from driftlang.run.runner import run_plan

class Told(Silence):
    def run_began(self, workload):
        print("began", "", flush=True)
    def step_ended(self, trial, told):
        print("step", trial.id, getattr(told, "position", told), flush=True)
    def trial_finished(self, trial):
        print("trial", trial.id, flush=True)

plan, run, jobs, opencode = sys.argv[1:]
summary = asyncio.run(run_plan(Path(plan), Path(run), jobs=int(jobs), progress=Told(), opencode=Path(opencode)))
print("done", summary.finished, len(summary.failed), flush=True)
"""
#: The longest that a runner may take to end by itself, in seconds.
_LAST = 3600.0
#: Share of the other lives that end before or about when the run begins.
_AT_START = 0.1
#: Seconds between two looks at what a runner has said.
_LOOK_EVERY = 0.02


@frozen
class Study:
    """What is disturbed.

    Attributes:
        plan: the plan's folder.
        run: where the disturbed runners work.
        opencode: the binary.
        jobs: trials at a time.
    """

    plan: Path
    run: Path
    opencode: Path
    jobs: int = 2


@frozen
class Life:
    """How long a runner lives: `seconds` more once it has said `word` so many times; without a word, in all."""

    word: str
    times: int
    seconds: float


@frozen
class Blows:
    """How often the runner is killed, and when.

    Most lives end at a time between the run's beginning and about the first step, some while Python starts; others see
    a few steps, so that the study gets on.

    Attributes:
        begun: the longest of the first kind, in seconds since the run began.
        patient: the share of lives that see steps.
        trials: how many the study has.
    """

    count: int
    seed: int
    begun: float = 4.0
    patient: float = 0.2
    trials: int = 40

    def life(self, chance: random.Random, *, is_ahead: bool) -> Life:
        """The next runner's; where the study is ahead of the kills, it does not get on by it."""
        if is_ahead:
            return Life("began", 1, chance.uniform(0, self.begun / 2))
        if chance.random() < self.patient:
            return Life("step", chance.randint(1, 4), chance.uniform(0, 2))
        if chance.random() < _AT_START:
            return Life("", 0, chance.uniform(0, 2))
        return Life("began", 1, chance.uniform(0, self.begun))


@frozen
class Told:
    """What killed runners had said: steps and trials that were acknowledged."""

    steps: set[tuple[str, int]] = field(factory=set)
    trials: set[str] = field(factory=set)
    kills: list[Life] = field(factory=list)


@contextmanager
def running(study: Study, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A runner whose words go to `log`; killed in any case."""
    command = [sys.executable, "-c", RUNNER, *map(str, (study.plan, study.run, study.jobs, study.opencode))]
    with log.open("wb") as words, subprocess.Popen(command, stdout=words, stderr=subprocess.STDOUT) as runner:
        try:
            yield runner
        finally:
            runner.kill()


def disturb(study: Study, blows: Blows, say: Callable[[str], None]) -> Told:
    """Kill runners until there were enough, or the study is done; then let one come to its end."""
    chance, told = random.Random(blows.seed), Told()
    log = study.run.with_suffix(".log")
    while len(told.kills) < blows.count:
        life = blows.life(chance, is_ahead=len(told.trials) * blows.count > len(told.kills) * blows.trials)
        with running(study, log) as runner:
            has_ended = live(runner, log, life)
            runner.send_signal(signal.SIGKILL)
            status = runner.wait()
        note(told, log)
        if has_ended:
            assert status == 0, log.read_text(errors="replace")
            say(f"the study was done after {len(told.kills)} kills")
            return told
        told.kills.append(life)
        check_acknowledged(study.run, told)
        moment = f"{life.seconds:.1f} s after {life.times} times {life.word or 'start'}"
        say(f"kill {len(told.kills)}, {moment}: {len(told.steps)} steps, {len(told.trials)} trials said")
    with running(study, log) as runner:
        assert runner.wait(_LAST) == 0, log.read_text(errors="replace")
    note(told, log)
    return told


def live(runner: "subprocess.Popen[bytes]", log: Path, life: Life) -> bool:
    """Wait until the runner's life is over; whether it has ended by itself before."""
    deadline = time.monotonic() + _LAST
    while life.word and log.read_bytes().count(f"{life.word} ".encode()) < life.times:
        assert time.monotonic() < deadline, log.read_text(errors="replace")
        if runner.poll() is not None:
            return True
        time.sleep(_LOOK_EVERY)
    try:
        runner.wait(life.seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def note(told: Told, log: Path) -> None:
    """What a runner had said before it ended; a line that was cut off acknowledges nothing."""
    for line in log.read_text(errors="replace").splitlines(keepends=True):
        match line.split():
            case "step", trial, position if line.endswith("\n"):
                told.steps.add((trial, int(position)))
            case "trial", trial if line.endswith("\n"):
                told.trials.add(trial)


def check_acknowledged(run: Path, told: Told) -> None:
    """Every step and trial that was acknowledged is in the journal, whatever became of its attempt."""
    if not told.steps:
        return
    with reading(run) as connection:
        steps = {tuple(row) for row in connection.execute("SELECT trial, position FROM steps WHERE branch = ''")}
        finished = {row[0] for row in connection.execute("SELECT trial FROM trials WHERE status = 'finished'")}
    assert told.steps <= steps, f"lost: {told.steps - steps}"
    assert told.trials <= finished, f"lost: {told.trials - finished}"


def results_of(run: Path) -> dict[str, object]:
    """What a run found out, by trial, without what differs between equal runs (times, session ids, attempts)."""
    with reading(run) as connection:
        query = "SELECT trial, attempt, branch, position, before, after FROM steps ORDER BY number"
        trees: dict[tuple[str, int], list[tuple[object, ...]]] = {}
        for trial, attempt, *rest in connection.execute(query):
            trees.setdefault((trial, attempt), []).append(tuple(rest))
    found: dict[str, object] = {}
    for result in read_results(run):
        record = result.record
        steps = [
            (step.step, step.injected, step.earlier, step.finish, step.error, step.model_calls) for step in record.steps
        ]
        calls = sum(1 for _ in read_exchanges(run, record.trial))
        snapshots = trees.get((record.trial, record.attempts), [])
        found[record.trial] = (record.status, steps, calls, result.observation, snapshots)
    return found


def left_of(run: Path) -> list[str]:
    """Processes and folders of any attempt that are there still."""
    with reading(run) as connection:
        attempts = connection.execute("SELECT marker, place FROM attempts").fetchall()
    processes = [f"process {process}" for marker, _ in attempts for process in marked(marker)]
    temporary = Path(tempfile.gettempdir())
    places = {place for _, place in attempts}
    folders = [
        str(path)
        for kind in ("ws", "rt", f"ws-{os.geteuid()}", f"rt-{os.geteuid()}")
        for path in (temporary / kind).glob("*")
        if path.name.removesuffix(".lock") in places
    ]
    return processes + folders


def check(study: Study, undisturbed: Path, told: Told) -> None:
    """Compare the disturbed run with the other one.

    Raises:
        AssertionError: they differ, something was lost, or something is left.
    """
    check_acknowledged(study.run, told)
    plan = read_plan(study.plan)
    ours, theirs = results_of(study.run), results_of(undisturbed)
    assert list(ours) == [trial.id for trial in plan.trials]
    differing = [trial for trial in ours if ours[trial] != theirs[trial]]
    assert differing == [], f"trials that ended differently: {differing}"
    for run in (study.run, undisturbed):
        assert verify_run(run).findings == ()
    assert left_of(study.run) == []


def attempts_line(run: Path) -> str:
    """What the kills have cost, in words."""
    with reading(run) as connection:
        rows = connection.execute("SELECT status, count(*) FROM attempts GROUP BY status").fetchall()
        records = connection.execute("SELECT count(*) FROM records").fetchone()[0]
    return f"{records:,} records; attempts: {', '.join(f'{count} {status}' for status, count in rows)}"


def main() -> None:
    """Disturb a study of short trials and say how it went."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "end_to_end"))
    from small_plans import PlanShape, make_plan

    from driftlang.run.opencode import find_opencode

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--trials", type=int, default=40, help="a multiple of 4")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--begun", type=float, default=4.0, help="about the time to the first step, in seconds")
    parser.add_argument("--folder", type=Path, default=None, help="where everything is kept")
    wishes = parser.parse_args()
    folder = (wishes.folder or Path(tempfile.mkdtemp())).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    shape = PlanShape(
        steps=2,
        directions=("keep_inline", "keep_external"),
        arms=("opposing", "placebo"),
        models=("sim/drifter",),
        repeat=wishes.trials // 4,
        turn_seconds=61.0,  # so that these trials, and the places they are at, are no other study's
    )
    plan = folder / "plan"
    study = Study(plan if plan.is_dir() else make_plan(plan, shape), folder / "disturbed", find_opencode())
    begun = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - begun:7.0f} s  {line}", flush=True)

    undisturbed = Study(study.plan, folder / "undisturbed", study.opencode)
    with running(undisturbed, folder / "undisturbed.log") as runner:
        assert runner.wait(_LAST) == 0, (folder / "undisturbed.log").read_text(errors="replace")
    say(f"undisturbed: {attempts_line(undisturbed.run)}")
    told = disturb(study, Blows(wishes.kills, wishes.seed, begun=wishes.begun, trials=wishes.trials), say)
    check(study, undisturbed.run, told)
    say(
        f"{len(told.kills)} kills, {len(told.steps)} steps and {len(told.trials)} trials acknowledged, none lost; "
        f"results equal the undisturbed run's; {attempts_line(study.run)}"
    )


if __name__ == "__main__":
    main()
