"""Messages about a refill."""

from tellwood.patients import Patient
from tellwood.post import Message


def ready(patient: Patient, medicine: str) -> Message:
    """Post a message about a refill to a patient."""
    raise NotImplementedError
