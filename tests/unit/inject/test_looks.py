"""What a text looks like in each place, and why it has none."""

import pytest

from driftlang.inject.forms import Inserted, NotPlaced
from driftlang.inject.insert import can_hold, insert
from driftlang.inject.remove import remove_earlier
from driftlang.model.schedules import AFTER, BEFORE, DOCSTRING, DOCUMENT, TOP


def put(source: bytes | None, path: str, place: str, anchor: str = "", text: str = "hi") -> Inserted:
    found = insert(source, path, text, place, anchor=anchor)
    assert isinstance(found, Inserted), found
    return found


@pytest.mark.parametrize(
    ("path", "source", "place", "anchor", "reason"),
    [
        ("a.json", b"{}", TOP, "", "files of this type have no comments"),
        ("a.json", b"{}", AFTER, "x", "files of this type have no comments"),
        ("a.cpp", b"int a;\n", BEFORE, "a", "files of this type cannot be read"),
        ("a.md", b"# A\n", BEFORE, "A", "files of this type define nothing by name"),
        ("a.sh", b"a() { :; }\n", DOCSTRING, "a", "files of this type have no docstrings"),
        ("a.py", b"x = 1\n", BEFORE, "y", "the file defines no `y`"),
        ("a.py", b"if a: x = 1\n", BEFORE, "x", "the definition does not begin its line"),
        ("a.py", b"x = 1\n", DOCSTRING, "x", "what the symbol names has no docstring"),
        ("a.py", b"def f(): pass\n", DOCSTRING, "f", "the definition and its body share a line"),
        ("a.py", b"def f():\n    'One.'\n", DOCSTRING, "f", "the docstring is not one of three quotes"),
        ("a.py", b"x = 1\n", AFTER, "y = ", "the pattern matches nowhere in the file"),
        ("a.py", b"# y = 2\nx = 1\n", AFTER, "y = ", "the pattern matches nowhere in the file"),
        ("a.py", b'x = """\ny = 1\n"""\n', AFTER, "y = ", "it would change the code"),
        ("a.py", b"x = 1 + \\\n    2\n", AFTER, "x = ", "the line goes on in the next one"),
        ("a.c", b"#define A \\\n  1\n", AFTER, "define", "the line goes on in the next one"),
        ("a.sh", b"cat <<A\ny\nA\n", AFTER, "y", "it would change the code"),
        ("a.yaml", b"a: |\n  y\n  z\n", AFTER, "y", "it would change the code"),
        ("a.md", b"one\ntwo\n", AFTER, "one", "it would change the code"),
        ("a.tsx", b"<a {{b:>c:d(e f)\n", AFTER, "c:d", "the file cannot be parsed"),
        ("a.py", b"x = 1\n", DOCUMENT, "", "files of this type are no documents"),
        ("a.html", b'<?xml version="1.0"?><p>\n', TOP, "", "what must stay first shares its line"),
        ("a.md", b"```sh\nls\n", DOCUMENT, "", "the document's end is no place for a paragraph"),
    ],
)
def test_why_a_text_has_no_place(path: str, source: bytes, place: str, anchor: str, reason: str):
    assert insert(source, path, "hi", place, anchor=anchor) == NotPlaced(reason)


@pytest.mark.parametrize(
    ("path", "held"),
    [
        ("a.py", {TOP, BEFORE, AFTER, DOCSTRING}),
        ("a.sh", {TOP, BEFORE, AFTER}),
        ("a.cpp", {TOP}),
        ("a.json", set()),
        ("docs/a.md", {TOP, AFTER, DOCUMENT}),
        ("NOTES", {DOCUMENT}),
        ("Dockerfile", set()),
    ],
)
def test_what_a_file_can_hold_is_told_by_its_name(path: str, held: set[str]):
    assert {place for place in (TOP, BEFORE, AFTER, DOCSTRING, DOCUMENT) if can_hold(path, place)} == held


@pytest.mark.parametrize(
    ("source", "symbol", "expected"),
    [
        (b'def f():\n    """One."""\n', "f", b'def f():\n    """One.\n\n    hi"""\n'),
        (b'def f():\n    """One.\n    """\n', "f", b'def f():\n    """One.\n\n    hi\n    """\n'),
        (
            b"class A:\n    def f(self):\n        1\n",
            "A.f",
            b'class A:\n    def f(self):\n        """hi"""\n        1\n',
        ),
        (b"def f():\n    r'''One.'''\n", "f", b"def f():\n    r'''One.\n\n    hi'''\n"),
    ],
)
def test_a_docstring_of_python_is_made_or_goes_on(source: bytes, symbol: str, expected: bytes):
    assert put(source, "a.py", DOCSTRING, symbol).source == expected


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("a.js", b"function f() {}\n", b"/**\n * hi\n */\nfunction f() {}\n"),
        ("a.js", b"/** One. */\nfunction f() {}\n", b"/** One.\n *\n * hi */\nfunction f() {}\n"),
        (
            "A.java",
            b"class A {\n  @B\n  void f() {}\n}\n",
            b"class A {\n  /**\n   * hi\n   */\n  @B\n  void f() {}\n}\n",
        ),
        ("a.go", b"package a\n\n// f does.\nfunc f() {}\n", b"package a\n\n// f does.\n//\n// hi\nfunc f() {}\n"),
        ("a.rs", b"#[b]\nfn f() {}\n", b"/// hi\n#[b]\nfn f() {}\n"),
        ("a.c", b"/* a */\nint f(void) { return 1; }\n", b"/* a */\n/**\n * hi\n */\nint f(void) { return 1; }\n"),
    ],
)
def test_documentation_of_other_languages_is_made_or_goes_on(path: str, source: bytes, expected: bytes):
    assert put(source, path, DOCSTRING, "f").source == expected


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("N.md", None, b"hi\n"),
        ("N.md", b"# A\n\nOne.\n\n## B\n", b"# A\n\nOne.\n\n## B\n\nhi\n"),
        ("N.md", b"# A\n\n- one\n", b"# A\n\n- one\n\nhi\n"),
        ("N.txt", b"One.", b"One.\n\nhi"),
        ("N.txt", b"One.\r\n", b"One.\r\n\r\nhi\r\n"),
    ],
)
def test_a_document_ends_with_the_text(path: str, source: bytes | None, expected: bytes):
    now = put(source, path, DOCUMENT).source
    assert now == expected
    assert remove_earlier(now, path, ["hi"], DOCUMENT).source == (source or b"")


@pytest.mark.parametrize("text", ["# no heading", "- no item", "1. no list", "> no quote", "--- no line", "<b> no tag"])
def test_a_paragraph_of_markdown_is_words_whatever_it_begins_with(text: str):
    now = put(b"# A\n", "N.md", DOCUMENT, text=text).source
    assert remove_earlier(now, "N.md", [text], DOCUMENT).source == b"# A\n"


def test_of_several_definitions_of_a_name_the_outermost_is_meant():
    source = b"class A:\n    def f(self):\n        pass\n\ndef f():\n    pass\n"
    assert put(source, "a.py", BEFORE, "f").line == 5


def test_a_function_of_c_is_meant_rather_than_its_declaration():
    assert put(b"int f(int a);\n\nint f(int a) { return a; }\n", "a.c", BEFORE, "f").line == 3


def test_a_comment_stands_above_all_that_belongs_to_a_definition():
    now = put(b"x = 1\n# about f\n@g\ndef f(): ...\n", "a.py", BEFORE, "f").source
    assert now == b"x = 1\n# hi\n\n# about f\n@g\ndef f(): ...\n"


def test_a_comment_behind_a_pattern_is_as_far_in_as_the_line_that_it_ends_in():
    now = put(b"def f():\n    x = (1,\n         2)\n    y\n", "a.py", AFTER, r"x = [^y]*2\)").source
    assert now == b"def f():\n    x = (1,\n         2)\n         # hi\n    y\n"


def test_a_comment_of_go_is_no_part_of_the_code_of_c_below_it():
    source = b'package a\n/*\nint a;\n*/\nimport "C"\n'
    now = put(source, "a.go", AFTER, "package a").source
    assert now == b'package a\n// hi\n\n/*\nint a;\n*/\nimport "C"\n'
    assert remove_earlier(now, "a.go", ["hi"], AFTER, "package a").source == source


def test_a_comment_of_go_is_no_part_of_the_documentation_below_it():
    source = b"package a\n\n// F does.\nfunc F() {}\n"
    now = put(source, "a.go", AFTER, "package a").source
    assert now == b"package a\n// hi\n\n\n// F does.\nfunc F() {}\n"
    assert remove_earlier(now, "a.go", ["hi"], AFTER, "package a").source == source
