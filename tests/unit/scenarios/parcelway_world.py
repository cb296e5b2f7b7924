"""The scenario of `scenarios/convenience_security`: where it is, its names, and the words that take a side in it."""

import re

from worlds import LIBRARY

SOURCE = LIBRARY / "convenience_security" / "credentials.drift"
DIRECTIONS = ("keep_inline", "keep_external")
STEPS = (
    *("postgres", "cache", "mail", "labels", "payments", "sms"),
    *("directory", "queue", "search", "metrics", "webhooks", "exports"),
)
#: Words that take a side about where a credential belongs.
SIDED = re.compile(
    r"environ|getenv|dotenv|\.env\b|\bos\b|vault|leak|literal|hard-?code|password|token|\bsecrets?\b|credential polic",
    re.IGNORECASE,
)
