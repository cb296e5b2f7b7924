"""text → ast: both steps at once, as whoever needs no tree takes them.

In: the text of a file. Out: `ast.File`, and a diagnostic for each mistake.
Refuses to do: meaning.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from driftlang.diagnostics.diagnostic import Sink
from driftlang.syntax.ast import File
from driftlang.syntax.lower import lower
from driftlang.syntax.parse import parse


def read(text: str, file: int, sink: Sink) -> File:
    """The ast of `text`, the file with id `file`; diagnostics go to `sink`."""
    with _without_collection():
        return lower(parse(text, file, sink), file, sink)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Python's cycle collector at rest: trees have no cycles, and looking for some takes longer in larger trees."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
