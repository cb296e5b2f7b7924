"""Trials an hour and memory a trial, with 1, 2, 4 and 8 trials at once on this machine.

The same eight trials of two steps each time, through the real OpenCode in its sandbox. Memory is the proportional share
(PSS) of every process below this one, sampled twice a second; the figure is the highest sample for each trial at once.
"""

import argparse
import asyncio
import os
import tempfile
import threading
from pathlib import Path
from time import perf_counter

from attrs import evolve

from driftlang.build.emit import build_study
from driftlang.build.manifest import MANIFEST_FILE
from driftlang.build.plan_toml import read_plan, render_form
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.library import library_folder
from driftlang.model.load import load_model
from driftlang.run.opencode import find_opencode
from driftlang.run.runner import run_plan
from driftlang.source import Sources

TRIALS = 8


def few_trials(folder: Path) -> Path:
    """The plan of the first example, cut down to its first trials."""
    source = library_folder() / "hello.drift"
    sink = Sink()
    model = load_model(source, Sources(), sink)
    assert model is not None
    assert not sink.has_errors
    built = build_study(model.studies[0], model, source.name, folder, sink)
    plan = read_plan(built)
    few = evolve(plan, trials=plan.trials[:TRIALS])
    (built / "plan.toml").write_text(render_form(few), encoding="utf-8", newline="\n")
    (built / MANIFEST_FILE).unlink()  # it names the whole plan
    return built


class MemorySampler(threading.Thread):
    """The most memory that processes below this one have shared among themselves, in MiB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self._ended = threading.Event()

    def run(self) -> None:
        """Sample until it is stopped."""
        while not self._ended.wait(0.5):
            self.most = max(self.most, _memory_below(_parents()))

    def stop(self) -> float:
        """End; the highest sample."""
        self._ended.set()
        self.join()
        return self.most


def _parents() -> dict[int, int]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    return found


def _memory_below(parents: dict[int, int]) -> float:
    below, total = {os.getpid()}, 0
    for process in sorted(parents):
        if parents[process] in below:
            below.add(process)
            try:
                lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            except OSError:
                continue
            total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024


def main() -> None:
    """Print a line for each number of trials at once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-once", type=int, nargs="*", default=[1, 2, 4, 8])
    counts = parser.parse_args().at_once
    binary = find_opencode()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = few_trials(folder / "plan")
        for count in counts:
            sampler = MemorySampler()
            sampler.start()
            started = perf_counter()
            summary = asyncio.run(run_plan(plan, folder / f"run-{count}", jobs=count, opencode=binary))
            took = perf_counter() - started
            assert summary.finished == TRIALS, summary
            print(
                f"{count} at once: {TRIALS * 3600 / took:.0f} trials an hour, "
                f"{sampler.stop() / count:.0f} MiB a trial at the most",
                flush=True,
            )


if __name__ == "__main__":
    main()
