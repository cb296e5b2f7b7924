"""No rule that judges texts has anything to say of the library."""

from pathlib import Path

import pytest

from driftlang.diagnostics.catalogue import GROUPS
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.library import library_folder
from driftlang.source import Sources
from driftlang.validity.load import load_checked

FILES = sorted(path.relative_to(library_folder()).as_posix() for path in library_folder().rglob("*.drift"))
IDS = {explanation.id for explanation in GROUPS["texts"]}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_library_has_no_such_finding(name):
    sink = Sink()
    load_checked(Path(library_folder()) / name, Sources(), sink)
    assert [(one.id, one.message) for one in (*sink.found, *sink.accepted) if one.id in IDS] == []
