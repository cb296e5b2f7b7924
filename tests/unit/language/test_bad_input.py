"""Input that is no `.drift` file, or one that nobody would write."""

import os
import time

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.model.load import load_model
from driftlang.model.units import LARGEST, LONGEST_CHAIN
from driftlang.source import Sources

VALUE = 'value calm "Nobody is hurried."\n'


def _failure(path):
    with pytest.raises(Failure) as raised:
        load_model(path, Sources(), Sink())
    assert raised.value.status is ExitStatus.MISUSE
    return raised.value.message


def test_no_such_file_is_misuse(tmp_path):
    assert _failure(tmp_path / "none.drift") == f"there is no file `{tmp_path.as_posix()}/none.drift`"


def test_a_folder_is_misuse(tmp_path):
    assert _failure(tmp_path) == f"`{tmp_path.as_posix()}` is a folder"


def test_a_pipe_is_misuse_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.drift")
    assert _failure(tmp_path / "pipe.drift").endswith("is no regular file")


def test_a_name_with_a_nul_is_misuse():
    from pathlib import Path

    assert "cannot read" in _failure(Path("a\0b")) or "no file" in _failure(Path("a\0b"))


def test_a_file_that_is_not_utf8_says_byte_and_line(tmp_path):
    path = tmp_path / "latin.drift"
    path.write_bytes(b"drift 1\n# caf\xe9\n")
    assert _failure(path) == f"`{path.as_posix()}` is not UTF-8: byte 13 (line 2) is 0xe9"


def test_the_byte_is_counted_from_the_files_start_behind_a_byte_order_mark(tmp_path):
    path = tmp_path / "latin.drift"
    path.write_bytes(b"\xef\xbb\xbfdrift 1\n\xff")
    assert _failure(path) == f"`{path.as_posix()}` is not UTF-8: byte 11 (line 2) is 0xff"


def test_a_file_beyond_the_limit_is_misuse(tmp_path):
    path = tmp_path / "large.drift"
    path.write_bytes(b"#" * (LARGEST + 1))
    assert _failure(path).endswith("is larger than 16 MiB, the most that a source file may have")


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "\ufeff"])
def test_an_empty_file_is_told_what_to_begin_with(check, text):
    result = check(text)
    assert (result.ids, result.model) == (["wrong-version"], None)
    assert result.messages == ["the file is empty, expected `drift 1` as its first line"]


def test_a_byte_order_mark_is_accepted(check):
    assert check("\ufeffdrift 1\n" + VALUE).ids == []


def test_crlf_is_accepted_and_texts_have_lf(check):
    result = check('drift 1\r\nprompt house {\r\n  text """\r\n    a\r\n    {{ constraint }}\r\n  """\r\n}\r\n')
    assert result.ids == []


def test_a_nul_is_a_stray_character(check):
    result = check("drift 1\n\0" + VALUE)
    assert result.ids == ["stray-character"]
    assert result.messages == ["found the character U+0000, which is no sign of the language"]


def test_brackets_nested_a_million_deep_end_with_one_message(check):
    for text in ("{" * 1_000_000, "[" * 1_000_000, "a {\n" * 300_000, "a [" * 300_000, "a (" * 300_000):
        assert "too-deep" in check("drift 1\nx " + text).ids


@pytest.mark.parametrize(
    "text",
    [
        '"' * 300_001,
        "value a " + '"x' * 150_000,
        "/" * 300_001,
        "value a " + '"""' + 'x"\n' * 100_000,
        "value a " + '"' + "\\n" * 150_000 + '"',
        "\0" * 300_000,
        "a" * 300_000,
        "\n" * 300_000,
        "# x\n" * 75_000,
    ],
    ids=["quotes", "open texts", "slashes", "open block", "escapes", "nuls", "one word", "blank lines", "comments"],
)
def test_a_long_run_of_anything_ends_soon(check, text):
    """300 kB take under a second; the bound leaves room for a loaded machine and none for a quadratic step."""
    start = time.process_time()
    check("drift 1\n" + text + "\n")
    assert time.process_time() - start < 8


def test_a_file_of_more_words_than_are_read_says_so(check, monkeypatch):
    from driftlang.syntax import tokens

    monkeypatch.setattr(tokens, "MOST_TOKENS", 50)
    result = check("drift 1\n" + "".join(f'value v{n} "x"\n' for n in range(20)))
    assert result.ids == ["too-long"]


def test_a_file_of_nothing_but_mistakes_is_read_up_to_the_hundredth(check):
    result = check("drift 1\n" + "=\n" * 500)
    assert (len(result.ids), result.ids[-1]) == (101, "too-long")


def test_names_in_what_was_not_read_are_not_unknown(check):
    text = 'import "std/values.drift": security\npressure p {\n  toward unheard_of\n  message a severity 1 "x"\n}\n'
    assert "unknown-name" not in check("drift 1\n" + text + "=\n" * 101).ids
    assert "unknown-name" in check("drift 1\n" + text).ids


def test_a_name_in_a_line_that_could_not_be_read_is_not_unknown(check):
    text = 'value one "1"\nvalue two = "2" ]\nconflict c {\n  between one and two\n}\n'
    assert check("drift 1\n" + text).ids == ["unexpected"]


def test_a_chain_of_imports_has_an_end(tmp_path):
    for number in range(LONGEST_CHAIN + 5):
        (tmp_path / f"f{number}.drift").write_text(f'drift 1\nimport "f{number + 1}.drift"\n')
    (tmp_path / f"f{LONGEST_CHAIN + 5}.drift").write_text("drift 1\n" + VALUE)
    sink = Sink()
    load_model(tmp_path / "f0.drift", Sources(), sink)
    assert [diagnostic.id for diagnostic in sink.found] == ["too-deep"]


def test_an_import_of_a_file_that_is_not_utf8_is_a_diagnostic(check, tmp_path):
    (tmp_path / "latin.drift").write_bytes(b"drift 1\n\xe9")
    result = check('drift 1\nimport "latin.drift"\n')
    assert result.ids == ["unreadable-import"]
    assert result.messages[0].endswith("is not UTF-8: byte 8 (line 2) is 0xe9")


@pytest.mark.parametrize(
    "said", ['""', '"a\\tb"', '"' + "x" * 5000 + '"', f'"{"x" * 500}.drift"', f'"pkg:attrs/{"x" * 500}"']
)
def test_an_import_of_an_impossible_path_is_a_diagnostic(check, said):
    assert check(f"drift 1\nimport {said}\n").ids == ["missing-import"]


def test_the_same_import_twice_is_one_file(check, tmp_path):
    (tmp_path / "values.drift").write_text("drift 1\n" + VALUE)
    result = check('drift 1\nimport "values.drift": calm\nimport "./values.drift"\n')
    assert (result.ids, len(result.sources)) == ([], 2)


def test_what_an_imported_file_imports_is_not_passed_on(check, tmp_path):
    (tmp_path / "inner.drift").write_text("drift 1\n" + VALUE)
    (tmp_path / "outer.drift").write_text('drift 1\nimport "inner.drift"\nvalue own "Own."\n')
    result = check('drift 1\nimport "outer.drift"\nconflict c {\n  between own and calm\n}\n')
    assert (result.ids, result.lines) == (["unknown-name"], [4])
