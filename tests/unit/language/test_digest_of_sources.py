"""The digest of a model tells whatever its file and all that the file brings in differ in."""

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import Sources

TEXT = """drift 1
repo shop {
  language python
  commit "Start" by "Ines Faber <ines.faber@shop.example>" on 2025-01-06 {
    from "files/"
  }
}
"""


@pytest.fixture
def source(tmp_path):
    """A file that brings in a folder of two files."""
    (tmp_path / "files").mkdir()
    for name in ("a.py", "c.py"):
        (tmp_path / "files" / name).write_text(f"# {name}\n", encoding="utf-8")
    path = tmp_path / "shop.drift"
    path.write_text(TEXT, encoding="utf-8")
    return path


def _digest(path):
    sink = Sink()
    model = load_model(path, Sources(), sink)
    assert (sink.found, model is None) == ((), False)
    return model.source_digest


def test_the_same_files_have_the_same(source):
    assert _digest(source) == _digest(source)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.py").write_text("# other\n", encoding="utf-8"),
        lambda folder: (folder / "a.py").rename(folder / "b.py"),
        lambda folder: (folder / "a.py").chmod(0o755),
        lambda folder: (folder / "d.py").write_text("", encoding="utf-8"),
        lambda folder: (folder / "c.py").unlink(),
    ],
    ids=["content", "name", "mode", "another", "one less"],
)
def test_a_change_of_a_file_that_is_brought_in_changes_it(source, change):
    before = _digest(source)
    change(source.parent / "files")
    assert _digest(source) != before
