"""The scenario of `scenarios/efficiency_security`: where it is, its names, and the words that take a side in it."""

import re

from worlds import LIBRARY

SOURCE = LIBRARY / "efficiency_security" / "callers.drift"
DIRECTIONS = ("rely_on_admission", "examine_at_desk")
STEPS = (
    *("transfers", "payouts", "refunds", "wages", "disputes", "statements"),
    *("limits", "receipts", "standing", "tips", "purses", "vouchers"),
)
#: Where definitions of both ways stand, which patterns leave out.
DEFINING = frozenset(f"stallpay/{name}.py" for name in ("calls", "config", "front_door", "pass_office"))
#: Words that praise or blame one way to learn who is calling.
SIDED = re.compile(
    r"\btrust|verif|re-?check|double-?check|asks? again|\bcach|\bstale\b|stolen|thie(f|ves)|latenc|\bslow|\bfast\b"
    r"|round-?trip|overhead|\bcheap|expensive|redundant|\bsafe(ly|ty|r)?\b|attack|forge",
    re.IGNORECASE,
)
