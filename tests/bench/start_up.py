"""What a check costs from a cold start: CPU time of `driftlang check FILE` as a ratio to `python -c pass`.

`python -m tests.bench.start_up [FILE]`: both in turn, several rounds, with compiled bytecode in a folder of its own.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

ROUNDS = 11
#: The target that the project has set itself.
TARGET = 10
_ROOT = Path(__file__).parents[2]


def example(folder: Path) -> Path:
    """A file of 300 lines: the example of the language with further patterns."""
    source = _ROOT / "tests" / "specification" / "credentials"
    # Imports are relative to the file: what it brings in stands beside it.
    shutil.copytree(source, folder, dirs_exist_ok=True)
    text = (source / "credentials.drift").read_text(encoding="utf-8")
    number = 0
    while text.count("\n") < 300:
        number += 1
        text += (
            f'\npattern further_{number} {{\n  on    added code of "**/*.py"\n  match /\\bsecret_{number}\\b/\n'
            f'  hit   "secret_{number} = 1"\n  miss  "public = 1"\n}}\n'
        )
    path = folder / "example.drift"
    path.write_text(text, encoding="utf-8")
    return path


def cpu_seconds(command: Sequence[str], cache: str) -> float:
    """User and system time of a command that must succeed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env={**environment, "PYTHONPYCACHEPREFIX": cache})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Measure, and print medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else example(Path(folder))
        floor = [sys.executable, "-c", "pass"]
        check = [sys.executable, "-m", "driftlang", "check", str(path)]
        cpu_seconds(check, folder)  # compiles the bytecode
        rounds = [(cpu_seconds(floor, folder), cpu_seconds(check, folder)) for _ in range(ROUNDS)]
        lines = path.read_text(encoding="utf-8").count("\n")
    bare, cold = (1000 * median(times) for times in zip(*rounds, strict=True))
    ratio = median(check / bare for bare, check in rounds)
    print(f"a file of {lines} lines, {ROUNDS} rounds in turn, CPU time, medians")
    print(f"python -c pass   {bare:7.1f} ms")
    print(f"driftlang check  {cold:7.1f} ms   {ratio:.1f} times (target: at most {TARGET})")


if __name__ == "__main__":
    main()
