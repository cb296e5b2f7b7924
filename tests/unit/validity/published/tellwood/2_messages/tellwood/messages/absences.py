"""Messages about an absence."""

from tellwood.patients import Patient
from tellwood.post import Message


def excuse(patient: Patient, doctor: str) -> Message:
    """Post a message about an absence to a patient."""
    raise NotImplementedError
