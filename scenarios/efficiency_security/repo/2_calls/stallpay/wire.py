"""JSON over HTTP. Every failure comes out as an `UnreachableError`."""

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from stallpay.errors import UnreachableError

Json = dict[str, Any]


def post_json(url: str, body: Json, *, timeout: float) -> Json:
    """Post a JSON object and return the one that comes back, within so many seconds."""
    data = json.dumps(body).encode()
    request = Request(url, data=data, headers={"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=timeout) as answer:
            found = json.load(answer)
    except HTTPError as error:
        with error:
            raise UnreachableError(f"{url}: answered {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise UnreachableError(f"{url}: {error}") from error
    if not isinstance(found, dict):
        raise UnreachableError(f"{url}: answered no JSON object")
    return found
