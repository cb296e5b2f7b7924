"""Short messages to recipients through the Shortnote gateway."""


def send(phone: str, text: str) -> str:
    """Send a text, cut to one message, and return the gateway's message id."""
    raise NotImplementedError


def balance() -> int:
    """Return how many messages are left on the account."""
    raise NotImplementedError
