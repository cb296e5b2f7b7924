"""Messages about a ride."""

from tellwood.patients import Patient
from tellwood.post import Message


def collect(patient: Patient, hour: int) -> Message:
    """Post a message about a ride to a patient."""
    raise NotImplementedError
