"""What mutants change of the library's solutions, in the languages that it has."""

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.inject.same_code import same_code
from driftlang.model.library import library_folder
from driftlang.model.load import load_model
from driftlang.source import Sources
from driftlang.validity.proof.mutants.forms import Subject, Work
from driftlang.validity.proof.mutants.hidden import in_comment
from driftlang.validity.proof.mutants.layout import reformatted, split_over_lines
from driftlang.validity.proof.mutants.names import renamed
from driftlang.validity.proof.plays import plays_of

FILES = sorted(path for path in library_folder().rglob("*.drift") if "\nscenario " in path.read_text(encoding="utf-8"))


def _subjects(path):
    model = load_model(path, Sources(), Sink())
    for play in plays_of(model.scenarios[0], Sink()):
        yield Subject(play.found, Work(play.tree), (), play.observation.steps[-1].targets)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("make", [reformatted, split_over_lines])
def test_another_layout_is_the_same_code(path, make):
    made = [(subject, work) for subject in _subjects(path) for work in make(subject)]
    assert made
    for subject, work in made:
        changed = [name for name, content in work.files.items() if content != subject.done.files[name]]
        assert changed
        assert [name for name in changed if not same_code(subject.done.files[name], work.files[name], name)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_comment_that_holds_a_solution_leaves_the_code_as_it_was(path):
    for subject in _subjects(path):
        for work in in_comment(subject):
            changed = [name for name, content in work.files.items() if content != subject.before[name]]
            assert [name for name in changed if not same_code(subject.before[name], work.files[name], name)] == []


def _renamed(path: str, text: str) -> str:
    subject = Subject({}, Work({path: text.encode()}), (), ())
    return next((work.files[path].decode() for work in renamed(subject)), text)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.py", "def f(a):\n    b = a.b\n    return g(b=b)\n", "def f(v1):\n    v2 = v1.b\n    return g(b=v2)\n"),
        ("a.py", "x = 1\n\n\ndef f():\n    return x\n", "x = 1\n\n\ndef f():\n    return x\n"),
        ("a.py", "def f(a):\n    return a\n\n\nf(a=1)\n", "def f(a):\n    return a\n\n\nf(a=1)\n"),
        ("a.py", "def f(n):\n    return f'{n} n'\n", "def f(v1):\n    return f'{v1} n'\n"),
        (
            "a.go",
            "package a\n\nfunc f(n int) int {\n\tm := n\n\treturn m\n}\n",
            "package a\n\nfunc f(v2 int) int {\n\tv1 := v2\n\treturn v1\n}\n",
        ),
        (
            "a.rs",
            'fn f(n: u8) {\n    let m = n;\n    print!("{m}");\n}\n',
            'fn f(v1: u8) {\n    let m = v1;\n    print!("{m}");\n}\n',
        ),
        (
            "A.java",
            "class A {\n    int f(int n) {\n        return this.n + n;\n    }\n}\n",
            "class A {\n    int f(int v1) {\n        return this.n + v1;\n    }\n}\n",
        ),
        (
            "a.ts",
            "function f(n: number) {\n  const m = n;\n  return { m };\n}\n",
            "function f(v1: number) {\n  const m = v1;\n  return { m };\n}\n",
        ),
        (
            "a.c",
            "int f(int n) {\n    int m = n;\n    return m;\n}\n",
            "int f(int v2) {\n    int v1 = v2;\n    return v1;\n}\n",
        ),
    ],
)
def test_what_is_its_own_alone_is_named_otherwise(path, text, expected):
    assert _renamed(path, text) == expected
