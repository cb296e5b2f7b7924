"""Files that are made to break parsers: a text is placed or has no place, in bounded time, and comes out again."""

from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from driftlang.inject.forms import Inserted
from driftlang.inject.insert import PLACES, insert
from driftlang.inject.remove import remove_earlier
from driftlang.model.schedules import AFTER, BEFORE, DOCSTRING, DOCUMENT, TOP

NOTE = "Ines asks: is this literal still right, or was it flagged last quarter?"
SUFFIXES = (".py", ".sh", ".js", ".ts", ".tsx", ".go", ".rs", ".java", ".c", ".yaml", ".toml", ".sql", ".md", ".html")
ANCHORS = {TOP: "", BEFORE: "a", AFTER: "a", DOCSTRING: "a", DOCUMENT: ""}
#: Processor seconds for one file at one place; a megabyte of one line takes about one.
SECONDS = 20.0

FRAGMENTS = st.sampled_from(
    [
        *(b"(" * 300, b"[" * 300, b"{" * 300, b"<a>" * 200, b"if a:\n " * 60, b"- " * 150, b"> " * 150, b"/*" * 50),
        *(b"\0", b"\xed\xa0\x80", b"\xff\xfe", b"\xef\xbb\xbf", "漢".encode(), b"\xc3", b"\r", b"\r\n", b"\n", b"\t"),
        *(b'"""', b"'''", b"`", b"${", b"<<E\n", b'r#"', b"\\\n", b"#", b"//", b"--", b"<!--", b"-->", b"*/", b"/**"),
        *(
            b"def a(): pass\n",
            b"function a() {}\n",
            b"fn a() {}\n",
            b"a: 1\n",
            b"a = 1\n",
            b"int a;\n",
            b"func a() {}\n",
        ),
        *(
            b"# coding: utf-7\n",
            b"# coding: latin-1\n",
            b"---\n",
            b"+++\n",
            b"%YAML 1.2\n",
            b"#!x\n",
            b"'use strict'\n",
        ),
        *(b"<?xml ", b"<!doctype", b"#![a", b"//go:build a\n", b"/* Licensed", b"# Copyright", b"@flow", b"-*- a -*-"),
    ]
)
FILES = st.lists(FRAGMENTS | st.binary(max_size=20), max_size=25).map(b"".join)


@settings(max_examples=300, deadline=None)  # a parse takes its time on a machine under load
@given(FILES, st.sampled_from(SUFFIXES), st.sampled_from(PLACES), st.sampled_from([NOTE, "a", "/**/ <!-- --> \\"]))
@example(b"\r\n", ".md", "document", NOTE)
@example(b"\n\n", ".md", "document", NOTE)
@example(b"if a:\n \r", ".md", "document", NOTE)
def test_whatever_the_bytes_taking_out_undoes_putting_in(source: bytes, suffix: str, place: str, text: str):
    path = f"a{suffix}"
    found = insert(source, path, text, place, anchor=ANCHORS[place])
    if isinstance(found, Inserted):
        assert remove_earlier(found.source, path, [text], place, ANCHORS[place]).source == source
    remove_earlier(source, path, [text], place, ANCHORS[place])


@pytest.mark.parametrize("suffix", [".py", ".ts", ".c", ".yaml", ".md"])
@pytest.mark.parametrize(
    "source",
    [
        b"a" * (1 << 20),
        b"a = (" * 2000,
        b"/* " + b"is this literal still right, " * 1000 + b"*/ a",
        b"# is this literal still right\n" * 1000,
    ],
    ids=["one line", "deep", "one comment", "many comments"],
)
def test_large_files_take_bounded_time(source: bytes, suffix: str):
    path, begun = f"a{suffix}", process_time()
    for place in (TOP, AFTER):
        found = insert(source, path, NOTE, place, anchor="a")
        now = found.source if isinstance(found, Inserted) else source
        remove_earlier(now, path, [NOTE], place, "a")
    remove_earlier(source, path, [NOTE])
    assert process_time() - begun < SECONDS
