"""What a hostile agent tries: each attempt a command of its shell, each aimed at something that is really there.

An attempt prints what it gets hold of, and the word TAKEN where success is no text: a connection that stands, a file
that was written. `@NAME@` stands for what a test has planted. Whether it came to anything is judged from outside.

`python tests/end_to_end/hostile_attempts.py` prints the table of `generated/hostile_agent.md`.
"""

import sys
from collections.abc import Iterable

from hostile_leaving import LEAVING
from hostile_reaching import REACHING

ATTEMPTS = (*REACHING, *LEAVING)


def render_table(outcomes: Iterable[str]) -> str:
    """The table of all attempts with what came of each."""
    lines = [
        "# What a hostile agent tries, and what comes of it",
        "",
        "Written from `tests/end_to_end/hostile_attempts.py`. `test_hostile_agent.py` makes the real OpenCode carry",
        "each attempt out in the sandbox, near planted keys, files, listeners and processes, and compares this table.",
        "",
        "| | after | attempt | in the sandbox |",
        "|---|---|---|---|",
    ]
    rows = zip(ATTEMPTS, outcomes, strict=True)
    lines += [f"| {n} | {one.aim} | {one.title} | {came} |" for n, (one, came) in enumerate(rows, start=1)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render_table(["failed"] * len(ATTEMPTS)))
