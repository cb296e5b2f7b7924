"""What tokens cost.

In: the shipped prices and a file of the user's. Out: `Price` by model, and the dollars of a call, exact.
Refuses to do: a guess. A model without a price has none, and is never taken for free.
"""

import datetime as dt
from decimal import Decimal
from pathlib import Path

from attrs import frozen

from driftlang.gateway.settings import read_settings
from driftlang.gateway.usage import Usage

#: Dollars are for so many tokens, as providers state them.
_UNIT = Decimal(1_000_000)


@frozen
class Price:
    """Dollars for a million tokens of each kind.

    Attributes:
        cached: for what is read from the provider's cache; nothing where it costs as any input.
        cache_write: for what is written to it; likewise.
        source: where the price was read, and on which date.
    """

    input: Decimal
    output: Decimal
    cached: Decimal | None = None
    cache_write: Decimal | None = None
    source: str = ""
    date: dt.date | None = None

    @property
    def is_free(self) -> bool:
        """Whether nothing costs anything."""
        return not any((self.input, self.output, self.cached, self.cache_write))

    def dollars_of(self, usage: Usage) -> Decimal:
        """What a call with this usage costs; no rounding."""
        plain = usage.prompt_tokens - usage.cached_tokens - usage.cache_write_tokens
        cached = self.input if self.cached is None else self.cached
        written = self.input if self.cache_write is None else self.cache_write
        total = plain * self.input + usage.cached_tokens * cached + usage.cache_write_tokens * written
        return (total + usage.completion_tokens * self.output) / _UNIT

    def most_dollars(self, prompt_tokens: int, completion_tokens: int) -> Decimal:
        """What a call of so many tokens costs at most, however it is cached."""
        dearest = max(self.input, self.cached or self.input, self.cache_write or self.input)
        return (prompt_tokens * dearest + completion_tokens * self.output) / _UNIT


#: Of what costs nothing: simulated models, and servers of one's own.
FREE = Price(Decimal(0), Decimal(0))


def read_prices(own: Path | None = None) -> dict[str, Price]:
    """Prices by `provider/model`; see `read_settings`."""
    return read_settings(Price, "prices.toml", own, is_merged=False)
