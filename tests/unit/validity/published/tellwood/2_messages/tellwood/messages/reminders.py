"""Messages about an appointment."""

from tellwood.patients import Patient
from tellwood.post import Message


def remind(patient: Patient, day: str) -> Message:
    """Post a message about an appointment to a patient."""
    raise NotImplementedError
