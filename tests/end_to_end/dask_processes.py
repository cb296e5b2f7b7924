"""A Dask scheduler and workers as processes of their own, on loopback, ended in any case."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from small_plans import wait_until

#: Without a nanny the process that is started is the worker itself, so that its id is what a test kills.
_WORKER = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")


class DaskProcesses:
    """A scheduler at `address`, and the workers that were added, by their order."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._contact = folder / "scheduler.json"
        self._processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"
        )
        wait_until(self._contact.exists, what="Dask scheduler")
        wait_until(lambda: self._contact.read_text().endswith("}"), what="address of a Dask scheduler")
        self.address = str(json.loads(self._contact.read_text())["address"])

    def add_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start one more worker, and wait until it has joined."""
        name = f"worker-{len(self.workers) + 1}"
        local = self._folder / name
        worker = self._start("worker", *_WORKER, "--name", name, "--local-directory", str(local), **environment)
        self.workers.append(worker)
        log = self._folder / "scheduler.log"
        wait_until(lambda: f"name: {name}" in log.read_text() or worker.poll() is not None, what=name)
        assert worker.poll() is None, self._log_of(name)
        return worker

    def _log_of(self, name: str) -> str:
        return "\n".join(path.read_text() for path in sorted(self._folder.glob("*.log")) if path.stem != name)

    def _start(self, kind: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{kind}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", kind, "--scheduler-file", str(self._contact), *arguments],
                env={**os.environ, **self._environment, **environment},
                cwd=self._folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._processes.append(process)
        return process

    def stop(self) -> None:
        """End every process, the workers first."""
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def dask_processes(folder: Path, **environment: str) -> Iterator[DaskProcesses]:
    """A scheduler without workers, as long as the context lasts."""
    folder.mkdir()
    processes = DaskProcesses(folder, environment)
    try:
        yield processes
    finally:
        processes.stop()


def descendants(process: int) -> dict[int, str]:
    """Command lines of all that `process` has started, and that they have, by id."""
    parents, lines = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            lines[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:  # it has ended
            continue
        parents[int(entry.name)] = int(status[1])
    found, before = {process}, 0
    while len(found) > before:
        before = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return {child: lines[child] for child in found - {process} if child in lines}
