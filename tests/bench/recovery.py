"""How many planted mistakes are found where they are, and how many diagnostics are false, by kind.

`python -m tests.bench.recovery [NUMBER [SEED]]` from the root of the checkout; prints what was missed or invented, too.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.planting import KINDS, Found, check_pairs, check_planted


def main() -> None:
    """Plant, check, print."""
    with TemporaryDirectory() as scratch:
        found = check_planted(Path(scratch), *(int(argument) for argument in sys.argv[1:3]))
    print(f"{'kind':28}{'planted':>8}{'found':>8}{'reported':>10}{'false':>7}")
    for kind in KINDS:
        _print_row(kind, [one for one in found if one.kind == kind])
    _print_row("all", list(found))
    with TemporaryDirectory() as scratch:
        pairs = check_pairs(Path(scratch), len(found))
    told = sum(is_told for _, _, is_told in pairs)
    print(f"an unknown name beside one of them is still told in {told} of {len(pairs)}")
    for one in found:
        if not one.is_there or one.false:
            lines = " or ".join(str(line) for line in sorted(one.change.lines))
            print(f"{one.file}:{lines} {one.kind} {one.change.text!r}: {one.said}")


def _print_row(name: str, found: list[Found]) -> None:
    there = sum(one.is_there for one in found)
    reported = sum(len(one.said) for one in found)
    false = sum(one.false for one in found)
    print(f"{name:28}{len(found):8}{there:8}{reported:10}{false:7}")


if __name__ == "__main__":
    main()
