"""Whatever is done to a file, checking it ends in diagnostics within it, in bounded time.

`python -m tests.bench.mutations` does the same with many more files.
"""

import signal
from contextlib import contextmanager
from pathlib import Path

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import Failure
from driftlang.diagnostics.full import render_full
from driftlang.source import Sources
from driftlang.validity.load import load_checked
from tests.mutations import mutants

#: Seconds of processor time for one file of at most 100 kB.
BOUND = 20


class TooSlowError(AssertionError):
    """A file took longer than it may."""


@contextmanager
def bounded(what):
    """A bound on processor time, so that a busy machine fails nothing."""

    def give_up(*_):
        raise TooSlowError(what)

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, BOUND)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def check(mutant, path: Path):
    """Check a mutant and render what is found; the number of findings, -1 where it is no text."""
    path.write_bytes(mutant.content)
    sources, sink = Sources(), Sink()
    with bounded(mutant.kind):
        try:
            load_checked(path, sources, sink)
        except Failure:
            return -1
        for diagnostic in sink.found:
            for span in (diagnostic.span, *(label.span for label in diagnostic.labels)):
                assert 0 <= span.start <= span.end <= len(sources[span.file].text)
        rendered = render_full(sink.found, sources, color=False)
    assert bool(rendered) == bool(sink.found)
    return len(sink.found)


@pytest.mark.parametrize("seed", range(10))
def test_no_mutated_file_crashes_the_check(seed, tmp_path):
    for mutant in mutants(30, seed):
        check(mutant, tmp_path / "example.drift")
