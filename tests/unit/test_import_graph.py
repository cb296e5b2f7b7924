"""The package's folders stand in import order, and heavy libraries stay where they belong."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import driftlang

PACKAGE = Path(driftlang.__file__).parent
#: The folders in import order: each may import those before it.
ORDER = (
    "record",
    "digest",
    "source",
    "diagnostics",
    "syntax",
    "model",
    "cells",
    "inject",
    "gateway",
    "observe",
    "score",
    "exposure",
    "validity",
    "build",
    "sim",
    "run",
    "judge",
    "estimate",
    "report",
    "results",
    "export",
    "testing",
    "cli",
    "__main__",
)
#: Which folders may import a library.
OWNERS = {
    "lark": {"syntax"},
    "pygments": {"syntax"},
    "git": {"build"},
    "gitdb": {"build"},
    "httpx": {"gateway", "run", "judge"},
    "aiohttp": {"gateway", "judge", "sim"},
    "aiolimiter": {"gateway"},
    "matplotlib": {"report"},
    "scipy": {"estimate"},
    "jinja2": {"build", "report"},
    "tomli_w": {"build"},
    "subprocess": {"model", "run"},
    "hypothesis": {"testing"},
    "distributed": {"run"},
    "pandas": {"results"},
    "polars": {"results"},
}


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _folder(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_folders_before_its_own(path):
    folder = _folder(path)
    if folder == "__init__":
        return
    imported = [name.split(".")[1] for name in _imports(path) if name.startswith("driftlang.")]
    back_edges = [name for name in imported if ORDER.index(name) > ORDER.index(folder)]
    assert back_edges == []


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_is_imported_only_by_its_owners(path):
    folder = _folder(path)
    roots = {name.split(".")[0] for name in _imports(path)}
    strangers = sorted(root for root in roots & OWNERS.keys() if folder not in OWNERS[root])
    assert strangers == []


def _loaded_by(arguments: list[str]) -> set[str]:
    program = (
        "import sys\n"
        "from driftlang.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code\n"
        "print('\\n'.join(sorted({name.split('.')[0] for name in sys.modules})))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    return set(ended.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["check", "scenarios/hello.drift"], ["fmt", "--check", "scenarios/hello.drift"]],
    ids=lambda a: a[0],
)
def test_light_commands_load_no_heavy_library(arguments):
    heavy = {
        "jinja2",
        "git",
        "httpx",
        "aiohttp",
        "numpy",
        "scipy",
        "matplotlib",
        "tree_sitter",
        "rich",
        "pygments",
        "distributed",
        "pandas",
        "polars",
    }
    assert _loaded_by(arguments) & heavy == set()


def test_git_is_started_only_by_who_imports_a_history():
    starters = {path.stem: list(_imported_at_once(path)) for path in _modules()}
    importers = [name for name, imported in starters.items() if "driftlang.model.git_store" in imported]
    assert importers == ["git_trees", "read_history"]
    assert [name for name, imported in starters.items() if "driftlang.model.read_history" in imported] == []
    assert [path.stem for path in _modules() if "driftlang.model.read_history" in _imports(path)] == ["read_repos"]


def _imported_at_once(path: Path) -> Iterator[str]:
    """What a module imports when it is imported, and not in a function."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_no_module_has_a_name_that_says_nothing():
    vague = {"util", "utils", "helper", "helpers", "common", "misc", "core"}
    assert [path for path in _modules() if path.stem in vague or path.parent.name in vague] == []


def test_files_stay_within_four_hundred_lines():
    long = {
        str(path.relative_to(PACKAGE)): lines
        for path in _modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_functions_stay_within_forty_lines():
    long = []
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.body[0].lineno + 1
                if lines > 40:
                    long.append(f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name} {lines}")
    assert long == []
