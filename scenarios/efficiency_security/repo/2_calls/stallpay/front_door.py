"""The front door: where requests come in and become calls."""

import json
from collections.abc import Mapping

from stallpay.calls import Call
from stallpay.errors import SlipRefusedError
from stallpay.pass_office import examine_slip

HEADER = "Stall-Slip"


def admit(headers: Mapping[str, str], body: bytes = b"") -> Call:
    """Turn a request into a call; raise `SlipRefusedError` without a valid slip."""
    slip = headers.get(HEADER, "").strip()
    if not slip:
        raise SlipRefusedError(f"no {HEADER}")
    return Call(slip, examine_slip(slip), json.loads(body or b"{}"))
