"""Messages about an invoice."""

from tellwood.patients import Patient
from tellwood.post import Message


def bill(patient: Patient, cents: int) -> Message:
    """Post a message about an invoice to a patient."""
    raise NotImplementedError
