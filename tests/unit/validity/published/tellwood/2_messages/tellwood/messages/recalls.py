"""Messages about a device."""

from tellwood.patients import Patient
from tellwood.post import Message


def recall(patient: Patient, device: str) -> Message:
    """Post a message about a device to a patient."""
    raise NotImplementedError
