"""The TextMate grammar: well formed, and of one mind with the language's own lexer about every scenario."""

import json
import re
from pathlib import Path

import pytest
from textmate import Grammar

from driftlang.model.vocabulary import DECLARATIONS
from driftlang.syntax.grammar import load_tables

ROOT = Path(__file__).parents[3]
EDITORS = ROOT / "grammar" / "editors"
GRAMMAR = Grammar(json.loads((EDITORS / "drift.tmLanguage.json").read_text(encoding="utf-8")))
SCENARIOS = sorted((ROOT / "scenarios").rglob("*.drift"))
#: What one of the scopes of each character of a token begins with.
SCOPES = {
    "COMMENT": ("comment.line",),
    "DOC": ("comment.line.documentation",),
    "NAME": ("keyword", "storage", "entity", "variable"),
    "TEXT": ("string.quoted.double",),
    "BLOCK_TEXT": ("string.quoted.triple",),
    "RAW_TEXT": ("string.quoted.double.raw",),
    "RAW_BLOCK_TEXT": ("string.quoted.triple.raw", "storage.modifier.raw"),
    "PATTERN": ("string.regexp",),
    **dict.fromkeys(("DATE", "RANGE", "DURATION", "MONEY", "PERCENT", "NUMBER"), ("constant.numeric",)),
    **dict.fromkeys(("AT_LEAST", "EQUALS", "MINUS"), ("keyword.operator",)),
    **dict.fromkeys(("COLON", "COMMA"), ("punctuation.separator",)),
    **dict.fromkeys(("LBRACE", "RBRACE"), ("punctuation.section.block",)),
    **dict.fromkeys(("LBRACKET", "RBRACKET"), ("punctuation.section.list",)),
    **dict.fromkeys(("LPAREN", "RPAREN"), ("punctuation.section.group",)),
}
ODD = r'''drift 1
## Doc.
tasks t {  # why
  hit  file "a.py" """
    def f(
      "open
  """
  file "b.go" executable raw """
    x := `{{ no }}`
  """
  text """on the line
    more \"""" # behind
  arms a,
    # between
    b
  vary tone in [polite "x",
    urgent { ask """
      # T """ }]
  kept when not (count(a) >= 2) and /a\/[b"\/]+(?:c|d){2,3}/i
  allow likely-leak raw "C:\" # behind
  limit turn 2.5s $2 40% 3..9 2025-02-03
}
value a "" value b """"""
'''


def _rules(value):
    """All rules of the grammar, wherever they stand."""
    if isinstance(value, list):
        for inner in value:
            yield from _rules(inner)
    elif isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _rules(inner)


RULES = [rule for rule in _rules(GRAMMAR.json) if {"match", "begin", "include"} & rule.keys()]


def _scopes_at(text, piece, place=0):
    """The scopes of the first character of a piece, the `place`-th in the text."""
    offset = [found.start() for found in re.finditer(re.escape(piece), text)][place]
    return GRAMMAR.scopes(text)[offset]


def test_every_expression_compiles():
    for rule in RULES:
        for key in ("match", "begin", "end", "while"):
            if key in rule:
                GRAMMAR.regex(rule[key])


def test_a_rule_that_begins_has_one_way_to_end():
    assert [rule for rule in RULES if "begin" in rule and ("end" in rule) == ("while" in rule)] == []


def test_every_include_within_the_grammar_resolves_and_every_part_is_included():
    included = {rule["include"][1:] for rule in RULES if rule.get("include", "").startswith("#")}
    assert included == set(GRAMMAR.json["repository"])


def test_another_language_is_included_only_where_the_closing_quotes_end_it():
    for rule in RULES:
        for inner in rule.get("patterns", []):
            if inner.get("include", "#").startswith(("source.", "text.")):
                assert r'(?!.*"""(?!"))' in rule["while"]


def test_every_capture_is_a_group_of_its_expression():
    for rule in RULES:
        for source, captures in (("match", "captures"), ("begin", "beginCaptures"), ("end", "endCaptures")):
            if captures in rule:
                assert max(map(int, rule[captures])) <= GRAMMAR.regex(rule[source]).groups


@pytest.mark.parametrize("text", [*(path.read_text(encoding="utf-8") for path in SCENARIOS), ODD])
def test_every_token_has_its_scope(text):
    scopes = GRAMMAR.scopes(text)
    wrong = [
        (found.lastgroup, found.group(), scopes[offset])
        for found in re.finditer(load_tables().pattern, text)
        if found.lastgroup in SCOPES
        for offset in range(*found.span())
        if not text[offset].isspace() and not any(scope.startswith(SCOPES[found.lastgroup]) for scope in scopes[offset])
    ]
    assert wrong == []


@pytest.mark.parametrize("text", [*(path.read_text(encoding="utf-8") for path in SCENARIOS), ODD])
def test_nothing_is_open_at_the_end(text):
    assert GRAMMAR.scopes(f"{text}\nend")[-1] == ("source.drift", "keyword.other.entry.drift")


def test_words_have_scopes_by_where_they_stand():
    text = "pressure notes like others {\n  toward calm\n  message first severity 1\n  arms a,\n    b\n}\n"
    assert _scopes_at(text, "pressure")[-1] == "storage.type.drift"
    assert _scopes_at(text, "notes")[-1] == "entity.name.type.drift"
    assert _scopes_at(text, "others")[-1] == "entity.other.inherited-class.drift"
    assert _scopes_at(text, "toward")[-1] == _scopes_at(text, "message")[-1] == "keyword.other.entry.drift"
    assert _scopes_at(text, "first")[-1] == "variable.other.declaration.drift"
    assert _scopes_at(text, "b\n")[-1] == "variable.other.drift"


@pytest.mark.parametrize("word", [*DECLARATIONS, "about"])
def test_every_declaration_is_known(word):
    assert _scopes_at(f"{word} it {{\n}}\n", word)[-1] == "storage.type.drift"


@pytest.mark.parametrize(
    ("opening", "language"),
    [
        ('text """', "markdown"),
        ('ask    """', "markdown"),
        ('solution calm """', "python"),
        ('file "a/x.py" """', "python"),
        ('hit file "x.py" """', "python"),
        ('append "x.go" raw """', "go"),
        ('file "x.rs" executable """', "rust"),
        ('file "X.java" """', "java"),
        ('file "x.mjs" """', "javascript"),
        ('file "x.ts" """', "typescript"),
        ('file "x.h" """', "c"),
        ('file "x.sh" """', "shell"),
        ('file ".github/workflows/x.yml" raw """', "yaml"),
        ('file "x.toml" """', "toml"),
        ('file "x.sql" """', "sql"),
    ],
)
def test_a_block_text_is_of_the_language_that_its_entry_tells(opening, language):
    text = f'tasks t {{\n  {opening}\n    inside (\n    """ # behind\n}}\n'
    assert f"meta.embedded.block.{language}" in _scopes_at(text, "inside")
    assert _scopes_at(text, '"""', 1)[-1] == "punctuation.definition.string.end.drift"
    assert _scopes_at(text, "# behind")[-1] == "comment.line.number-sign.drift"


def test_any_other_block_text_has_no_language():
    assert _scopes_at('let a = """\n  inside\n"""\n', "inside") == ("source.drift", "string.quoted.triple.drift")


def test_placeholders_and_escapes_have_scopes_but_not_in_raw_texts():
    text = 'a "{{ b }} \\n" raw "{{ c }} \\t"\n'
    assert _scopes_at(text, "b }}")[-1] == "variable.other.placeholder.drift"
    assert _scopes_at(text, "\\n")[-1] == "constant.character.escape.drift"
    assert _scopes_at(text, "c }}")[-1] == _scopes_at(text, "\\t")[-1] == "string.quoted.double.raw.drift"


def test_a_pattern_is_coloured_as_an_expression():
    text = r"match /^a\/[b]+/i" + "\n"
    assert _scopes_at(text, "^")[-2:] == ("source.regexp.drift", "keyword.control.anchor.regexp.drift")
    assert _scopes_at(text, "[b]")[-1] == "constant.other.character-class.set.regexp.drift"
    assert _scopes_at(text, "i", 0)[-1] == "keyword.other.flags.drift"


def test_the_extension_speaks_of_files_and_scopes_that_are_there():
    contributes = json.loads((EDITORS / "package.json").read_text(encoding="utf-8"))["contributes"]
    (language,), (grammar,) = contributes["languages"], contributes["grammars"]
    json.loads((EDITORS / language["configuration"]).read_text(encoding="utf-8"))
    embedded = {scope for rule in RULES if "while" in rule for scope in rule["contentName"].split()}
    assert (EDITORS / grammar["path"]).is_file()
    assert grammar["scopeName"] == GRAMMAR.json["scopeName"]
    assert set(grammar["embeddedLanguages"]) == embedded - {"meta.template.drift"}
