"""What reading text costs, and whether it grows in line with the text: CPU time per kB and peak memory.

`python -m tests.bench.parsing`: the library and the dense example of the language, repeated to 0.1, 1 and 10 MB, each
in a process of its own.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path

from driftlang.diagnostics.diagnostic import Sink
from driftlang.syntax.read import read

#: The target that the project has set itself, in ms/kB.
TARGET = 1.3
_ROOT = Path(__file__).parents[2]
_KINDS = {"library": _ROOT / "scenarios", "dense": _ROOT / "tests" / "specification"}


def measure(kind: str, size: float) -> None:
    """Read a text of `size` MB made of one kind of file."""
    files = sorted(_KINDS[kind].rglob("*.drift"))
    once = "".join(path.read_text(encoding="utf-8") for path in files).replace("drift 1\n", "")
    text = "drift 1\n" + once * max(1, round(size * 1e6 / len(once)))
    sink = Sink()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    tree = read(text, 0, sink)
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert sink.found == (), "the text has no mistakes"
    kilobytes = len(text.encode()) / 1000
    print(
        f"{kind:8} {kilobytes / 1000:6.2f} MB  {1000 * spent / kilobytes:5.2f} ms/kB (target {TARGET})  "
        f"{peak / 1024:5.0f} MiB more  {len(tree.body.entries)} declarations"
    )


def main() -> None:
    """Measure each kind and size in a process of its own, or the one that is named."""
    if len(sys.argv) > 2:
        measure(sys.argv[1], float(sys.argv[2]))
        return
    for kind in _KINDS:
        for size in ("0.1", "1", "10"):
            subprocess.run([sys.executable, "-m", "tests.bench.parsing", kind, size], check=True)


if __name__ == "__main__":
    main()
