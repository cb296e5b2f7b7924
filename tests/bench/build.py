"""The build engine against plain file writes and GitPython, in one run.

`python -m tests.bench.build [--folder DIR] [VARIANTS [RUNS]]`: 1,000 variants and 5 runs of two arms, 10,000 trials,
unless said otherwise. The repository has 25 files of 40 kB in all and 13 commits. In the folder, or else on a memory
file system, where there is one, and in the temporary folder; what was written is removed at the end, and not between.
The floor writes the same files, those of `.git` included, from memory. Rounds of all are interleaved; what counts is
the median of ratios.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from driftlang.build import instance
from driftlang.build.instance import instantiate
from driftlang.build.plan_toml import read_plan
from driftlang.build.repository import snapshot_of, write_repository
from driftlang.build.tree import Known, write_history
from driftlang.model.forms import Commit, RepoFile
from driftlang.source import Span

ROUNDS = 9
#: Variants and copies of a round.
BATCH = 40
SPAN = Span(0, 0, 0)
FILES, COMMITS, SIZE = 25, 13, 1_600


def content(number: int, version: int) -> str:
    """A module of `SIZE` characters, as compressible as code is."""
    lines = "".join(
        f"def step_{number}_{line}(order, amount={(number * 7919 + line * 104729 + version) % 99991}):\n"
        f"    return order.price * amount + {(line * line * 31 + number) % 977}\n"
        for line in range(20)
    )
    return lines[:SIZE]


def paths_of_commit(commit: int) -> list[int]:
    """Which files a commit writes: two new ones, and the first one again."""
    new = [number for number in range(FILES) if number * COMMITS // FILES == commit]
    return sorted({0, *new})


def commits() -> tuple[Commit, ...]:
    """The history."""
    first = date(2025, 3, 3)
    return tuple(
        Commit(
            f"Step {commit}",
            "Dana Reyes",
            "dana@ledger.example",
            first + timedelta(days=commit),
            tuple(
                RepoFile(f"part{number % 5}/module{number}.py", content(number, commit).encode(), False, SPAN)
                for number in paths_of_commit(commit)
            ),
            SPAN,
        )
        for commit in range(COMMITS)
    )


def source(variants: int, runs: int, word: str = "stands") -> str:
    """A study of so many unique repositories: half of them for each direction, told apart by a factor's text."""
    hello = (Path(__file__).parents[2] / "scenarios/hello.drift").read_text()
    shop = (Path(__file__).parents[2] / "scenarios/hello/shop.drift").read_text()
    levels = ", ".join(
        f'level{number} "Rule {number} {word if number == 0 else "stands"}."' for number in range(variants // 2)
    )
    quotes = '"""'
    written = "".join(
        f'  commit "{commit.message}" by "Dana Reyes <dana@ledger.example>" on {commit.on} {{\n'
        + "".join(
            f"    file {json.dumps(file.path)} {quotes}\n"
            + "".join(f"      {line}\n" for line in file.content.decode().splitlines())
            + f"    {quotes}\n"
            for file in commit.files
        )
        + "  }\n"
        for commit in commits()
    )
    shop = (
        shop.replace("  language python\n", f"  language python\n{written}")
        .replace("on 2025-01-06", "on 2025-06-06")
        .replace('import "../std/values.drift": utility, privacy\n', "")
    )
    body = hello.replace("drift 1\n", "").replace('import "hello/shop.drift"\n', "")
    body = body.replace('import "std/values.drift"\n', "")
    body = body.replace("  order    shuffled\n", f"  order shuffled\n  prompt house\n  vary tone in [{levels}]\n")
    body = body.replace('["sim/keeper", "sim/breaker", "sim/drifter"]', '["sim/keeper"]')
    body = body.replace("repeat  3", f"repeat  {runs}")
    text = f"{quotes}\n    The house.\n    {{{{ tone }}}}\n    {{{{ constraint }}}}\n  {quotes}"
    prompt = f"prompt house {{\n  text {text}\n}}\n"
    return shop.replace("drift 1\n", 'drift 1\nimport "std/values.drift": utility, privacy\n') + prompt + body


def plain_writes(files: dict[str, bytes], folder: Path) -> None:
    """The floor."""
    made = set()
    for path, data in files.items():
        place = folder / path
        if place.parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(place.parent)
        place.write_bytes(data)


def git_python(folder: Path, history: tuple[Commit, ...]) -> None:
    """GitPython as most use it: a process for each `add` and `commit`."""
    from git import Repo

    repo = Repo.init(folder, initial_branch="main")
    for commit in history:
        for file in commit.files:
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.path).write_bytes(file.content)
            repo.git.add(file.path)
        stamp = f"{commit.on}T12:00:00+0000"
        person = f"{commit.author_name} <{commit.author_email}>"
        repo.git.commit("-q", "-m", commit.message, "--author", person, env={
            "GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp,
            "GIT_COMMITTER_NAME": commit.author_name, "GIT_COMMITTER_EMAIL": commit.author_email,
        })  # fmt: skip
    repo.close()


def timed(do: Callable[[int, Path], None], count: int, folder: Path) -> float:
    """Seconds for one of `count`, each into a folder of its own, which stays: creating after deleting costs on ext4."""
    folder.mkdir(parents=True)
    started = perf_counter()
    for number in range(count):
        do(number, folder / str(number))
    return (perf_counter() - started) / count


def repositories(base: Path, plan_folder: Path) -> None:
    """Ratios of one variant and of one copy."""
    history = commits()
    whole = snapshot_of(write_history(history, "Rule."))
    files = {path: file.content for path, file in whole.files.items()}
    tree = {path: data for path, data in files.items() if not path.startswith(".git/")}
    cells = read_plan(plan_folder).cells[:BATCH]
    known: Known = {}
    seen: list[dict[str, float]] = []
    fresh = iter(range(10**9))
    ways: dict[str, tuple[Callable[[int, Path], None], int]] = {
        "floor": (lambda _, place: plain_writes(files, place), BATCH),
        "work tree alone": (lambda _, place: plain_writes(tree, place), BATCH),
        "variant": (lambda _, p: write_repository(write_history(history, f"Rule {next(fresh)}.", known), p), BATCH),
        "first variant": (lambda _, p: write_repository(write_history(history, f"Rule {next(fresh)}."), p), BATCH),
        "copy": (lambda number, place: instantiate(plan_folder, cells[number % len(cells)], place), BATCH),
        "GitPython": (lambda _, place: git_python(place, history), 1),
    }
    for number in range(ROUNDS + 1):
        seen.append(
            {name: timed(do, count, base / "rounds" / str(number) / name) for name, (do, count) in ways.items()}
        )
        if number == 0:
            seen.clear()  # the first round warms caches
    for name in ways:
        ratio = statistics.median(row[name] / row["floor"] for row in seen)
        faster = statistics.median(row["GitPython"] / row[name] for row in seen)
        milliseconds = 1000 * statistics.median(row[name] for row in seen)
        print(f"  {name:16} {milliseconds:8.2f} ms  {ratio:7.2f} x plain writes  {faster:7.1f} x faster than GitPython")


def child(*arguments: str) -> tuple[float, float, float, str]:
    """Wall and CPU seconds, peak MiB and output of this module in a process of its own."""
    started = perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.build", *arguments], check=True, capture_output=True, text=True
    )
    report = json.loads(done.stdout.splitlines()[-1])
    return perf_counter() - started, report["cpu"], report["peak"], "\n".join(done.stdout.splitlines()[:-1])


def report_usage() -> None:
    """What this process used, for its parent."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024}))


def build_once(path: Path, out: Path) -> None:
    """In a child: build a file."""
    from driftlang.cli import group

    group.main(["build", str(path), "-o", str(out)], "driftlang", standalone_mode=False)
    report_usage()


def copies(plan_folder: Path, count: int, base: Path) -> None:
    """In a child: the repositories of the plan's first trials, one after another; they stay."""
    plan = read_plan(plan_folder)
    scripts = {script.id: script.cell for script in plan.scripts}
    cells = {cell.id: cell for cell in plan.cells}
    started, planned = perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for number, trial in enumerate(plan.trials[:count]):
        instantiate(plan_folder, cells[scripts[trial.script]], base / "copies" / str(count) / str(number))
    seconds = perf_counter() - started
    kept = instance._KEPT  # what it holds is what is measured
    print(f"{seconds:.2f} s, {1000 * seconds / count:.2f} ms each; {planned:.0f} MiB with the plan alone,", end=" ")
    print(f"{len(kept._snapshots)} repositories of {kept._bytes / 2**20:.1f} MiB kept")
    report_usage()


def builds(base: Path, variants: int, runs: int) -> Path:
    """A clean build, one with no change, one that knows of no other, one after an edit of a word."""
    path, out = base / "study.drift", base / "out"
    path.write_text(source(variants, runs))
    steps = [
        ("clean build", None),
        ("no change", None),
        ("nothing kept", None),
        ("one word edited", source(variants, runs, "holds")),
    ]
    for name, text in steps:
        if text:
            path.write_text(text)
        if name == "nothing kept":
            shutil.rmtree(base / "cache/builds")
        wall, cpu, peak, said = child("--build", str(path), str(out))
        print(f"  {name:16} {wall:6.1f} s wall {cpu:6.1f} s CPU {peak:5.0f} MiB: {said.replace(str(base), '.')}")
    return out / "hello_demo"


def on(base: Path, variants: int, runs: int) -> None:
    """Everything, below one folder."""
    plan_folder = builds(base, variants, runs)
    repositories(base, plan_folder)
    trials = 2 * variants * runs
    for count in (trials // 10, trials):
        _, _, peak, said = child("--copies", str(plan_folder), str(count), str(base))
        print(f"  {count:,} trials' repositories: {said}, at most {peak:.0f} MiB", flush=True)
    small = base / "small.drift"
    small.write_text(source(variants, 1))
    _, cpu, peak, _ = child("--build", str(small), str(base / "small"))
    print(f"  the same with 1 run instead of {runs}: {cpu:.1f} s CPU, at most {peak:.0f} MiB")


def places(folder: str) -> Iterator[tuple[str, str | None]]:
    """Where to measure: the folder, or else a memory file system and the temporary folder."""
    if folder:
        yield folder, folder
        return
    if Path("/dev/shm").is_dir():
        yield "memory", "/dev/shm"
    yield "disk", None


def main(arguments: list[str]) -> None:
    """Print the figures, or be a child."""
    if arguments[:1] == ["--build"]:
        build_once(Path(arguments[1]), Path(arguments[2]))
    elif arguments[:1] == ["--copies"]:
        copies(Path(arguments[1]), int(arguments[2]), Path(arguments[3]))
    else:
        parser = argparse.ArgumentParser(description="The build engine against plain file writes and GitPython.")
        parser.add_argument("variants", type=int, nargs="?", default=1_000)
        parser.add_argument("runs", type=int, nargs="?", default=5)
        parser.add_argument("--folder", default="", help="measure below this folder alone")
        chosen = parser.parse_args(arguments)
        for name, parent in places(chosen.folder):
            trials = 2 * chosen.variants * chosen.runs
            print(f"{name}: {chosen.variants:,} variants, {trials:,} trials", flush=True)
            with tempfile.TemporaryDirectory(dir=parent) as folder:
                os.environ["DRIFTLANG_CACHE"] = f"{folder}/cache"
                on(Path(folder), chosen.variants, chosen.runs)


if __name__ == "__main__":
    main(sys.argv[1:])
