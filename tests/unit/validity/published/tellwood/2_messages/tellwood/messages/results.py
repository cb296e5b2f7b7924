"""Messages about a result."""

from tellwood.patients import Patient
from tellwood.post import Message


def announce(patient: Patient, test: str) -> Message:
    """Post a message about a result to a patient."""
    raise NotImplementedError
