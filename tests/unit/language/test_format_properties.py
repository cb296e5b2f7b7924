"""Whatever the file: formatting keeps what it says and every comment, and a second pass changes nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from odd_files import odd_files
from test_properties import mutated

from driftlang.diagnostics.diagnostic import Sink
from driftlang.syntax.format import format_text
from driftlang.syntax.grammar import load_tables
from driftlang.syntax.lower import lower
from driftlang.syntax.parse import parse
from driftlang.syntax.same_program import is_same_program

ROOT = Path(__file__).parents[3]
FILES = sorted(path for folder in ("scenarios", "driftlang", "tests") for path in (ROOT / folder).rglob("*.drift"))


def _formatted(text):
    sink = Sink()
    return format_text(text, 0, sink), sink


def _program(text):
    sink = Sink()
    return lower(parse(text, 0, sink), 0, sink)


def _tokens(text, kinds):
    return [
        found.group().rstrip(" \t\r\f\v")
        for found in re.finditer(load_tables().pattern, text)
        if re.fullmatch(kinds, found.lastgroup)
    ]


def _assert_formatted(text):
    once, _ = _formatted(text)
    assert is_same_program(_program(text), _program(once))
    assert _tokens(once, "COMMENT|DOC") == _tokens(text, "COMMENT|DOC")
    assert _tokens(once, "PATTERN|TEXT|NUMBER|DATE|MONEY|NAME") == _tokens(text, "PATTERN|TEXT|NUMBER|DATE|MONEY|NAME")
    assert _formatted(once)[0] == once
    return once


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=odd_files())
def test_an_odd_file_keeps_its_program_and_comments_and_is_the_same_after_a_second_pass(text):
    assume(not _formatted(text)[1].has_errors)
    once = _assert_formatted(text)
    assert once == "" or (once.endswith("\n") and not once.startswith("\n") and not once.endswith("\n\n"))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=odd_files())
def test_a_file_with_crlf_line_ends_is_formatted_as_the_one_with_lf(text):
    plain = text.replace("\r\n", "\n")
    assume(not _formatted(plain)[1].has_errors)
    assert _formatted(plain.replace("\n", "\r\n"))[0] == _formatted(plain)[0]


@settings(max_examples=80, deadline=None)
@given(text=mutated())
def test_a_mutated_file_keeps_its_program_and_comments_or_is_left_alone(text):
    once, sink = _formatted(text)
    if sink.has_errors:
        assert once == text
    else:
        _assert_formatted(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_of_this_repository_keeps_its_program_and_comments_or_is_left_alone(path):
    text = path.read_text(encoding="utf-8")
    once, sink = _formatted(text)
    if sink.has_errors:
        assert once == text
    else:
        _assert_formatted(text)
