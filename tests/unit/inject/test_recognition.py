"""A text is found again whatever an agent has made of the comment, and nobody else's words go with it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from driftlang.inject.forms import ALTERED, GONE, INTACT, MOVED, RESHAPED, Inserted
from driftlang.inject.insert import insert
from driftlang.inject.remove import remove_earlier
from driftlang.inject.same_code import same_code
from driftlang.model.schedules import BEFORE, DOCSTRING, DOCUMENT, TOP

NOTE = "Ines asks: should this literal still be here? It was flagged last quarter, and the quarter before that one too."
#: The same words on lines of their own.
LINES = (
    "Ines asks: should this literal still",
    "be here? It was flagged last quarter, and the",
    "quarter before that one too.",
)


def found(source: str, path: str = "a.py", text: str = NOTE, place: str = TOP, anchor: str = "") -> tuple[str, str]:
    removed = remove_earlier(source.encode(), path, [text], place, anchor)
    return removed.source.decode(), removed.earlier[0].fate


def put(source: str, path: str = "a.py", text: str = NOTE, place: str = TOP, anchor: str = "") -> str:
    placed = insert(source.encode(), path, text, place, anchor=anchor)
    assert isinstance(placed, Inserted)
    return placed.source.decode()


def test_what_nobody_touched_is_intact():
    assert found(put("x = 1\n")) == ("x = 1\n", INTACT)


def test_what_stands_elsewhere_is_moved():
    assert found("import os\n\n" + put("x = 1\n")) == ("import os\n\nx = 1\n", MOVED)


def test_what_was_set_further_in_is_moved():
    now = "def f():\n" + re.sub("(?m)^(?=#)", "    ", put("    return 1\n").replace("\n\n", "\n"))
    assert found(now) == ("def f():\n    return 1\n", MOVED)


@pytest.mark.parametrize(
    ("path", "now", "expected"),
    [
        ("a.py", "# {0}\n# {1}\n# {2}\n\nx = 1\n", "x = 1\n"),
        ("a.py", "# {0} {1} {2}\nx = 1\n", "x = 1\n"),
        ("a.py", "x = 1  # {0} {1} {2}\n", "x = 1\n"),
        ("a.py", "# {0}\n\n# {1}\n#\n# {2}\nx = 1\n", "\nx = 1\n"),
        ("a.py", '"""{0} {1}\n\n{2}\n"""\n\nx = 1\n', "x = 1\n"),
        ("a.py", "# ours\n# {0}\n# {1}\n# {2}\nx = 1\n", "# ours\nx = 1\n"),
        ("a.py", "# {0}\n# {1}\n# {2}\n# ours\nx = 1\n", "# ours\nx = 1\n"),
        ("a.py", "# Ours. {0}\n# {1}\n# {2} Too.\nx = 1\n", "# Ours.\n# Too.\nx = 1\n"),
        ("a.py", "# NOTE: {0} {1} {2}\nx = 1\n", "# NOTE:\nx = 1\n"),
        ("a.js", "/* {0}\n   {1} {2} */\nlet x;\n", "let x;\n"),
        ("a.js", "/**\n * {0}\n * {1}\n * {2}\n */\nlet x;\n", "let x;\n"),
        ("a.js", "/**\n * Ours.\n *\n * {0}\n * {1}\n * {2}\n */\nlet x;\n", "/**\n * Ours.\n *\n */\nlet x;\n"),
        ("a.js", "/** {0}\n * {1} {2} Ours. */\nlet x;\n", "/** Ours. */\nlet x;\n"),
        ("a.js", "/* Ours. {0} {1} {2} */\nlet x;\n", "/* Ours. */\nlet x;\n"),
        ("a.js", "let x; /* {0} {1} {2} */ let y;\n", "let x; let y;\n"),
        ("a.go", "package a\n\n/* {0} {1}\n{2} */\nvar x = 1\n", "package a\n\nvar x = 1\n"),
        ("a.rs", "/// {0}\n/// {1} {2}\nfn f() {}\n", "fn f() {}\n"),
        ("a.sql", "/* {0}\n{1} {2} */\nSELECT 1;\n", "SELECT 1;\n"),
        ("a.html", "<!-- {0} {1} {2} -->\n<p>\n", "<p>\n"),
        ("a.md", "# A\n\n<!-- {0}\n{1} {2} -->\nText.\n", "# A\n\nText.\n"),
        ("a.cpp", "/* {0}\n * {1}\n * {2} */\nint x;\n", "int x;\n"),
        ("a.yaml", "a: 1 # {0} {1} {2}\n", "a: 1\n"),
    ],
)
def test_the_same_words_in_another_shape_come_out(path: str, now: str, expected: str):
    source = re.sub(r"\{(\d)\}", lambda at: LINES[int(at[1])], now)
    assert found(source, path) == (expected, RESHAPED)


def test_the_case_of_letters_and_what_stands_between_words_are_no_words():
    assert found(f"# {NOTE.upper().replace('?', ';').replace(',', ' --')}\nx = 1\n") == ("x = 1\n", RESHAPED)


def test_line_ends_and_a_byte_order_mark_stay():
    source = "\ufeff# ours\n# {}\n# {}\n# {}\nx = 1\n".format(*LINES).replace("\n", "\r\n")
    assert found(source) == ("\ufeff# ours\r\nx = 1\r\n", RESHAPED)


def test_a_text_with_other_words_stays_and_is_told_from_one_that_is_gone():
    altered = put("x = 1\n").replace("literal", "constant")
    assert found(altered) == (altered, ALTERED)
    assert found("# Ines asks whether it is here.\nx = 1\n")[1] == GONE


@pytest.mark.parametrize(
    "source",
    [
        f'x = "{NOTE}"\n',
        f'x = """\n# {LINES[0]}\n# {LINES[1]}\n# {LINES[2]}\n"""\n',
        put("").join(('x = """\n', '"""\n')),
        f'def f():\n    """{NOTE}"""\n',
    ],
)
def test_what_is_code_stays(source: str):
    assert found(source)[0] == source


def test_the_copy_in_a_comment_goes_and_not_the_one_in_a_string_above_it():
    string = put("").join(('x = """\n', '"""\n'))
    assert found(string + put("")) == (string, MOVED)


@pytest.mark.parametrize("short", ["hi", "see the docs", "ask Ines first please"])
def test_a_short_text_is_found_only_where_it_is_all_that_is_said(short: str):
    kept = f"# {short} and wait\nx = 1\n"
    assert found(kept, text=short) == (kept, GONE if len(short.split()) < 3 else ALTERED)
    assert found(f"x = 1  # {short}\n", text=short) == ("x = 1\n", RESHAPED)


def test_a_paragraph_of_a_docstring_that_was_filled_anew_comes_out():
    now = 'def f():\n    """Do.\n\n    {}\n    {} {}\n    """\n    return 1\n'.format(*LINES)
    assert found(now, place=DOCSTRING, anchor="f") == ('def f():\n    """Do.\n\n    """\n    return 1\n', RESHAPED)


def test_a_paragraph_of_a_document_that_was_filled_anew_comes_out():
    now = "# A\n\nOurs.\n\n{}\n{}\n{}\n\n## B\n".format(*LINES)
    assert found(now, "N.md", place=DOCUMENT) == ("# A\n\nOurs.\n\n\n## B\n", RESHAPED)


WORDS = st.sampled_from(["ours", "Ines", "asks", "should", "quarter", "last", "--", "too.", "TODO:", "it", "was", "é"])
PHRASES = st.lists(WORDS, max_size=8).map(" ".join)
MARKS = {
    "a.py": [("# ", "# ", "\n"), ('"""', "", '"""\n')],
    "a.js": [("// ", "// ", "\n"), ("/* ", " * ", " */\n"), ("/**\n * ", " * ", "\n */\n")],
    "a.go": [("// ", "// ", "\n"), ("/* ", "", " */\n")],
    "a.rs": [("// ", "// ", "\n"), ("/// ", "/// ", "\n")],
    "A.java": [("// ", "// ", "\n"), ("/** ", " * ", " */\n")],
    "a.c": [("// ", "// ", "\n"), ("/* ", "   ", "*/\n")],
    "a.sh": [("# ", "# ", "\n")],
    "a.sql": [("-- ", "-- ", "\n"), ("/* ", "", " */\n")],
    "a.yaml": [("# ", "# ", "\n")],
    "a.toml": [("# ", "# ", "\n")],
    "a.html": [("<!-- ", "", " -->\n")],
}
CODE = {
    "a.py": "x = 1\n",
    "a.js": "let x;\n",
    "a.go": "package a\n",
    "a.rs": "fn f() {}\n",
    "A.java": "class A {}\n",
    "a.c": "int x;\n",
    "a.sh": "ls\n",
    "a.sql": "SELECT 1;\n",
    "a.yaml": "x: 1\n",
    "a.toml": "x = 1\n",
    "a.html": "<p>\n",
}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """A path, and a file whose comments hold the note amid other words, filled to a width of the agent's."""
    path = draw(st.sampled_from(sorted(MARKS)))
    opening, prefix, closing = draw(st.sampled_from(MARKS[path]))
    spoken = f"{draw(PHRASES)} {NOTE} {draw(PHRASES)}".split()
    broken = "".join(word + draw(st.sampled_from([" ", " ", " ", f"\n{prefix}"])) for word in spoken)
    other = "".join(f"{opening}{phrase}{closing}" for phrase in draw(st.lists(PHRASES.filter(str.strip), max_size=2)))
    # A string of Python says something about its module only where it is the first statement.
    above = other + CODE[path] if opening != '"""' else ""
    return path, above + opening + broken.rstrip() + closing + CODE[path]


@settings(max_examples=300, deadline=None)
@given(edited())
def test_the_words_of_the_note_come_out_and_no_other_word_does(case: tuple[str, str]):
    path, source = case
    now, fate = found(source, path)
    assert fate in {MOVED, RESHAPED, INTACT}
    before, after, note = words(source), words(now), words(NOTE)
    assert any(after[:at] + note + after[at:] == before for at in range(len(after) + 1))
    assert same_code(source.encode(), now.encode(), path, without_docstrings=True)


@settings(max_examples=150, deadline=None)
@given(edited(), st.integers(0, 30), WORDS)
def test_a_note_with_a_word_of_the_agents_in_it_stays_whole(case: tuple[str, str], at: int, word: str):
    path, source = case
    parts = NOTE.split()
    at = 1 + at % (len(parts) - 1)
    pattern = re.escape(parts[at - 1]) + r"(?=\s)"
    last = list(re.finditer(pattern, source))[-1]
    altered = source[: last.end()] + f" {word}" + source[last.end() :]
    now, fate = found(altered, path)
    if fate not in {ALTERED, GONE}:  # the word stands outside of it, or is none
        assert len(words(altered)) - len(words(now)) == len(words(NOTE))
    else:
        assert now == altered


def test_a_comment_before_a_symbol_that_was_renamed_is_found():
    now = put("def f():\n    pass\n", place=BEFORE, anchor="f").replace("def f", "def g")
    assert found(now, place=BEFORE, anchor="f") == ("def g():\n    pass\n", MOVED)
