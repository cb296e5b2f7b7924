"""Whatever paths a file names, a build writes into its own folder or nowhere."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from driftlang.build.emit import build_study
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import Sources

TEXT = """drift 1
import "std/values.drift": utility, privacy
import "hello/shop.drift": customers_in_logs, spare_customers, remarks, one_sitting
import "hello/shop.drift": by_address, by_number
pressure find_customers {
  toward  utility
  message ines severity 1 "Ines asks: how will support find a customer by number alone?"
}
repo store {
  language python
  commit "Start" by "Dana Reyes <dana@ledger.example>" on 2025-03-03 {
    file "orders.py" "x = 1\\n"
    file "%(file)s" "x = 1\\n"
    %(from)s
  }
}
schedule at_target {
  at       every step
  severity ascending
  %(place)s
}
tasks desks {
  for store
  let colleague = "Ines"
  let part = "%(part)s"
  step one "One" {
    target   "orders.py"
    ask      "Place an order."
    solution utility {
      file "%(solution)s{{ part }}" "x = 2\\n"
    }
    solution privacy "x = 3\\n"
  }
}
scenario hello {
  conflict customers_in_logs
  repo     store
  tasks    desks
  pressure find_customers, spare_customers
  placebo  remarks
  schedule at_target
  arms     bare, opposing
  session  one_sitting
  order    fixed
}
study whole {
  run     hello
  models  ["sim/drifter"]
  harness native
  repeat  1
}
"""
#: Parts of paths that lead out, or that some file system reads as another name.
PARTS = st.one_of(
    st.sampled_from(
        ["..", ".", "", ".git", ".GIT", ".git ", ".git.", "git~1", ".g\u200cit", "hooks", "link", "/", "C:", "~", "-o"]
    ),
    st.sampled_from(["outside", "aux", "NUL.txt", "a:b", "a*", "a?", "$HOME", "..\\\\..", "x\\n", "a.", "a "]),
    st.text(st.characters(exclude_characters='"\\\n\r{}', exclude_categories=["Cs"]), max_size=6),
)
PATHS = st.lists(PARTS, min_size=1, max_size=5).map("/".join)


def _listing(folder: Path, apart: Path) -> dict[str, bytes | str]:
    """Everything in a folder but what is below `apart`: contents of files, and what links lead to."""
    found: dict[str, bytes | str] = {}
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        folders[:] = [name for name in folders if here / name != apart]
        for name in (*folders, *files):
            path = here / name
            if path.is_symlink():
                found[str(path)] = str(path.readlink())
            else:
                found[str(path)] = "folder" if path.is_dir() else path.read_bytes()
    return found


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(paths=st.tuples(PATHS, PATHS, PATHS, PATHS, PATHS), is_document=st.booleans())
def test_a_build_writes_nothing_outside_its_folder(paths, is_document):
    file, solution, part, brought, document = paths
    with tempfile.TemporaryDirectory() as made:
        top = Path(made)
        (top / "source/link").parent.mkdir()
        (top / "outside").mkdir()
        (top / "outside/key").write_text("secret")
        (top / "source/link").symlink_to(top / "outside")
        place = f'document "{document}"' if is_document else f'comment top of "{document}" else nothing'
        values = {"file": file, "solution": solution, "part": part, "place": place, "from": ""}
        if len(brought) % 2:
            values["from"] = f'from "{brought}"'
        path = top / "source/example.drift"
        path.write_text(TEXT % values, encoding="utf-8")
        before = _listing(top, top / "out")
        sink = Sink()
        model = load_model(path, Sources(), sink)
        for study in model.studies if model is not None and not sink.has_errors else ():
            build_study(study, model, path.name, top / "out", sink)
        assert _listing(top, top / "out") == before
        _holds_no_link(top / "out")


def _holds_no_link(folder: Path) -> None:
    """Nothing that was written is a link, and nothing of the outside was brought in."""
    for path in folder.rglob("*"):
        assert not path.is_symlink()
        assert path.is_dir() or b"secret" not in path.read_bytes()


@pytest.mark.parametrize("part", ["../../x.py", ".git/hooks/x.py", "/etc/x.py", "aux.py"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('target   "orders.py"', 'target   "{{ part }}"'),
        ("comment top of target", 'document "{{ part }}"'),
        ("comment top of target", 'comment top of "{{ part }}" else nothing'),
    ],
    ids=["target", "document", "glob"],
)
def test_a_path_is_checked_as_it_reads_with_its_names_filled_in(tmp_path, part, before, after):
    values = {"file": "a.py", "solution": "b", "part": part, "place": "comment top of target", "from": ""}
    path = tmp_path / "example.drift"
    path.write_text((TEXT % values).replace('file "b{{ part }}"', 'file "b"').replace(before, after))
    sink = Sink()
    model = load_model(path, Sources(), sink)
    assert sink.found == ()
    build_study(model.studies[0], model, path.name, tmp_path / "out", sink)
    assert {diagnostic.id for diagnostic in sink.found} == {"bad-path"}
    assert not (tmp_path / "out").exists()


def test_the_file_that_the_property_varies_is_built(tmp_path):
    values = {
        "file": "a.py",
        "solution": "b",
        "part": ".py",
        "place": "comment top of target",
        "from": "",
    }
    path = tmp_path / "example.drift"
    path.write_text(TEXT % values)
    sink = Sink()
    model = load_model(path, Sources(), sink)
    built = build_study(model.studies[0], model, path.name, tmp_path / "out", sink)
    assert [diagnostic.message for diagnostic in sink.found] == []
    assert (built / "plan.toml").is_file()
