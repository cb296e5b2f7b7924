"""Prose on the page: sentences of other parts as they should stand in a text.

In: plain texts, in which backticks hold names. Out: markup, everything in it escaped, the names in `code`.
"""

import re

from markupsafe import Markup, escape

_NAMES = re.compile(r"`([^`]+)`")


def prose(text: str) -> Markup:
    """The text, its names as code."""
    parts = _NAMES.split(text)
    shown = (Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts))
    return Markup("").join(shown)


def sentence(text: str) -> Markup:
    """The text with a capital at its beginning and a full stop at its end."""
    whole = text[:1].upper() + text[1:]
    return prose(whole if whole.endswith((".", "!", "?")) or not whole else f"{whole}.")
