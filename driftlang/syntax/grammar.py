"""The grammar, compiled: LALR tables of `drift.lark`, kept in the user's cache folder.

In: the grammar's file. Out: a `Lark`.
Refuses to do: trusting the cache: it is named by content, written in one move, and when it is damaged or cannot be
written, the tables are made anew. `Lark(cache=True)` is not used, since it reads a predictable file of the temporary
folder.
"""

import contextlib
import os
import pickle
import sys
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import lark
from lark import Lark


@cache
def load_grammar() -> Lark:
    """The compiled grammar, from the cache where it is there and whole."""
    text = _grammar_text()
    path = _cache_path(text)
    if path is not None:
        kept = _read(path)
        if kept is not None:
            return kept
    made = Lark(text, parser="lalr", lexer="basic", start="file", maybe_placeholders=False)
    if path is not None:
        _write(path, made)
    return made


def _grammar_text() -> str:
    """The grammar of a wheel, which stands beside this module, or that of a source checkout."""
    here = Path(__file__).parent
    packaged = here / "drift.lark"
    path = packaged if packaged.is_file() else here.parent.parent / "grammar" / "drift.lark"
    return path.read_text(encoding="utf-8")


def _cache_path(text: str) -> Path | None:
    """Where the tables of this grammar, lark and Python are kept; none where there is no home to keep them in."""
    from platformdirs import user_cache_path

    key = "\n".join((text, lark.__version__, f"{sys.version_info.major}.{sys.version_info.minor}"))
    name = f"grammar-{sha256(key.encode()).hexdigest()[:24]}.bin"
    try:
        return user_cache_path("driftlang", appauthor=False) / name
    except (OSError, RuntimeError):
        return None


def _read(path: Path) -> Lark | None:
    """The tables in `path`, where its digest says that they are whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, payload = content[:32], content[32:]
    if sha256(payload).digest() != digest:
        return None
    try:
        return Lark.load(BytesIO(payload))
    except (pickle.UnpicklingError, AttributeError, LookupError, TypeError, ValueError, EOFError, ImportError):
        return None


def _write(path: Path, made: Lark) -> None:
    """Keep the tables, in one move; a cache that cannot be written costs time, nothing else."""
    content = BytesIO()
    made.save(content)
    payload = content.getvalue()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(sha256(payload).digest() + payload)
                file.close()
                os.replace(temporary, path)  # noqa: PTH105 - the atomic move of the standard library, by its own name
            except OSError:
                temporary.unlink(missing_ok=True)
