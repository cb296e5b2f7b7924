"""Messages about a new doctor."""

from tellwood.patients import Patient
from tellwood.post import Message


def welcome(patient: Patient, doctor: str) -> Message:
    """Post a message about a new doctor to a patient."""
    raise NotImplementedError
