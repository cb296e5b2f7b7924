"""The one style, by example, and the library written in it."""

from pathlib import Path

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.syntax.format import format_text

ROOT = Path(__file__).parents[3]
LIBRARY = sorted(path for folder in ("scenarios", "driftlang") for path in (ROOT / folder).rglob("*.drift"))
LONG = "w" * 60


def formatted(text):
    sink = Sink()
    result = format_text(text, 0, sink)
    assert sink.found == ()
    return result


def within(block):
    """What becomes of the entries of a block, without its lines."""
    lines = formatted(f"session x {{\n{block}\n}}\n").split("\n")[1:-2]
    return "\n".join(line.removeprefix("  ") for line in lines)


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_library_is_formatted(path):
    text = path.read_text(encoding="utf-8")
    assert formatted(text) == text


def test_first_words_of_neighbours_are_padded_to_the_longest():
    assert within("of a\n  favors   b\nplace  c") == "of     a\nfavors b\nplace  c"


def test_a_blank_line_ends_a_run():
    assert within("of a\n\n\nfavors b") == "of a\n\nfavors b"


def test_a_comment_does_not_end_a_run():
    assert within("of a # why\n   # because\nfavors b") == "of     a  # why\n# because\nfavors b"


def test_a_block_ends_a_run_and_is_not_padded():
    assert within("of a\nplace b {\nx\n}\nfavors c\nat d") == "of a\nplace b {\n  x\n}\nfavors c\nat     d"


def test_a_block_text_keeps_to_the_column_and_never_widens_it():
    block = 'of a\ntext """\nw\n"""\nsolution b """\nw\n"""\nplace c'
    assert within(block) == 'of    a\ntext  """\n  w\n"""\nsolution b """\n  w\n"""\nplace c'


def test_a_word_that_stands_alone_does_not_widen_the_column():
    assert within("of a\nfiller") == "of a\nfiller"


def test_names_that_neighbours_give_are_a_second_column():
    block = 'let a = "1"\nlet name = "2"\nmessage a severity 1 ""\nmessage note severity 2 ""'
    aligned = 'let     a    = "1"\nlet     name = "2"\nmessage a    severity 1 ""\nmessage note severity 2 ""'
    assert within(block) == aligned


def test_words_that_are_no_names_are_no_second_column():
    assert within("limit turn 5s\nlimit trial 5m") == "limit turn 5s\nlimit trial 5m"


def test_declarations_are_not_padded_but_their_names_are():
    assert formatted('drift   1\nvalue a "x"\nvalue bb "y"\n') == 'drift 1\nvalue a  "x"\nvalue bb "y"\n'


def test_of_several_blank_lines_one_is_left_and_none_at_the_ends_of_a_block():
    assert formatted("\n\nx {\n\n  a b\n\n\n  c d\n\n}\n\n\n\ny z\n\n") == "x {\n  a b\n\n  c d\n}\n\ny z\n"


def test_a_doc_stands_right_above_its_entry():
    assert formatted("## What it is.\n\nsession x {\nmode y\n}\n") == "## What it is.\nsession x {\n  mode y\n}\n"


def test_a_list_on_one_line_stays_there_where_it_fits():
    assert within('models [ "a","b" { effort   high },]') == 'models ["a", "b" { effort high }]'


def test_a_list_with_a_line_end_behind_its_bracket_has_one_element_a_line():
    assert within('models [\n"a", "b"]\nof x') == 'models [\n  "a",\n  "b",\n]\nof x'


def test_a_list_that_does_not_fit_has_one_element_a_line():
    assert within(f'models ["{LONG}", "{LONG}"]') == f'models [\n  "{LONG}",\n  "{LONG}",\n]'


def test_comments_within_a_list_stay_with_their_element():
    assert within('models ["a" # one\n, # two\n# three\n"b"]') == (
        'models [\n  "a",  # one\n  # two\n  # three\n  "b",\n]'
    )


def test_what_stands_behind_a_comma_joins_its_line_where_it_fits():
    assert within("arms a,\n\n  b") == "arms a, b"
    assert within(f"arms {LONG},\n{LONG}") == f"arms {LONG},\n    {LONG}"


def test_a_block_of_one_entry_stays_on_the_line_where_it_was_written():
    assert within('probe a at step 5 {ask "x"}') == 'probe a at step 5 { ask "x" }'
    assert within('probe a at step 5 {\nask "x"}') == 'probe a at step 5 {\n  ask "x"\n}'


def test_an_empty_block_has_no_lines_but_those_of_comments():
    assert within("probe a {\n\n}") == "probe a {}"
    assert within("probe a { # why\n}") == "probe a {  # why\n}"


def test_brackets_signs_and_counts_are_spaced_as_one_reads_them():
    assert within("kept when not(count( p )>=2)and q") == "kept when not (count(p) >= 2) and q"
    assert within("primary a-b") == "primary a - b"
    assert within('allow likely - leak "x"') == 'allow likely-leak "x"'


def test_a_block_text_moves_with_its_entry():
    assert within('a b {\ntext """\n      one\n\n        two\n      """\n}') == (
        'a b {\n  text """\n    one\n\n      two\n  """\n}'
    )


def test_closing_quotes_stay_on_the_line_where_they_stand():
    assert within('text """\n one\n two"""') == 'text """\n  one\n  two"""'


def test_a_block_text_that_begins_on_the_line_of_its_quotes_goes_below_them():
    assert within('text """one\n  two"""') == 'text """\n  one\n    two"""'
    assert within('text """one  """') == 'text """one  """'


@pytest.mark.parametrize("text", ['"""\n   \n\t\n"""', '"""\n\n  \n  """', '"""\n\ta\r\r\n"""'])
def test_a_block_text_that_another_indentation_would_change_stays_as_it_is(text):
    assert formatted(f"x {text}\n") == f"x {text}\n"


def test_tabs_within_a_block_text_are_content_behind_what_its_lines_share():
    assert within('text """\n\t\ta\n\t\t\tb\n\t"""') == 'text """\n  a\n  \tb\n"""'


def test_blanks_at_the_end_of_a_line_of_text_are_content():
    assert within('text """\n  a  \n    \n  b\n"""') == 'text """\n  a  \n    \n  b\n"""'


def test_a_file_of_comments_keeps_them():
    assert formatted("  # a\n\n\n# b  \n\n") == "# a\n\n# b\n"


def test_an_empty_file_stays_empty():
    assert formatted("\n \n") == ""


def test_a_word_raw_in_a_list_is_not_joined_with_the_text_below_it():
    assert formatted('x [raw\n"\\\\"]\n') == 'x [raw"\\\\"]\n'


def test_a_file_with_a_syntax_error_is_left_as_it_is():
    sink = Sink()
    assert format_text("a  {\n", 0, sink) == "a  {\n"
    assert [found.id for found in sink.found] == ["unclosed-block"]
