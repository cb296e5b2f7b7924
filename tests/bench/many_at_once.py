"""Trials an hour, and what each takes, with 1, 2, 4 and 8 trials at once on this machine.

Trials of twelve steps through the real OpenCode in its sandbox, with a provider that answers each call as late as a
model does, so that they are under way together for most of their time. Memory is the proportional share (PSS) of the
processes in the sandboxes, sampled twice a second while as many servers were up as there were to be.

    python -m tests.bench.many_at_once [--at-once 1 2 4 8] [--steps 12] [--delay 0.7]
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter

from attrs import evolve, frozen

from driftlang.build.emit import build_study
from driftlang.build.manifest import MANIFEST_FILE
from driftlang.build.plan_toml import read_plan, render_form
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.library import library_folder
from driftlang.model.load import load_model
from driftlang.run.opencode import find_opencode
from driftlang.run.reading import read_results
from driftlang.run.runner import run_plan
from driftlang.sim.server import SimulatedProvider
from driftlang.source import Sources

#: Trials for each that is to go on at once, and at least.
ROUNDS, LEAST = 2, 3
_MEBIBYTE = 1024


def build_plan(folder: Path, trials: int, steps: int) -> Path:
    """The plan of an example of twelve steps, cut down to so many trials and steps."""
    source = library_folder() / "convenience_security" / "credentials.drift"
    sink = Sink()
    model = load_model(source, Sources(), sink)
    assert model is not None
    assert not sink.has_errors
    study = next(study for study in model.studies if study.name == "demo")
    built = build_study(evolve(study, repeat=trials), model, source.name, folder, sink)
    plan = read_plan(built)
    scripts = tuple(evolve(script, turns=script.turns[:steps]) for script in plan.scripts)
    few = evolve(plan, scripts=scripts, trials=plan.trials[:trials])
    (built / "plan.toml").write_text(render_form(few), encoding="utf-8", newline="\n")
    (built / MANIFEST_FILE).unlink()  # it names the whole plan
    return built


@frozen
class Sample:
    """What is below this process at one moment: how many servers, and the memory of their sandboxes, in MiB."""

    servers: int
    memory: float


class Sampler(threading.Thread):
    """Looks at the processes below this one until it is stopped.

    Attributes:
        ticks: processor time of each process when it was last seen.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.samples: list[Sample] = []
        self.ticks: dict[int, int] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        """Sample until it is stopped."""
        while not self._ended.wait(0.5):
            self._look()

    def stop(self) -> list[Sample]:
        """End; all samples."""
        self._ended.set()
        self.join()
        return self.samples

    @property
    def processor_seconds(self) -> float:
        """Of all processes that were seen."""
        return sum(self.ticks.values()) / os.sysconf("SC_CLK_TCK")

    def _look(self) -> None:
        seen = dict(_processes())
        parents = {process: fields[1] for process, fields in seen.items()}
        # The porter is of no sandbox: a Python as small as they come.
        below = {
            process for process in seen if _is_below(process, parents) and "porter" not in _read(process, "cmdline")
        }
        self.ticks |= {process: sum(seen[process][11:13]) for process in below}
        servers = sum(_read(process, "cmdline").startswith("/opt/bin/opencode\0serve") for process in below)
        self.samples.append(Sample(servers, sum(map(_memory, below))))


def _processes() -> Iterator[tuple[int, list[int]]]:
    """Each process, and the numbers behind its name and state; see `proc_pid_stat(5)`."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _read(int(entry.name), "stat")):
            yield int(entry.name), [0, *map(int, stat.rpartition(")")[2].split()[1:])]


def _is_below(process: int, parents: Mapping[int, int]) -> bool:
    above = parents.get(process, 0)
    while above not in {0, os.getpid()}:
        above = parents.get(above, 0)
    return above != 0


def _memory(process: int) -> float:
    lines = _read(process, "smaps_rollup").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / _MEBIBYTE


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text(errors="replace")
    except OSError:  # it has ended
        return ""


def measure(folder: Path, binary: Path, count: int, steps: int, delay: float) -> None:
    """Run trials, `count` at once, and print what they took."""
    trials = max(LEAST, ROUNDS * count)
    plan, run = build_plan(folder / f"plan-{count}", trials, steps), folder / f"run-{count}"
    sampler = Sampler()
    sampler.start()
    started = perf_counter()
    provider = SimulatedProvider(answers_after=delay)
    summary = asyncio.run(run_plan(plan, run, jobs=count, opencode=binary, simulated=provider))
    took, samples = perf_counter() - started, sampler.stop()
    processor = sampler.processor_seconds
    assert summary.finished == trials, summary
    together = [sample.memory / count for sample in samples if sample.servers == count]
    records = [result.record for result in read_results(run)]
    first = statistics.median(record.steps[0].seconds for record in records)
    later = statistics.median(step.seconds for record in records for step in record.steps[1:])
    calls = statistics.mean(step.model_calls for record in records for step in record.steps)
    print(
        f"{count} at once, {trials} trials of {steps} steps, {calls:.1f} calls of {delay:g} s a step: "
        f"{trials * 3600 / took:.0f} trials an hour; a trial {statistics.median(r.seconds for r in records):.1f} s "
        f"(first turn {first:.2f} s, later ones {later:.2f} s), {processor / trials:.1f} s of processor time, "
        f"{max(together, default=0):.0f} MiB at most and {statistics.median(together or [0]):.0f} MiB usually "
        f"while all {count} were up ({len(together)} of {len(samples)} samples); "
        f"processors busy {processor / took / len(os.sched_getaffinity(0)):.0%}",
        flush=True,
    )


def main() -> None:
    """Print a line for each number of trials at once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-once", type=int, nargs="*", default=[1, 2, 4, 8])
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--delay", type=float, default=0.7, help="seconds from a call to its answer")
    chosen = parser.parse_args()
    binary = find_opencode()
    with tempfile.TemporaryDirectory() as name:
        for count in chosen.at_once:
            measure(Path(name), binary, count, chosen.steps, chosen.delay)


if __name__ == "__main__":
    main()
