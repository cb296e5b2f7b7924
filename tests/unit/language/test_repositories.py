"""Repositories: what folders, files and commits bring in."""

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Repo
from driftlang.model.load import _READERS
from driftlang.model.resolver import Resolver
from driftlang.model.units import Units
from driftlang.source import Sources

AUTHOR = 'by "Dana Reyes <dana@ledger.example>" on 2025-03-03'
HEAD = f'drift 1\nrepo billing {{\n  language python\n  commit "Start" {AUTHOR} {{\n'


@pytest.fixture
def files(tmp_path):
    """The files of a commit with these entries, and the ids of what is wrong with it."""

    def read(*entries):
        path = tmp_path / "example.drift"
        path.write_text(HEAD + "".join(f"    {entry}\n" for entry in entries) + "  }\n}\n")
        sink = Sink()
        units = Units(Sources(), sink)
        units.load(path)
        repos = Resolver(units.units, _READERS, sink).all(Repo)
        brought = {file.path: file for file in repos[0].commits[0].files} if repos else {}
        return brought, [diagnostic.id for diagnostic in sink.found]

    return read


def test_a_folder_comes_to_the_root_by_path_without_what_no_repository_holds(files, tmp_path):
    for name in ("b/z.py", "b/a/x.py", "b/__pycache__/x.pyc", "b/y.pyc", "b/.git/config", "b/.DS_Store", "b/.hidden"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    brought, ids = files('from "b/"')
    assert (list(brought), ids) == ([".hidden", "a/x.py", "z.py"], [])


@pytest.mark.parametrize("cache", ["__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"])
def test_caches_that_tools_leave_are_not_brought_in_at_any_depth(files, tmp_path, cache):
    for name in (f"b/{cache}/CACHEDIR.TAG", f"b/a/{cache}/0.1/x", f"b/a/{cache}.py", "b/.cache/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    brought, ids = files('from "b/"')
    assert (list(brought), ids) == ([".cache/x", f"a/{cache}.py"], [])


def test_bytes_are_taken_as_they_are(files, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b/x.bin").write_bytes(b"\xff\r\n{{ x }}\0")
    assert files('from "b"')[0]["x.bin"].content == b"\xff\r\n{{ x }}\0"


def test_except_leaves_files_out(files, tmp_path):
    for name in ("b/x.py", "b/x.md", "b/docs/y.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert list(files('from "b/" except "**/*.md"')[0]) == ["x.py"]
    assert list(files('from "b/" except "*.md", "docs/**"')[0]) == ["x.py"]
    assert list(files('from "b/" except "*.{md,py}"')[0]) == ["docs/y.md"]


def test_a_written_file_stands_over_that_of_a_folder(files, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b/x.py").write_text("old")
    for entries in (('from "b/"', 'file "x.py" "new"'), ('file "x.py" "new"', 'from "b/"')):
        brought, ids = files(*entries)
        assert (brought["x.py"].content, ids) == (b"new", [])


def test_an_executable_is_one(files, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b/run").write_text("x")
    (tmp_path / "b/run").chmod(0o755)
    brought, _ = files('from "b/"', 'file "bin/apply" executable "x"', 'file "plain" "x"')
    assert {path: file.is_executable for path, file in brought.items()} == {
        "bin/apply": True,
        "plain": False,
        "run": True,
    }


def test_a_link_within_the_folder_is_followed_and_others_are_refused(files, tmp_path):
    (tmp_path / "b/sub").mkdir(parents=True)
    (tmp_path / "secret").write_text("x")
    (tmp_path / "b/real.py").write_text("real")
    (tmp_path / "b/inside.py").symlink_to("real.py")
    assert files('from "b/"')[0]["inside.py"].content == b"real"
    for name, target in (("out", "../secret"), ("gone", "nowhere"), ("abs", "/etc/passwd"), ("folder", "sub")):
        link = tmp_path / "b" / name
        link.symlink_to(target)
        assert files('from "b/"')[1] == ["unsafe-link"]
        link.unlink()


def test_a_folder_without_files_and_a_file_are_no_folder(files, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    assert files('from "empty/"')[1] == ["missing-folder"]
    assert files('from "file"')[1] == ["missing-folder"]


def test_a_name_that_no_file_system_takes_is_no_path(files):
    """The system's complaint of a name's length is the author's mistake, not a crash."""
    assert files(f'from "{"x" * 5000}"')[1] == ["bad-path"]


@pytest.mark.parametrize(
    "path",
    ["", "/x", "../x", "a/../x", ".git/x", "a/.GIT/x", "a//x", "./x", "C:/x", "a\\\\x", "a\\nx"],
)
def test_a_path_that_leaves_the_repository_is_refused(files, path):
    assert files(f'file "{path}" "x"')[1] == ["bad-path"]


@pytest.mark.parametrize("path", ["x", "a/x", ".hidden", "..x/y", "a b/c", ".gitignore", "é.py"])
def test_a_path_within_is_taken(files, path):
    brought, ids = files(f'file "{path}" "x"')
    assert (list(brought), ids) == ([path], [])
