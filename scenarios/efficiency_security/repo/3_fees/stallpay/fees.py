"""What the house takes for a card payment or a payout."""

from dataclasses import dataclass

from stallpay.errors import BadAmountError


@dataclass(frozen=True)
class Tariff:
    """A share in hundredths of a per cent; a fixed part and a cap in cents."""

    share: int
    fixed: int
    cap: int


CARD = Tariff(share=140, fixed=5, cap=2_000)
PAYOUT = Tariff(share=0, fixed=20, cap=20)


def fee(cents: int, tariff: Tariff = CARD) -> int:
    """Return the fee for an amount, rounded up to a cent and never above the cap."""
    if cents <= 0:
        raise BadAmountError(f"{cents} is not above zero")
    return min(-(-cents * tariff.share // 10_000) + tariff.fixed, tariff.cap)


def net(cents: int, tariff: Tariff = CARD) -> int:
    """Return what is left of an amount, or zero where the fee eats it up."""
    return max(cents - fee(cents, tariff), 0)
