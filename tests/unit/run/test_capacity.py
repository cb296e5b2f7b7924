"""How much memory there is, and how trials wait for it."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.run import capacity
from driftlang.run.capacity import MemoryAdmission, admitted, free_memory
from driftlang.run.ending import Ending
from driftlang.run.scheduler import Rules, carry_out
from driftlang.run.selection import Job
from tests.scheduler_jobs import job_of

MIB = 1 << 20


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "_POLL_SECONDS", 0.001)
    monkeypatch.setattr(capacity, "_READING_SECONDS", 0.0)


class _Machine:
    """A machine with `total` MiB, of which each trial under way takes `need`."""

    def __init__(self, total: int, need: int) -> None:
        self.total = total
        self.need = need
        self.at_work = 0
        self.most = 0
        self.begun: list[str] = []

    def free(self) -> int:
        return self.total - self.need * self.at_work

    async def attempt(self, job: Job) -> Ending:
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        self.begun.append(job.script.cell)
        for _ in range(3):
            await asyncio.sleep(0)
        self.at_work -= 1
        return Ending()


def _run(machine: _Machine, trials: int, jobs: int) -> None:
    async def bounded() -> None:
        admission = MemoryAdmission(machine.free, need=machine.need)
        wanted = tuple(job_of(cell=f"c{number:02}") for number in range(trials))
        async with asyncio.timeout(20):
            outcome = await carry_out(wanted, machine.attempt, Rules(jobs), admission=admission)
        assert not outcome.failed

    asyncio.run(bounded())


@given(total=st.integers(0, 6000), trials=st.integers(1, 12), jobs=st.integers(1, 8))
def test_trials_wait_for_memory_and_all_are_carried_out_in_their_order(total: int, trials: int, jobs: int):
    machine = _Machine(total, 700)
    _run(machine, trials, jobs)
    assert machine.begun == sorted(machine.begun)
    assert len(machine.begun) == trials
    assert machine.most <= max(1, min(jobs, total // 700))


def test_a_trial_that_grows_still_is_counted_with_all_that_it_will_take():
    """The memory that is free does not change at once: without that, all of them would be let in."""
    machine = _Machine(0, 700)
    machine.free = lambda: 2200  # type: ignore[method-assign]
    _run(machine, 8, 8)
    assert machine.most == 3


def test_one_trial_goes_on_where_memory_is_never_enough():
    machine = _Machine(10, 700)
    _run(machine, 3, 4)
    assert machine.most == 1


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


MEMINFO = {"proc/meminfo": "MemTotal: 16384000 kB\nMemAvailable: 8192000 kB\n"}


def test_free_memory_is_the_machines_where_no_group_bounds_it(tmp_path: Path):
    _write(tmp_path, MEMINFO | {"proc/self/cgroup": "0::/user\n", "sys/fs/cgroup/user/memory.max": "max\n"})
    assert free_memory(tmp_path) == 8000


@pytest.mark.parametrize(
    ("told", "files"),
    [
        (
            "0::/user/job\n",
            {
                "sys/fs/cgroup/user/memory.max": f"{1000 * MIB}\n",
                "sys/fs/cgroup/user/memory.current": f"{700 * MIB}\n",
                "sys/fs/cgroup/user/memory.stat": f"anon 5\ninactive_file {200 * MIB}\n",
                "sys/fs/cgroup/user/job/memory.max": "max\n",
            },
        ),
        (
            "4:cpu,memory:/job\n1:cpuset:/\n",
            {
                "sys/fs/cgroup/memory/job/memory.limit_in_bytes": f"{1000 * MIB}\n",
                "sys/fs/cgroup/memory/job/memory.usage_in_bytes": f"{700 * MIB}\n",
                "sys/fs/cgroup/memory/job/memory.stat": f"total_inactive_file {200 * MIB}\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            },
        ),
        (
            "0::/not/seen/from/here\n",
            {
                "sys/fs/cgroup/memory.max": f"{1000 * MIB}\n",
                "sys/fs/cgroup/memory.current": f"{500 * MIB}\n",
            },
        ),
    ],
    ids=["unified", "old", "container"],
)
def test_a_group_that_bounds_memory_bounds_what_is_free(tmp_path: Path, told: str, files: dict[str, str]):
    _write(tmp_path, MEMINFO | {"proc/self/cgroup": told} | files)
    assert free_memory(tmp_path) == 500


def test_a_gigabyte_a_job_where_the_system_does_not_say(tmp_path: Path):
    assert free_memory(tmp_path) == 4096


def test_a_place_of_the_gate_is_given_back_once_when_it_is_said_or_at_the_end():
    async def pass_through() -> list[bool]:
        gate, locked = asyncio.Semaphore(1), list[bool]()
        async with admitted(gate) as give_back:
            locked.append(gate.locked())
            give_back()
            locked.append(gate.locked())
            async with admitted(gate):
                give_back()
                locked.append(gate.locked())
        async with admitted(gate):
            locked.append(gate.locked())
        return [*locked, gate.locked()]

    assert asyncio.run(pass_through()) == [True, False, True, True, False]
