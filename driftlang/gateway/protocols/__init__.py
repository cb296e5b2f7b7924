"""The protocols that agents speak to providers, one file each, by name.

In: the name of a protocol. Out: how its calls are told, and its answers read.
Refuses to do: speaking. Bodies pass the gateway as they are; what is here only reads them.
"""

from collections.abc import Mapping

from driftlang.gateway.protocols.chat import Chat
from driftlang.gateway.protocols.forms import Protocol
from driftlang.gateway.protocols.messages import Messages
from driftlang.gateway.protocols.responses import Responses

__all__ = ["PROTOCOLS", "Protocol"]

#: By the name that a providers' file has for them.
PROTOCOLS: Mapping[str, Protocol] = {"chat": Chat(), "responses": Responses(), "messages": Messages()}
