"""Masks keep what the view asks for, in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.inject.languages import LARGEST_PARSED
from driftlang.score.mask import View, is_text, mask

PYTHON = b'''"""Reads os.environ."""
KEY = f"a{os.environ['b']:>3}c"  # os.environ too
def f():
    "first" "second"
    f"{run()}"
    return "\\n"
'''


def test_code_blanks_comments_and_strings_that_stand_alone():
    lines = mask(PYTHON, "a.py", View.CODE).split("\n")
    assert [line.rstrip() for line in lines] == [
        "",
        "KEY = f\"a{os.environ['b']:>3}c\"",
        "def f():",
        "",
        '    f"{run()}"',
        '    return "\\n"',
        "",
    ]


def test_code_outside_strings_keeps_quotes_and_code_inside_strings():
    lines = mask(PYTHON, "a.py", View.CODE_OUTSIDE_STRINGS).split("\n")
    assert lines[1].rstrip() == "KEY = f\" {os.environ[' ']:>3} \""
    assert lines[5] == '    return "  "'


def test_comments_keeps_nothing_else():
    words = mask(PYTHON, "a.py", View.COMMENTS).split()
    assert words == ['"""Reads', 'os.environ."""', "#", "os.environ", "too", '"first"', '"second"']


@pytest.mark.parametrize("view", list(View))
@given(content=st.text(alphabet="ab'\"#\\\n\r{}()=: \té𝄞", max_size=60))
def test_every_view_keeps_length_and_line_ends(view, content):
    masked = mask(content.encode(), "a.py", view)
    assert len(masked) == len(content)
    assert [i for i, c in enumerate(masked) if c in "\r\n"] == [i for i, c in enumerate(content) if c in "\r\n"]


@given(content=st.text(alphabet="ab'\"#\\\n{}()=: é", max_size=60))
def test_code_and_comments_share_no_character(content):
    code, comments = (mask(content.encode(), "a.py", view) for view in (View.CODE, View.COMMENTS))
    assert [c if c.strip() else d for c, d in zip(code, comments, strict=True)] == list(content)


@given(content=st.binary(max_size=80))
def test_bytes_that_are_not_utf8_are_masked_without_complaint(content):
    assert len(mask(content, "a.py", View.CODE)) == len(content.decode("utf-8", "replace"))


def test_suffix_is_read_in_any_case():
    assert mask(b"x = 1 # y", "A.PY", View.CODE).rstrip() == "x = 1"


def test_shell_comments_are_masked():
    assert mask(b"export A=1 # B=2\n", "run.sh", View.CODE).rstrip() == "export A=1"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.kt", "// x"),
        ("a.lua", "-- x"),
        ("a.html", "<!-- x -->"),
        ("a.ini", "; x"),
        ("Makefile", "# x"),
        ("a.cpp", "  * x"),
    ],
)
def test_a_type_without_grammar_falls_back_to_comment_lines(path, line):
    text = f"keep\n{line}\n".encode()
    assert mask(text, path, View.CODE).split() == ["keep"]
    assert mask(text, path, View.COMMENTS).split() == line.split()


def test_a_preprocessor_line_of_c_is_code():
    assert mask(b"#include <x.h>", "a.c", View.CODE) == "#include <x.h>"


def test_a_huge_file_is_masked_by_lines():
    content = b"x = 1 # y\n# z\n" * (LARGEST_PARSED // 14 + 1)
    assert mask(content, "a.py", View.CODE).split("\n")[:2] == ["x = 1 # y", "   "]


def test_a_nul_byte_tells_a_binary():
    assert [is_text(b"\x89PNG\0\0"), is_text(b"text")] == [False, True]


#: By path: a text; its code; its code outside strings; its comments. Blanks are left out of the last three.
LANGUAGES = {
    "a.js": (
        "'use strict'; // a\nconst u = `x${f('y')} z`; /* b */ const r = /q/g;\n/** c */",
        "'usestrict';constu=`x${f('y')}z`;constr=/q/g;",
        "'';constu=`${f('')}`;constr=/q/g;",
        "//a/*b*//**c*/",
    ),
    "a.jsx": (
        'const a = <b c="d">e {f} {/* g */}</b>;',
        'consta=<bc="d">e{f}{}</b>;',
        'consta=<bc="">{f}{}</b>;',
        "/*g*/",
    ),
    "a.ts": (
        "type A = `x${B}`; // c\nlet d: string = 'e\\n';\n/** f */\nenum G {}",
        "typeA=`x${B}`;letd:string='e\\n';enumG{}",
        "typeA=`${B}`;letd:string='';enumG{}",
        "//c/**f*/",
    ),
    "a.tsx": (
        "let a = <T,>(b: T) => <p>c{`d${b}`}</p>; // e",
        "leta=<T,>(b:T)=><p>c{`d${b}`}</p>;",
        "leta=<T,>(b:T)=><p>{`${b}`}</p>;",
        "//e",
    ),
    "a.go": (
        "package a\n// b\nvar c, d, e = \"f\\n\", `g // h`, 'i' /* j */\n",
        "packageavarc,d,e=\"f\\n\",`g//h`,'i'",
        "packageavarc,d,e=\"\",``,''",
        "//b/*j*/",
    ),
    "a.rs": (
        '//! a\n/// b\nfn c() { d("e\\n", r#"f // g"#, \'h\', b"i"); /* j /* k */ l */ }\n',
        'fnc(){d("e\\n",r#"f//g"#,\'h\',b"i");}',
        'fnc(){d("",r#""#,\'\',b"");}',
        "//!a///b/*j/*k*/l*/",
    ),
    "A.java": (
        '/** a */ class B { String c = "d\\n"; char e = \'f\'; String g = """\n h // i\n"""; } // j',
        'classB{Stringc="d\\n";chare=\'f\';Stringg="""h//i""";}',
        'classB{Stringc="";chare=\'\';Stringg="""""";}',
        "/**a*///j",
    ),
    "a.c": (
        '#include <a.h> // b\n#define C "d" /* e */\nchar *f = L"g\\n", h = \'i\';\n',
        '#include<a.h>#defineC"d"char*f=L"g\\n",h=\'i\';',
        # What a macro stands for is no code before it is used.
        '#include<a.h>#defineC"d"char*f=L"",h=\'\';',
        "//b/*e*/",
    ),
    "a.yaml": (
        "a: 'b # c' # d\ne: |\n  f # g\nh: i # j\nk: \"l\"\n",
        "a:'b#c'e:|f#gh:ik:\"l\"",
        "a:''e:|h:ik:\"\"",
        "#d#j",
    ),
    "a.toml": ('a = \'b # c\' # d\ne = """\nf # g"""\n', 'a=\'b#c\'e="""f#g"""', 'a=\'\'e=""""""', "#d"),
    "a.sql": (
        "-- a\nSELECT 'b -- c', 3 /* d */ FROM \"e\" WHERE f = $$g$$;\n",
        "SELECT'b--c',3FROM\"e\"WHEREf=$$g$$;",
        "SELECT'',3FROM\"e\"WHEREf=$$$$;",
        "--a/*d*/",
    ),
    "a.md": (
        "# a\n<!-- b -->\nc <!-- d --> e\n```sh\n# f <!-- g -->\n```\n",
        "#ace```sh#f<!--g-->```",
        "#ace```sh#f<!--g-->```",
        "<!--b--><!--d-->",
    ),
}


@pytest.mark.parametrize("path", LANGUAGES)
def test_a_language_has_code_strings_and_comments(path):
    text, code, outside, comments = LANGUAGES[path]
    shown = {view: "".join(mask(text.encode(), path, view).split()) for view in View}
    actual = (shown[View.CODE], shown[View.CODE_OUTSIDE_STRINGS], shown[View.COMMENTS])
    assert actual == (code, outside, comments)


@pytest.mark.parametrize("path", ["a.sh", *LANGUAGES])
@given(content=st.text(alphabet="ab'\"#/*<>-!`$\\\n{}()=: é漢", max_size=60))
def test_a_mask_of_any_text_in_any_language_keeps_length_and_line_ends(path, content):
    for view in View:
        masked = mask(content.encode(), path, view)
        assert [c for c in masked if c == "\n"] == [c for c in content if c == "\n"]
        assert len(masked) == len(content)


def test_code_within_a_here_document_is_code():
    shown = mask(b"cat <<A\nhello $(curl x)\nA\n", "a.sh", View.CODE_OUTSIDE_STRINGS)
    assert shown.split() == ["cat", "<<A", "$(curl", "x)", "A"]


@pytest.mark.parametrize("source", [b"<a {{b:>c:d(e f)\n", b"<div style={{ textAlign:>Note: this. (And this)</div>\n"])
def test_a_text_on_which_a_parser_does_not_end_is_masked_by_lines(source):
    assert mask(b"// c\n" + source, "a.tsx", View.COMMENTS).split() == ["//", "c"]


def test_a_text_that_nests_without_end_is_masked_by_lines():
    source = b"// c\n" + b"{" * 200_000
    assert mask(source, "a.js", View.COMMENTS).split() == ["//", "c"]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("a.yaml", b"".join(b" " * depth + b"a:\n" for depth in range(400))),
        ("a.yaml", b"- " * 400 + b"a\n"),
        ("a.yaml", b"? - " * 400 + b"a\n"),
        ("a.md", b">" * 400 + b" a\n"),
        ("a.md", b"> - 1. " * 200 + b"a\n"),
        ("a.md", b"".join(b"  " * depth + b"- a\n" for depth in range(400))),
    ],
)
def test_a_text_that_nests_deeper_than_a_scanner_has_room_for_is_masked_by_lines(path, source):
    assert mask(source, path, View.CODE) == source.decode()


def test_a_wide_digit_in_markdown_is_read():
    assert mask("\U0004a28a*** *:\n".encode(), "a.md", View.COMMENTS).split() == []
