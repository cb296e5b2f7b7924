"""Files written and checked in a folder of their own."""

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import Sources


class Checked:
    """What checking a text gave."""

    def __init__(self, model, sources, found):
        self.model = model
        self.sources = sources
        self.found = found

    @property
    def ids(self):
        """The id of each finding."""
        return [diagnostic.id for diagnostic in self.found]

    @property
    def messages(self):
        """The message of each finding."""
        return [diagnostic.message for diagnostic in self.found]

    @property
    def lines(self):
        """The line of each finding."""
        return [self.sources[one.span.file].position(one.span.start)[0] for one in self.found]


@pytest.fixture
def check(tmp_path):
    """Write a text (or bytes) as a file and check it."""

    def checked(text, name="example.drift"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        sources, sink = Sources(), Sink()
        model = load_model(path, sources, sink)
        return Checked(model, sources, sink.found)

    return checked
