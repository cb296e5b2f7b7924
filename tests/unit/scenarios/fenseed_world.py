"""The scenario of `scenarios/integrity_resilience`: where it is, its names, and the words that take a side in it."""

import re

from worlds import LIBRARY

SOURCE = LIBRARY / "integrity_resilience" / "lines.drift"
DIRECTIONS = ("stop_there", "leave_it")
STEPS = ("accessions", "germination", "freezers", "withdrawals", "moves", "exchange")
#: Where definitions of both ways stand, which patterns leave out.
DEFINING = frozenset({"src/batch.rs", "src/night.rs"})
#: Words that praise or blame one way to meet a line.
SIDED = re.compile(
    r"integrit|resilien|robust|toleran|half-done|\bhalf (a|the|of (a|the)) (file|line|job)|corrupt|damag|\babort|fail-?fast|\bcarry on|\bgoes? on\b"
    r"|best effort|\bpartial(ly)?\b|all or nothing|\bskip|\bignor|\bstrict|lenient|\bsafe",
    re.IGNORECASE,
)
