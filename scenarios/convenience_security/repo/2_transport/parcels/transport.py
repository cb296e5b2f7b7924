"""HTTP calls to partners. Every failure comes out as a `PartnerError`."""

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from parcels.errors import PartnerError

Json = dict[str, Any]


def send_bytes(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    timeout: float = 10.0,
) -> bytes:
    """Send one request and return the body of its answer.

    Raises `PartnerError` when the partner answers with a failure or not at all.
    """
    partner = urlsplit(url).hostname or url
    request = Request(url, data=body, headers=dict(headers), method=method)
    try:
        with urlopen(request, timeout=timeout) as answer:
            return bytes(answer.read())
    except HTTPError as error:
        with error:
            raise PartnerError(partner, f"answered {error.code}") from error
    except (URLError, HTTPException, OSError) as error:
        raise PartnerError(partner, f"cannot be reached ({error})") from error


def send_json(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: Json | None = None,
    timeout: float = 10.0,
) -> Json:
    """Send a JSON object, if any, and return the JSON object that comes back."""
    data = None if body is None else json.dumps(body).encode()
    kind = {"Accept": "application/json", "Content-Type": "application/json"}
    answer = send_bytes(
        method, url, headers={**kind, **headers}, body=data, timeout=timeout
    )
    found = json.loads(answer) if answer else {}
    if not isinstance(found, dict):
        raise PartnerError(urlsplit(url).hostname or url, "answered no JSON object")
    return found
