"""A finding is accepted where it is, in the blocks that it is about, and about the paths that are named."""

from driftlang.diagnostics.diagnostic import Acceptance, Diagnostic, Sink
from driftlang.source import Span

HERE, BLOCK, ELSEWHERE = Span(0, 10, 20), Span(0, 0, 100), Span(1, 0, 100)


def _finding(path="", blocks=()):
    return Diagnostic("no-placebo", "there is none", HERE, path=path, blocks=blocks)


def _accepting(*acceptances):
    sink = Sink()
    for acceptance in acceptances:
        sink.accept(acceptance)
    return sink


def test_it_is_accepted_in_the_block_where_it_is():
    sink = _accepting(Acceptance("no-placebo", BLOCK))
    assert not sink.add(_finding())
    assert sink.found == ()


def test_it_is_not_accepted_elsewhere():
    assert _accepting(Acceptance("no-placebo", ELSEWHERE)).add(_finding())


def test_it_is_accepted_in_a_block_that_it_is_about():
    assert not _accepting(Acceptance("no-placebo", ELSEWHERE)).add(_finding(blocks=(Span(1, 30, 40),)))


def test_it_is_accepted_about_the_paths_that_are_named():
    sink = _accepting(Acceptance("no-placebo", BLOCK, lambda path: path.endswith(".sql")))
    assert [sink.add(_finding(path)) for path in ("a.sql", "a.py", "")] == [False, True, True]


def test_a_finding_about_another_path_is_another():
    sink = Sink()
    for path in ("a.py", "b.py", "a.py"):
        sink.add(_finding(path))
    assert [one.path for one in sink.found] == ["a.py", "b.py"]


def test_what_one_block_accepts_is_found_in_the_next():
    sink = _accepting(Acceptance("no-placebo", ELSEWHERE))
    sink.add(_finding(blocks=(Span(1, 30, 40),)))
    sink.add(_finding())
    assert (len(sink.found), len(sink.accepted)) == (1, 1)
