"""Repositories and solutions of the value pairs in Go, TypeScript and Java parse without an error."""

from importlib import import_module
from pathlib import PurePosixPath

import pytest
from language_worlds import PAIRS, world_of

#: Where each file type's grammar is: the package, and the function that hands it out.
_GRAMMARS = {
    ".go": ("tree_sitter_go", "language"),
    ".ts": ("tree_sitter_typescript", "language_typescript"),
    ".java": ("tree_sitter_java", "language"),
}


def _parses(path: str, content: bytes) -> bool:
    from tree_sitter import Language, Parser

    package, function = _GRAMMARS[PurePosixPath(path).suffix]
    parser = Parser(Language(getattr(import_module(package), function)()))
    return not parser.parse(content).root_node.has_error


@pytest.mark.parametrize("folder", PAIRS)
def test_code_of_the_repository_parses(folder: str) -> None:
    """Every file of the pair's language is whole."""
    code = {
        path: text for path, text in world_of(folder).loaded.base.items() if PurePosixPath(path).suffix in _GRAMMARS
    }
    assert code != {}
    assert [path for path, content in code.items() if not _parses(path, content)] == []


@pytest.mark.parametrize("folder", PAIRS)
def test_solutions_parse(folder: str) -> None:
    """Every reference solution is whole."""
    works = world_of(folder).loaded.work.items()
    broken = [
        (step, value)
        for step, work in works
        for value, text in work.solutions.items()
        if not _parses(work.target, text.encode())
    ]
    assert broken == []
