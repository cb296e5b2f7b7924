"""Texts of a subject, as something that can always be written down.

In: what an agent said. Out: the same, fit for a file and a database.
Refuses to do: any other change.
"""


def encodable(text: str) -> str:
    """`text` with a question mark for each lone surrogate, which JSON can hold and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")
