"""What the gateway looks at in a request, without reading all of it.

In: the body of a model call. Out: the body to send on, and how much may be answered.
Refuses to do: parsing what it need not. A conversation of hundreds of kilobytes is searched, not read.
"""

import json
import re

from driftlang.gateway.usage import read_object

#: Quotes in JSON texts are escaped, so that only a key can look like this.
_OUTPUT = re.compile(rb'"max_(?:completion_|output_)?tokens"\s*:\s*(\d{1,9})')
#: What a model may say when the request sets no bound.
_UNBOUNDED_OUTPUT = 128_000


def most_output(body: bytes) -> int:
    """How many tokens the answer may have at most."""
    return max((int(found) for found in _OUTPUT.findall(body)), default=_UNBOUNDED_OUTPUT)


def addressed(body: bytes, model: str, alias: str) -> bytes | None:
    """The body as it is sent to `model`, which the agent calls `alias` (if not empty).

    Nothing when it asks for another model: whoever can reach the gateway could spend on any otherwise.
    """
    if not model:
        return body
    named = b'"model":' + json.dumps(alias or model).encode()
    if not body.startswith(b"{" + named) or body.count(b'"model":') != 1:
        if read_object(body).get("model") != (alias or model):
            return None
        if alias and body.count(named) != 1:
            return None
    return body.replace(named, b'"model":' + json.dumps(model).encode(), 1) if alias else body
