"""What a protocol is to the gateway.

In: nothing; this module defines. Out: `Protocol`, and the errors that two of them write alike.
"""

import json
from typing import Protocol as Shape

from driftlang.gateway.usage import Answer


class Protocol(Shape):
    """One way of speaking to a provider.

    Attributes:
        endpoint: the path of a model call, behind a provider's base address.
    """

    endpoint: str

    def read_answer(self, body: bytes, content_type: str) -> Answer:
        """Usage and end of an answer, streamed or whole, well or cut or hostile."""
        ...

    def error_body(self, status: int, message: str, code: str) -> bytes:
        """An error as a provider of this protocol writes it, so that the agent's client understands it."""
        ...


def is_model_call(protocol: Protocol, method: str, path: str) -> bool:
    """Whether a request to `path` (behind the base address) asks the model."""
    return method == "POST" and path.partition("?")[0].rstrip("/") == protocol.endpoint


def openai_error(message: str, code: str) -> bytes:
    """An error as OpenAI's protocols write it."""
    return json.dumps({"error": {"message": message, "type": code, "param": None, "code": code}}).encode()
