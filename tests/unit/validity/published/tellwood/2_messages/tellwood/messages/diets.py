"""Messages about a diet."""

from tellwood.patients import Patient
from tellwood.post import Message


def advise(patient: Patient, meal: str) -> Message:
    """Post a message about a diet to a patient."""
    raise NotImplementedError
