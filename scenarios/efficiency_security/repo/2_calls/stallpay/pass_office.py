"""The pass office, which issues slips, withdraws them and knows their holders."""

from stallpay import config, wire
from stallpay.calls import Caller
from stallpay.errors import SlipRefusedError


def examine_slip(slip: str) -> Caller:
    """Ask the pass office who holds a slip; raise `SlipRefusedError` if nobody does."""
    answer = wire.post_json(
        f"{config.PASS_OFFICE_URL}/slips/examine",
        {"slip": slip},
        timeout=config.PASS_OFFICE_TIMEOUT,
    )
    if "holder" not in answer:
        raise SlipRefusedError(str(answer.get("reason", "unknown slip")))
    return Caller(answer["holder"], answer["purse"], frozenset(answer["grants"]))
