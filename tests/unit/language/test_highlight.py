"""The Pygments lexer: nothing lost, nothing unknown, and every token of the language in its own kind."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments import highlight
from pygments.formatters import LatexFormatter
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, String, Whitespace
from test_properties import mutated

from driftlang.syntax.grammar import load_tables
from driftlang.syntax.highlight import DriftLexer

ROOT = Path(__file__).parents[3]
SCENARIOS = sorted((ROOT / "scenarios").rglob("*.drift"))
KINDS = {
    "COMMENT": (Comment,),
    "DOC": (Comment,),
    "NEWLINE": (Whitespace,),
    "BLANK": (Whitespace,),
    "NAME": (Name, Keyword, Operator.Word),
    "TEXT": (String,),
    "BLOCK_TEXT": (String,),
    "RAW_TEXT": (String, Whitespace),
    "RAW_BLOCK_TEXT": (String, Whitespace),
    "PATTERN": (String.Regex,),
    **dict.fromkeys(("DATE", "RANGE", "DURATION", "MONEY", "PERCENT", "NUMBER"), (Number,)),
    **dict.fromkeys(("AT_LEAST", "EQUALS", "MINUS"), (Operator,)),
    **dict.fromkeys(("COLON", "COMMA", "LBRACE", "RBRACE", "LBRACKET", "RBRACKET", "LPAREN", "RPAREN"), (Punctuation,)),
}


def _pieces(text):
    return list(DriftLexer().get_tokens_unprocessed(text))


def _types(text):
    return {piece: kind for _, kind, piece in _pieces(text) if kind is not Whitespace}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_library_has_no_error_and_nothing_is_lost(path):
    text = path.read_text(encoding="utf-8")
    pieces = _pieces(text)
    assert [piece for _, kind, piece in pieces if kind is Error] == []
    assert "".join(piece for _, _, piece in pieces) == text


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_token_of_the_library_gets_its_kind(path):
    text = path.read_text(encoding="utf-8")
    at = {}
    for start, kind, piece in _pieces(text):
        at.update(dict.fromkeys(range(start, start + len(piece)), kind))
    wrong = [
        (found.group(), at[offset])
        for found in re.finditer(load_tables().pattern, text)
        for offset in range(*found.span())
        if not any(at[offset] in kind for kind in KINDS[found.lastgroup])
    ]
    assert wrong == []


@settings(max_examples=60, deadline=None)
@given(text=mutated() | st.text(max_size=40))
def test_of_any_text_nothing_is_lost(text):
    pieces = _pieces(text)
    assert "".join(piece for _, _, piece in pieces) == text
    assert [start for start, _, _ in pieces] == [
        sum(len(piece) for _, _, piece in pieces[:place]) for place in range(len(pieces))
    ]


def test_words_are_told_apart_by_where_they_stand():
    types = _types('drift 1\npressure notes like others {\n  message first severity 1 "a"\n  kept when not it\n}\n')
    assert types["drift"] is Keyword.Namespace
    assert types["pressure"] is Keyword.Declaration
    assert types["notes"] is Name.Class
    assert types["like"] is types["when"] is Keyword.Pseudo
    assert types["message"] is types["kept"] is Keyword
    assert types["first"] is Name.Variable
    assert types["severity"] is types["it"] is types["others"] is Name
    assert types["not"] is Operator.Word


def test_a_word_that_begins_a_line_within_a_row_is_no_keyword():
    types = _types("scenario x {\n  arms placebo,\n    opposing\n  vary tone in [\n    polite,\n  ]\n}\n")
    assert types["opposing"] is types["polite"] is Name


def test_placeholders_and_escapes_of_a_text_are_told_apart_but_not_in_a_raw_one():
    types = _types(r'value a "see {{ b }} \{{ \n" value c raw "see {{ d }} \n"')
    assert types["{{ b }}"] is String.Interpol
    assert types[r"\n"] is types[r"\{{"] is String.Escape
    assert types["raw"] is String.Affix
    assert types[r'"see {{ d }} \n"'] is String


def test_pygments_finds_the_lexer_by_its_entry_point():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, name = project["entry-points"]["pygments.lexers"]["drift"].split(":")
    lexer = getattr(import_module(module), name)
    assert lexer is DriftLexer
    assert (lexer.aliases, lexer.filenames) == (["drift"], ["*.drift"])


def test_a_scenario_can_be_set_in_latex():
    text = SCENARIOS[0].read_text(encoding="utf-8")
    assert r"\PY{k+kd}{conflict}" in highlight(text, DriftLexer(), LatexFormatter())
