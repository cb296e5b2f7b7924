"""What a build came to, kept by content in the user's cache folder, so that one with no change need not be made again.

In: a study of a model, the folder that a former build left. Out: `Built`, at the price of reading that folder.
Refuses to do: trusting it. Kept is the digest of everything that the build wrote (`seal_of`), from memory and not from
the folder; every byte that is there is read again, and with a file changed, gone or too many the study is built. So
it is with an entry that is not exactly as this compiler writes it. A build that found something is not kept.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

from attrs import asdict, frozen

from driftlang.build.emit import Built, Engine, emit_study
from driftlang.build.renewal import Renewal
from driftlang.build.snapshot import is_plain_folder, lines_there, seal_of
from driftlang.build.staging import has_leavings
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Model, Study
from driftlang.validity.proof.forms import Proof
from driftlang.validity.proof.memory import compiler_digest, read_entry, write_entry

_KIND = "builds"


@frozen
class _Entry:
    """A file of the cache; `key` again, so that an entry under another name is none."""

    key: str
    seal: str
    cells: int
    repositories: int


def renew_study(  # noqa: PLR0913 - a study, and all that is known of it
    study: Study, model: Model, source_name: str, out: Path, sink: Sink, *, proof: Proof, engine: Engine
) -> Built | None:
    """As `emit_study`, which is not called where a former build of the very same left what is there.

    Raises:
        Failure: see `emit_study`.
    """
    key = _key(study, model, source_name)
    kept = None if sink.has_errors else _recall(key, out / study.name)
    if kept is not None:
        renewal = Renewal(is_first=False, written=(), removed=0, seal=kept.seal)
        trials = kept.cells * study.repeat * len(study.models)
        return Built(study.name, out / study.name, kept.cells, study.repeat, trials, kept.repositories, renewal)
    before = sink.found
    built = emit_study(study, model, source_name, out, sink, proof=proof, engine=engine)
    if built is not None and sink.found == before:
        entry = _Entry(key, built.renewal.seal, built.cells, built.repositories)
        write_entry(_KIND, key, json.dumps(asdict(entry), indent=1, sort_keys=True))
    return built


def _key(study: Study, model: Model, source_name: str) -> str:
    parts = (model.source_digest, source_name, study.name, compiler_digest(), sys.version)
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _recall(key: str, folder: Path) -> _Entry | None:
    """The entry of a build, where the folder is as it left it."""
    try:
        entry = _entry(json.loads(read_entry(_KIND, key)))
        if entry.key != key or has_leavings(folder) or not is_plain_folder(str(folder)):
            return None
        return entry if seal_of(lines_there(folder)) == entry.seal else None
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def _entry(found: object) -> _Entry:
    """The entry in what was read.

    Raises:
        TypeError: it is none.
    """
    if isinstance(found, dict) and found.keys() == {"key", "seal", "cells", "repositories"}:
        key, seal, cells, repositories = (found[name] for name in ("key", "seal", "cells", "repositories"))
        if type(key) is type(seal) is str and type(cells) is type(repositories) is int:
            return _Entry(key, seal, cells, repositories)
    message = "no entry of a build"
    raise TypeError(message)
