"""Many mutated files, each checked: what became of them, and how long they took.

`python -m tests.bench.mutations [FILES [SEED]]`: 20,000 files unless said otherwise. A crash is kept as a file.
"""

import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from pathlib import Path

from tests.mutations import mutants
from tests.unit.language.test_mutations import check


def main() -> None:
    """Check each, count by kind, and end with 1 where one crashed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    ends: dict[str, Counter[str]] = defaultdict(Counter)
    slowest: dict[str, float] = defaultdict(float)
    crashes = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "example.drift"
        for mutant in mutants(count, seed):
            start = time.process_time()
            try:
                found = check(mutant, path)
            except Exception:  # noqa: BLE001 - whatever it is, it is a crash to be counted
                crashes += 1
                kept = Path(tempfile.gettempdir()) / f"crash-{seed}-{crashes}.drift"
                kept.write_bytes(mutant.content)
                print(f"{mutant.kind}: {kept}\n{traceback.format_exc(limit=-3)}")
                continue
            ends[mutant.kind]["no text" if found < 0 else "diagnostics" if found else "no finding"] += 1
            slowest[mutant.kind] = max(slowest[mutant.kind], time.process_time() - start)
    print(f"{count:,} files, seed {seed}: {crashes} crashes")
    for kind in sorted(ends):
        parts = ", ".join(f"{number:,} {what}" for what, number in sorted(ends[kind].items()))
        print(f"  {kind:18} {parts}; slowest {slowest[kind]:.2f} s CPU")
    sys.exit(bool(crashes))


if __name__ == "__main__":
    main()
