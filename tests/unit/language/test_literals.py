"""What texts, patterns and numbers say."""

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.syntax.ast import Hole
from driftlang.syntax.lower import lower
from driftlang.syntax.parse import parse


def _item(text):
    """The first item of a file's only entry."""
    sink = Sink()
    tree = lower(parse(f"x {text}\n", 0, sink), 0, sink)
    assert sink.found == ()
    return tree.body.entries[0].items[0]


def _said(text):
    return "".join(part if isinstance(part, str) else f"<{part.name}>" for part in _item(text).parts)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r'"a \"quote\""', 'a "quote"'),
        (r'"back\\slash"', "back\\slash"),
        (r'"two\nlines\tand a tab"', "two\nlines\tand a tab"),
        (r'"\{{ name }}"', "{{ name }}"),
        ('"{{ name }} and {{other}}"', "<name> and <other>"),
        ('""', ""),
        ('raw "a\\nb {{ c }}"', "a\\nb {{ c }}"),
        ('"""on one line"""', "on one line"),
        ('"""\n  a\n  b\n  """', "a\nb\n"),
        ('"""\n  a\n    b"""', "a\n  b"),
        ('"""\n\ta\n\tb\n\t"""', "a\nb\n"),
        ('"""\n\ta\n  b\n"""', "\ta\n  b\n"),
        ('"""\n    a\n\n    b\n  \n    """', "a\n\nb\n\n"),
        ('"""   \n  a  \n  """', "a  \n"),
        ('"""\n"""', ""),
        ('""""""', ""),
        ('"""\n  \\"\\"\\"doc\\"\\"\\"\n  """', '"""doc"""\n'),
        ('"""say "hi\\""""', 'say "hi"'),
        ('"""say "hi""""', 'say "hi"'),
        ('raw """\n  func f() { return `\\n{{ . }}` }\n  """', "func f() { return `\\n{{ . }}` }\n"),
        ('"""\r\n  a\r\n  b\r\n  """', "a\nb\n"),
        ('"""\n  a # no comment\n  """', "a # no comment\n"),
    ],
)
def test_a_text_says(written, said):
    assert _said(written) == said


def test_a_placeholder_in_a_dedented_text_stands_where_it_was_written():
    written = '"""\n    a {{ name }}\n  """'
    hole = next(part for part in _item(written).parts if isinstance(part, Hole))
    assert f"x {written}"[hole.span.start : hole.span.end] == "{{ name }}"


@pytest.mark.parametrize(
    ("written", "source", "flags"),
    [
        (r"/a\/b/", "a/b", ""),
        (r"/a\\\/b/i", r"a\\/b", "i"),
        (r"/\bx\s*/ims", r"\bx\s*", "ims"),
        ('/"[^"]+"/', '"[^"]+"', ""),
        ("/a # b/", "a # b", ""),
    ],
)
def test_a_pattern_says(written, source, flags):
    item = _item(written)
    assert (item.source, item.flags) == (source, flags)


@pytest.mark.parametrize(
    ("written", "attribute", "value"),
    [
        ("12", "value", 12),
        ("0.5", "value", 0.5),
        ("240s", "seconds", 240),
        ("60m", "seconds", 3600),
        ("2h", "seconds", 7200),
        ("1.5h", "seconds", 5400),
        ("$2.50", "dollars", 2.5),
        ("40%", "fraction", 0.4),
    ],
)
def test_a_number_says(written, attribute, value):
    assert float(getattr(_item(written), attribute)) == value


def test_a_range_has_two_ends():
    item = _item("3..9")
    assert (item.first, item.last) == (3, 9)


def test_a_date_is_a_day():
    assert _item("2025-03-03").day.isoformat() == "2025-03-03"


@pytest.mark.parametrize("written", ["[\n  a,\n  b\n]", "[a, b,]", "[a,\n\n# why\nb]", "[ a , b ]"])
def test_line_ends_in_a_list_mean_nothing(written):
    assert [element.items[0].text for element in _item(written).elements] == ["a", "b"]


def test_a_trailing_comma_goes_on_on_the_next_line():
    sink = Sink()
    tree = lower(parse("run a,\n  b,\n  c\nother\n", 0, sink), 0, sink)
    assert [entry.word.text for entry in tree.body.entries] == ["run", "other"]


def test_doc_lines_belong_to_the_declaration_below():
    sink = Sink()
    text = '## one\n## two\nfirst """\n## no doc"""\n# plain\nsecond  ## no doc\n\n## third\'s\n\nthird\n'
    tree = lower(parse(text, 0, sink), 0, sink)
    assert [entry.doc for entry in tree.body.entries] == ["one\ntwo", "", "third's"]


def test_a_block_may_stand_on_one_line():
    sink = Sink()
    tree = lower(parse("a { b { c 1 } }\n", 0, sink), 0, sink)
    inner = tree.body.entries[0].block.entries[0]
    assert (sink.found, inner.word.text, inner.block.entries[0].word.text) == ((), "b", "c")
