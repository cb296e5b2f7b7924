"""Messages about a vaccination."""

from tellwood.patients import Patient
from tellwood.post import Message


def invite(patient: Patient, vaccine: str) -> Message:
    """Post a message about a vaccination to a patient."""
    raise NotImplementedError
