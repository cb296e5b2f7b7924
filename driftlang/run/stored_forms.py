"""How forms stand in a journal: as JSON, and as packed bytes under their digests.

In: records, model calls, snapshots. Out: texts and bytes, and the forms again.
Refuses to do: writing. Texts of subjects may hold lone surrogates, which no database takes: a question mark stands for
each.
"""

import json
import zlib
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from driftlang.gateway.forms import Exchange
from driftlang.observe.forms import Entry, Tree
from driftlang.observe.texts import encodable
from driftlang.run.records import RunnerStamp, StepRecord

if TYPE_CHECKING:
    from cattrs import Converter

F = TypeVar("F", StepRecord, Exchange, RunnerStamp)


def pack(content: bytes) -> bytes:
    """`content` as it is stored."""
    return zlib.compress(content)


def unpack(stored: bytes) -> bytes:
    """What `pack` was given."""
    return zlib.decompress(stored)


def dump_form(form: StepRecord | Exchange | RunnerStamp) -> str:
    """A form as one JSON object; what has columns of its own is left out."""
    return json.dumps(_converter().unstructure(form), separators=(",", ":"))


def load_form(kind: type[F], text: str) -> F:
    """The form that `dump_form` was given, as far as it was kept."""
    return form_of(kind, json.loads(text))


def form_of(kind: type[F], stated: object) -> F:
    """The form that a JSON object states."""
    return _converter().structure(stated, kind)


@cache
def _converter() -> "Converter":
    """A converter for texts of subjects, and for model calls, whose bodies have columns of their own."""
    from cattrs import Converter
    from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

    converter = Converter()
    converter.register_unstructure_hook(str, encodable)
    converter.register_unstructure_hook(Decimal, str)  # money, which no binary fraction holds
    converter.register_structure_hook(Decimal, lambda stated, _: Decimal(stated))
    without_bodies = make_dict_unstructure_fn(
        Exchange, converter, request=override(omit=True), response=override(omit=True)
    )
    converter.register_unstructure_hook(Exchange, without_bodies)
    converter.register_structure_hook(Exchange, make_dict_structure_fn(Exchange, converter))
    return converter


def dump_tree(tree: Tree) -> tuple[str, bytes]:
    """Digest and bytes of a snapshot; equal snapshots have equal digests."""
    entries = {path: [e.mode, e.digest, e.size, e.is_kept] for path, e in sorted(tree.entries.items())}
    content = json.dumps({"entries": entries, "skipped": list(tree.skipped)}, separators=(",", ":")).encode()
    return sha256(content).hexdigest(), content


def load_tree(content: bytes) -> Tree:
    """The snapshot that `dump_tree` was given."""
    found = json.loads(content)
    entries = {path: Entry(mode, digest, size, kept) for path, (mode, digest, size, kept) in found["entries"].items()}
    return Tree(entries, tuple(found["skipped"]))


def digest_of_call(record: str, request: bytes, response: bytes) -> str:
    """Sha256, hex, of a model call: of its record as stored, and of the digests of its bodies."""
    parts = (record, sha256(request).hexdigest(), sha256(response).hexdigest())
    return sha256("\n".join(parts).encode()).hexdigest()
