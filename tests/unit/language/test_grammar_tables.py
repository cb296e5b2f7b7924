"""The tables beside the package are those of the grammar, and the grammar is sound."""

import logging

import lark

from driftlang.syntax import grammar
from driftlang.syntax.tables import compile_tables, read_tables, render_tables


def test_the_tables_are_current():
    """After a change of grammar/drift.lark: `python -m driftlang.syntax.grammar`."""
    assert grammar.TABLES.read_text(encoding="utf-8") == grammar.current_tables()


def test_tables_survive_being_written():
    tables = compile_tables(grammar.grammar_text())
    assert read_tables(render_tables(tables, "d"), "d") == tables


def test_the_grammar_has_no_conflict(caplog):
    with caplog.at_level(logging.DEBUG, logger="lark"):
        lark.Lark(grammar.grammar_text(), parser="lalr", lexer="basic", start="file", debug=True)
    assert [record.message for record in caplog.records if "conflict" in record.message.lower()] == []


def _load_with(monkeypatch, path):
    monkeypatch.setattr(grammar, "TABLES", path)
    grammar.load_tables.cache_clear()
    try:
        return grammar.load_tables()
    finally:
        grammar.load_tables.cache_clear()


def test_tables_that_are_damaged_missing_or_of_another_grammar_are_made_anew(monkeypatch, tmp_path):
    expected = grammar.load_tables()
    for content in ("", "{}", "[1]", "nonsense", '{"digest": 3}', render_tables(expected, "another")):
        path = tmp_path / "drift.tables.json"
        path.write_text(content, encoding="utf-8")
        assert _load_with(monkeypatch, path) == expected
    assert _load_with(monkeypatch, tmp_path / "none.json") == expected
