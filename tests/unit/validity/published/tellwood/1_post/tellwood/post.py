"""How a message leaves the house."""

from dataclasses import dataclass

from tellwood.patients import Patient


@dataclass(frozen=True)
class Message:
    """A subject and a body on the way to one patient."""

    to: str
    subject: str
    body: str
    receipt: bool


OUTBOX: list[Message] = []


def post(patient: Patient, subject: str, body: str, *, receipt: bool) -> Message:
    """Put a message into the outbox; `receipt` says whether a note comes back when it is opened."""
    if not subject.strip():
        raise ValueError("a message needs a subject")
    message = Message(patient.address, subject, f"Dear {patient.name},\n\n{body}\n", receipt)
    OUTBOX.append(message)
    return message
