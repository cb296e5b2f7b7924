"""The providers that a model's name can begin with.

In: the shipped providers, a file of the user's, and the environment for keys. Out: `Provider` by name, `ModelFacts` of
a model, and the key at the moment that it is needed.
Refuses to do: keeping a key in a form that is printed or recorded, and sending one over a network in clear.
"""

import ipaddress
import os
import stat
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlsplit

from attrs import field, frozen

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.gateway.protocols import PROTOCOLS
from driftlang.gateway.settings import read_settings


@frozen
class ModelFacts:
    """What the agent's configuration says of a model; 0 and nothing leave it to the agent's own catalogue.

    Attributes:
        context, output: tokens.
        reasoning: whether it thinks before it speaks.
        temperature: whether it takes one.
        is_catalogued: whether OpenCode's own catalogue has the model; then this is for `harness neutral` alone, where
            the model has another name.
    """

    context: int = 0
    output: int = 0
    reasoning: bool | None = None
    temperature: bool | None = None
    is_catalogued: bool = False


@frozen
class Provider:
    """A provider; see the comments of `providers.toml`."""

    base_url: str
    protocol: str
    package: str
    key_variable: str = ""
    key_file: str = ""
    concurrency: int = 0
    requests_per_minute: int = 0
    tokens_per_minute: int = 0
    is_free: bool = False
    models: Mapping[str, ModelFacts] = field(factory=dict)

    def facts_of(self, model: str) -> ModelFacts:
        """What is known of a model: the first pattern that fits."""
        return next((facts for pattern, facts in self.models.items() if fnmatchcase(model, pattern)), ModelFacts())


def read_providers(own: Path | None = None) -> dict[str, Provider]:
    """Providers by name; see `read_settings`.

    Raises:
        Failure: the user's file is damaged, or a provider's settings cannot be.
    """
    found = read_settings(Provider, "providers.toml", own, is_merged=True)
    for name, provider in found.items():
        _check(name, provider)
    return found


def key_of(name: str, provider: Provider, environment: Mapping[str, str] | None = None) -> str:
    """The provider's key; empty where it wants none.

    Raises:
        Failure: it is not there, or its file can be read by others.
    """
    variables = os.environ if environment is None else environment
    key = variables.get(provider.key_variable, "").strip() if provider.key_variable else ""
    if not key and provider.key_file:
        key = _read_key(Path(provider.key_file).expanduser())
    if provider.key_variable and not key:
        raise Failure(
            f"the key of `{name}` is missing: {provider.key_variable} is not set",
            help=f"set it in the environment, as with `export {provider.key_variable}=...`",
            status=ExitStatus.MISUSE,
        )
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise Failure(
            f"the key of `{name}` holds what no key can: spaces, line breaks or letters beyond ASCII",
            help="copy it anew",
            status=ExitStatus.MISUSE,
        )
    return key


def _read_key(path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Failure(
                f"{path} holds a key and can be read by others",
                help=f"make it yours alone: chmod 600 {path}",
                status=ExitStatus.MISUSE,
            )
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as trouble:
        message = f"{path}, which should hold a key, cannot be read: {(trouble.strerror or str(trouble)).lower()}"
        raise Failure(message, help="write the key into it", status=ExitStatus.MISUSE) from trouble


def _check(name: str, provider: Provider) -> None:
    url = urlsplit(provider.base_url)
    has_key = bool(provider.key_variable or provider.key_file)
    faults = (
        (
            provider.protocol not in PROTOCOLS,
            f"protocol `{provider.protocol}`, which is none of {', '.join(PROTOCOLS)}",
        ),
        (
            url.scheme not in {"http", "https"} or not url.hostname,
            f"base_url `{_shown(provider)}`, which is no address",
        ),
        (bool(url.username or url.password), "a base_url that holds a name or a key"),
        (url.scheme == "http" and has_key and not _is_here(url.hostname or ""), "a key and a base_url without TLS"),
        (min(provider.concurrency, provider.requests_per_minute, provider.tokens_per_minute) < 0, "a bound below 0"),
    )
    for is_so, what in faults:
        if is_so:
            raise Failure(
                f"the provider `{name}` has {what}", help="mend the providers' file", status=ExitStatus.MISUSE
            )


def _shown(provider: Provider) -> str:
    return provider.base_url.rpartition("@")[2][:100]


def _is_here(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
