"""Properties of texts: of the formatter, and of checking what is wrong.

In: an experiment, or a mutation of one. Out: nothing; `PropertyFailed`.
"""

import re

from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.diagnostics.failure import Failure
from driftlang.diagnostics.full import render_full
from driftlang.diagnostics.json_report import render_json
from driftlang.model.load import load_model
from driftlang.source import Sources
from driftlang.syntax.ast import File
from driftlang.syntax.format import format_text
from driftlang.syntax.grammar import load_tables
from driftlang.syntax.read import read
from driftlang.syntax.same_program import is_same_program
from driftlang.testing.experiment import Subject
from driftlang.testing.properties.failed import require
from driftlang.validity.check import check_design


def parse_of_format_is_the_identity(about: Subject) -> None:
    """Formatting keeps what a file says and every comment, and a second pass changes nothing.

    >>> from driftlang import testing
    >>> testing.parse_of_format_is_the_identity(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    text = experiment.text
    before = _ast(text)
    if before is None:
        return
    once = format_text(text, 0, Sink())
    after = _ast(once)
    require(after is not None and is_same_program(before, after), "the formatted file says something else")
    require(_comments(text) == _comments(once), "the formatted file has other comments")
    require(format_text(once, 0, Sink()) == once, "formatting the formatted file changes it once more")


def check_names_a_place(about: Subject) -> None:
    """Whatever the text: checking it never raises, and every finding names a place within a file and can be printed.

    >>> from driftlang import testing
    >>> testing.check_names_a_place(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    sources, sink = Sources(), Sink()
    try:
        model = load_model(experiment.path, sources, sink, experiment.text.encode("utf-8", "surrogatepass"))
    except Failure:  # no text at all
        return
    if model is not None and not sink.has_errors:
        check_design(model, sink)
    for one in sink.found:
        _require_place(one, sources)
    require(bool(render_full(sink.found, sources, color=False)) == bool(sink.found), "what is found is not printed")
    render_json(sink.found, sources)


def _require_place(one: Diagnostic, sources: Sources) -> None:
    for span in (one.span, *(label.span for label in one.labels)):
        is_within = 0 <= span.file < len(sources) and 0 <= span.start <= span.end <= len(sources[span.file].text)
        require(is_within, f"`{one.id}` names a place that is in no file: {span}")


def _ast(text: str) -> File | None:
    """What the text says; nothing where it has errors of syntax."""
    sink = Sink()
    made = read(text, 0, sink)
    return None if sink.has_errors else made


def _comments(text: str) -> list[str]:
    found = re.finditer(load_tables().pattern, text)
    return [one.group().rstrip() for one in found if one.lastgroup in {"COMMENT", "DOC"}]
