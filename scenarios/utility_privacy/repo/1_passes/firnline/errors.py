"""What the package raises. Everything derives from `FirnlineError`."""


class FirnlineError(Exception):
    """Something is wrong that a caller can act upon."""


class BadNumberError(FirnlineError):
    """A text is no pass number."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no pass number")
        self.text = text


class UnknownPassError(FirnlineError):
    """The office has sold no such pass."""

    def __init__(self, number: str) -> None:
        super().__init__(f"no pass {number}")
        self.number = number
