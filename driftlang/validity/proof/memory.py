"""What proofs found, kept by content in the user's cache folder.

In: a model's digest, the sources that it was read from, what was found. Out: the same again, later.
Refuses to do: trusting what it reads. An entry that is not exactly as this compiler writes it is passed over and
written anew; a folder that cannot be written is no error. `DRIFTLANG_CACHE` names another folder.
"""

import json
import os
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from attrs import frozen
from cattrs import BaseValidationError, Converter

from driftlang import LANGUAGE_VERSION, __version__
from driftlang.diagnostics.catalogue import CATALOGUE
from driftlang.diagnostics.diagnostic import Diagnostic, Label, Severity
from driftlang.source import Sources, Span
from driftlang.validity.proof.forms import Proof

#: Bytes of an entry over which it is not read.
_LARGEST = 1 << 24
_SUFFIX = ".json"


@frozen
class Kept:
    """What the proofs of a model came to."""

    proof: Proof
    found: tuple[Diagnostic, ...]


@frozen
class _Place:
    """A span, its file by the sha256 of its text: ids of files depend on what else is read."""

    text: str
    start: int
    end: int


@frozen
class _Label:
    place: _Place
    text: str


@frozen
class _Finding:
    id: str
    message: str
    place: _Place
    severity: str
    help: str
    labels: tuple[_Label, ...]
    path: str


@frozen
class _Entry:
    """A file of the cache; `key` again, so that an entry under another name is none."""

    key: str
    proof: Proof
    found: tuple[_Finding, ...]


def recall(digest: str, sources: Sources) -> Kept | None:
    """What was found of a model with this digest; nothing where nothing sound is kept."""
    key = _key(digest)
    try:
        entry = _converter().structure(json.loads(read_entry("proofs", key)), _Entry)
        files = {_digest(source.text): number for number, source in enumerate(sources)}
        found = tuple(_diagnostic(each, files, sources) for each in entry.found)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError, BaseValidationError):
        return None
    return Kept(entry.proof, found) if entry.key == key else None


def keep(digest: str, sources: Sources, kept: Kept) -> None:
    """Keep what was found; nothing where the folder refuses."""
    key = _key(digest)
    texts = [_digest(source.text) for source in sources]
    found = tuple(_finding(each, texts) for each in kept.found)
    content = json.dumps(_converter().unstructure(_Entry(key, kept.proof, found)), indent=1, sort_keys=True)
    write_entry("proofs", key, content)


def read_entry(kind: str, key: str) -> bytes:
    """The bytes of an entry of this kind.

    Raises:
        OSError: there is none, or it cannot be read.
        ValueError: it is larger than any that is written.
    """
    path = _folder(kind) / f"{key}{_SUFFIX}"
    if path.stat().st_size > _LARGEST:
        raise ValueError(path)
    return path.read_bytes()


def write_entry(kind: str, key: str, content: str) -> None:
    """Write an entry whole; nothing where the folder refuses."""
    folder = _folder(kind)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=folder, suffix=".part", encoding="utf-8", delete=False) as file:
            file.write(content)
        os.replace(file.name, folder / f"{key}{_SUFFIX}")  # noqa: PTH105 - the name of a temporary file is a text
    except OSError:
        return


def _folder(kind: str) -> Path:
    from platformdirs import user_cache_path

    own = os.environ.get("DRIFTLANG_CACHE", "")
    return (Path(own) if own else user_cache_path("driftlang")) / kind


def _key(digest: str) -> str:
    return sha256(f"{digest} {compiler_digest()}".encode()).hexdigest()


@cache
def compiler_digest() -> str:
    """What tells one compiler from another: its versions and its own source."""
    import driftlang

    digest = sha256(f"{__version__} {LANGUAGE_VERSION}".encode())
    root = Path(driftlang.__file__).parent
    for path in sorted(root.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for kind in (int, str):
        converter.register_structure_hook(kind, _exactly)
    return converter


def _exactly(value: object, kind: type) -> object:
    """The value as it is, where it is of that very type."""
    if type(value) is not kind:
        message = f"{value!r} is no {kind.__name__}"
        raise TypeError(message)
    return value


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _finding(diagnostic: Diagnostic, texts: list[str]) -> _Finding:
    def place(span: Span) -> _Place:
        return _Place(texts[span.file], span.start, span.end)

    return _Finding(
        diagnostic.id,
        diagnostic.message,
        place(diagnostic.span),
        diagnostic.severity.value,
        diagnostic.help,
        tuple(_Label(place(label.span), label.text) for label in diagnostic.labels),
        diagnostic.path,
    )


def _diagnostic(finding: _Finding, files: dict[str, int], sources: Sources) -> Diagnostic:
    """The finding again.

    Raises:
        KeyError: it is about a file that is not among the sources, or has an id that there is not.
        ValueError: it is about a place outside its file.
    """

    def span(place: _Place) -> Span:
        file = files[place.text]
        if not 0 <= place.start <= place.end <= len(sources[file].text):
            raise ValueError(place)
        return Span(file, place.start, place.end)

    return Diagnostic(
        CATALOGUE[finding.id].id,
        finding.message,
        span(finding.place),
        Severity(finding.severity),
        finding.help,
        tuple(Label(span(label.place), label.text) for label in finding.labels),
        finding.path,
    )
