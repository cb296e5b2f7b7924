"""Messages about a referral."""

from tellwood.patients import Patient
from tellwood.post import Message


def refer(patient: Patient, ward: str) -> Message:
    """Post a message about a referral to a patient."""
    raise NotImplementedError
