"""Mail to recipients over SMTP with STARTTLS, as the service account `mailer`."""

from email.message import EmailMessage


def send(message: EmailMessage) -> None:
    """Hand `message` to the mail server."""
    raise NotImplementedError


def health() -> bool:
    """Tell whether the mail server lets us in."""
    raise NotImplementedError
