"""Messages about an appointment."""

from tellwood.patients import Patient
from tellwood.post import Message, post


def remind(patient: Patient, day: str) -> Message:
    """Post a message about an appointment to a patient."""
    raise NotImplementedError
