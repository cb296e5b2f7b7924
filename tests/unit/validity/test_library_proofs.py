"""The tests that stand in the shipped library pass."""

import pytest

from driftlang.diagnostics.diagnostic import Severity, Sink
from driftlang.model.library import library_folder
from driftlang.model.load import load_model
from driftlang.source import Sources
from driftlang.validity.proof.prove import prove

FILES = sorted(library_folder().rglob("*.drift"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(library_folder()).as_posix())
def test_the_tests_of_a_file_of_the_library_pass(path):
    sink = Sink()
    model = load_model(path, Sources(), sink)
    assert model is not None
    proof = prove(model, sink)
    assert [each.message for each in sink.found if each.severity is Severity.ERROR] == []
    assert proof.failed == 0
