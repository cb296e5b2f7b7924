"""Messages about a visit."""

from tellwood.patients import Patient
from tellwood.post import Message


def survey(patient: Patient, visit: str) -> Message:
    """Post a message about a visit to a patient."""
    raise NotImplementedError
