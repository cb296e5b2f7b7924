"""What a message looks like in a file, and that nothing else of the file changes."""

import ast
import codecs
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.inject.comments import WIDTH, comment_block, style_of
from driftlang.inject.forms import Inserted, NotPlaced
from driftlang.inject.insert import insert
from driftlang.inject.remove import remove_earlier
from driftlang.inject.same_code import same_code
from driftlang.model.schedules import TOP as TOP_OF_TARGET

NOTE = "Ines asks: should this literal still be here? It was flagged last quarter, and the quarter before that one too."
SUFFIXES = (".py", ".sh", ".yaml", ".toml", ".js", ".ts", ".go", ".rs", ".java", ".c", ".cpp", ".sql", ".html", ".md")


def put(source: bytes, path: str = "a.py", text: str = NOTE, copies: int = 1) -> bytes:
    inserted = insert(source, path, text, TOP_OF_TARGET, copies)
    assert isinstance(inserted, Inserted), inserted
    return inserted.source


def reason(source: bytes | None, path: str = "a.py", text: str = NOTE, place: str = TOP_OF_TARGET) -> str:
    found = insert(source, path, text, place)
    assert isinstance(found, NotPlaced), found
    return found.reason


def test_a_message_stands_above_the_code_with_one_empty_line_between():
    assert put(b"import os\n") == (
        b"# Ines asks: should this literal still be here? It was flagged last quarter, and the\n"
        b"# quarter before that one too.\n"
        b"\n"
        b"import os\n"
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.sh", b"# hi\n\nx\n"),
        ("a.yml", b"# hi\n\nx\n"),
        ("a.ts", b"// hi\n\nx\n"),
        ("a.rs", b"// hi\n\nx\n"),
        ("a.sql", b"-- hi\n\nx\n"),
        ("a.md", b"<!--\nhi\n-->\n\nx\n"),
        ("A.HTML", b"<!--\nhi\n-->\n\nx\n"),
    ],
)
def test_each_language_has_its_own_comment_marks(path, expected):
    assert put(b"x\n", path, "hi") == expected


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        (b"#!/usr/bin/env python3\n", b"x = 1\n"),
        (b"#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n", b"x = 1\n"),
        (b"# vim: set fileencoding=latin-1 :\n", b"x = '\xe9'\n"),
        (b"\n# coding: latin-1\n", b"x = '\xe9'\n"),
        (codecs.BOM_UTF8, b"x = 1\n"),
        (codecs.BOM_UTF8 + b"# coding: utf-8\n", b"x = 1\n"),
        (b"", b"x = 1\n# coding: latin-1\n"),
    ],
)
def test_what_must_stay_first_stays_first(head, rest):
    assert put(head + rest, text="hi") == head + b"# hi\n\n" + rest
    assert ast.dump(ast.parse(put(head + rest))) == ast.dump(ast.parse(head + rest))


def test_front_matter_of_markdown_stays_first():
    assert put(b"---\ntitle: x\n---\n# X\n", "a.md", "hi") == b"---\ntitle: x\n---\n<!--\nhi\n-->\n\n# X\n"


def test_line_ends_stay_those_of_the_file():
    assert put(b"x = 1\r\ny = 2\r\n", text="hi") == b"# hi\r\n\r\nx = 1\r\ny = 2\r\n"


def test_a_message_is_written_in_the_encoding_of_the_file():
    assert put(b"# coding: latin-1\nx = '\xe9'\n", text="café") == b"# coding: latin-1\n# caf\xe9\n\nx = '\xe9'\n"


def test_an_empty_file_gets_the_message_alone():
    assert put(b"", text="hi") == b"# hi\n"


def test_copies_stand_one_below_the_other():
    assert put(b"x\n", text="hi", copies=2) == b"# hi\n\n# hi\n\nx\n"


def test_the_line_of_the_message_is_reported():
    found = insert(b"#!/bin/sh\nls\n", "a.sh", "hi", TOP_OF_TARGET)
    assert isinstance(found, Inserted)
    assert found.line == 2


def test_a_long_word_stays_whole_and_paragraphs_stay_apart():
    word = "x" * 120
    assert comment_block(f"see {word}\n\nthen stop", style_of("a.py")) == ("# see", f"# {word}", "#", "# then stop")


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.html", "a --> b <!-- c --!> d", ("<!--", "a - -> b <! -- c - -!> d", "-->")),
        ("a.c", "ends with \\", ("// ends with \\ .",)),
        ("a.c", "what??/", ("// what?? /",)),
        ("A.java", "a \\u000a b", ("// a \\ u000a b",)),
        ("a.js", "one\u2028two\u0085three\x0bfour", ("// one two three four",)),
        ("a.py", "nul \x00 and bell \x07", ("# nul and bell",)),
    ],
)
def test_what_would_end_a_comment_is_made_harmless(path, text, expected):
    assert comment_block(text, style_of(path)) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (lambda: reason(None), "the file does not exist"),
        (lambda: reason(b"{}", "a.json"), "files of this type have no comments"),
        (lambda: reason(b"", "Makefile"), "files of this type have no comments"),
        (lambda: reason(b"x", text=" "), "the text is empty"),
        (lambda: reason(b"x", place="in the sky"), "no place is called `in the sky`"),
        (lambda: reason(b"\x00\x01"), "the file is not text in an encoding that extends ASCII"),
        (lambda: reason("x".encode("utf-16"), "a.js"), "the file is not text in an encoding that extends ASCII"),
        (lambda: reason(b"x = 1\ry = 2\r"), "the file's lines end with carriage returns alone"),
        (
            lambda: reason(b"# coding: klingon\n"),
            "the file's coding line names an encoding that does not fit its content",
        ),
        (lambda: reason(b"# coding: latin-1\n", text="a \u2014 b"), "the file is in iso-8859-1, which has no `\u2014`"),
        (lambda: reason(b"x = 1\n", text="set encoding: latin-1"), "the text would be read as the file's coding line"),
    ],
)
def test_why_a_message_has_no_place(found, expected):
    assert found() == expected


def test_a_message_comes_out_again_after_the_agent_has_edited_around_it():
    first, second = "Ines asks: is this right?", NOTE
    agents = b"import os\n\n" + put(put(b"x = 1\n", text=first), text=second).replace(b"x = 1", b"x = os.sep")
    removed = remove_earlier(agents, "a.py", [first, second])
    assert (removed.source, removed.missing) == (b"import os\n\nx = os.sep\n", ())


def test_a_message_that_the_agent_has_rewritten_is_reported_and_left():
    agents = put(b"x = 1\n").replace(b"literal", b"constant")
    removed = remove_earlier(agents, "a.py", [NOTE, "never there"])
    assert (removed.source, removed.missing) == (agents, (NOTE, "never there"))


def test_an_indented_message_is_found():
    agents = b"def f():\n    # hi\n    return 1\n"
    assert remove_earlier(agents, "a.py", ["hi"]).source == b"def f():\n    return 1\n"


HEADS = st.sampled_from([b"", b"#!/bin/sh", b"#!/bin/sh\n", b"#!/bin/sh\r\n", codecs.BOM_UTF8, b"# coding: utf-8\n"])
LINES = st.sampled_from([b"", b"x = 1", b"    y", b"# a comment", b"'''", b"// z", "ü = 'é'".encode()])
BODIES = st.builds(lambda lines, end: end.join(lines), st.lists(LINES, max_size=6), st.sampled_from([b"\n", b"\r\n"]))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@given(HEADS, BODIES, st.lists(TEXTS, min_size=1, max_size=3), st.sampled_from(SUFFIXES), st.integers(1, 3))
def test_taking_out_undoes_putting_in(head, body, texts, suffix, copies):
    source = head + body
    now, placed = source, []
    for text in texts:
        found = insert(now, f"a{suffix}", text, TOP_OF_TARGET, copies)
        if isinstance(found, Inserted):
            now = found.source
            placed.append(text)
    removed = remove_earlier(now, f"a{suffix}", placed[::-1] * copies)
    assert (removed.source, removed.missing) == (source, ())


@given(TEXTS, st.sampled_from(SUFFIXES))
def test_lines_are_within_the_width_unless_a_word_is_longer(text, suffix):
    for line in comment_block(text, style_of(f"a{suffix}")):
        assert len(line) <= WIDTH or len(line.split()) <= 3


def stdlib_modules() -> list[Path]:
    folder = Path(sysconfig.get_path("stdlib"))
    modules = sorted(p for p in folder.rglob("*.py") if "site-packages" not in p.parts and p.stat().st_size < 60_000)
    return modules[:: max(1, len(modules) // 250)]


def test_the_code_of_real_modules_is_the_same_before_and_after():
    """Several hundred modules of the standard library, those with odd encodings and line ends among them."""
    modules = stdlib_modules()
    changed, placed = [], 0
    for module in modules:
        before = module.read_bytes()
        found = insert(before, "m.py", NOTE, TOP_OF_TARGET)
        if isinstance(found, NotPlaced):
            assert found.reason.startswith("the file")
            continue
        placed += 1
        if not same_code(before, found.source, "m.py") or remove_earlier(found.source, "m.py", [NOTE]).source != before:
            changed.append(str(module))
    assert changed == []
    assert placed >= 200


def test_a_change_of_code_is_seen():
    assert not same_code(b"x = 1\n", b"# c\nx = 2\n", "a.py")
    assert not same_code(b"if x:\n    y\n", b"if x:\n    y\n    z\n", "a.py")
    assert not same_code(b"ls -l\n", b"ls -a\n", "a.sh")
    assert not same_code(b"x = 1;\n", b"// c\nx = 2;\n", "a.js")


def test_a_comment_within_a_function_is_no_change_of_code():
    assert same_code(
        b"def f():\n    x = 1\n    return x\n", b"def f():\n    # c\n    x = 1\n    return x  # d\n", "a.py"
    )
    assert same_code(b"<p>\n", b"<!--\nhi\n-->\n<p>\n", "a.html")


@pytest.mark.parametrize("name", ["rot13", "hex", "zip", "undefined", "utf-16", "idna", "punycode", "utf-7", "cp037"])
def test_a_coding_line_that_names_no_encoding_of_ascii_text_is_a_reason(name: str):
    source = f"# coding: {name}\nx = 1\n".encode()
    assert reason(source) == "the file's coding line names an encoding that does not fit its content"
    assert remove_earlier(source, "a.py", [NOTE]).missing == (NOTE,)


@pytest.mark.parametrize("name", ["latin-1", "cp1252", "shift_jis", "utf-8"])
def test_encodings_that_extend_ascii_have_a_place(name: str):
    assert put(f"# coding: {name}\nx = 1\n".encode()).startswith(f"# coding: {name}\n# Ines asks".encode())


def test_front_matter_that_is_never_closed_takes_no_time():
    """Thirty lines of it were enough for a pattern that tries every way to part them into lines."""
    source = b"---\r\n" + b"key: value\r\n" * 20_000
    assert put(source, "a.md", "hi").startswith(b"<!--\r\nhi\r\n-->\r\n\r\n---\r\n")


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        (b"---\na: 1\n---\n", b"# Title\n"),
        (b"---  \r\na: 1\r\n--- \r\n", b"# Title\r\n"),
        (b"---\n---\n", b"x\n"),
        (b"", b"text\n---\na\n---\n"),
        (b"", b"----\na\n---\n"),
    ],
)
def test_closed_front_matter_stays_first(head: bytes, rest: bytes):
    assert put(head + rest, "a.md", "hi").startswith(head + b"<!--")
