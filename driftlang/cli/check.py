"""`driftlang check`: syntax, names, types and the rules of the language.

In: `.drift` files, and folders of them. Out: diagnostics in the form that is asked for; exit status 0 when there is no
error, 1 when there is one.
Refuses to do: running anything, and, without `--prove`, rendering, injecting and scoring.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.cli.drift_files import find_drift_files
from driftlang.cli.formats import format_options
from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.diagnostics.render import Form, render
from driftlang.source import Sources

if TYPE_CHECKING:
    from driftlang.model.forms import Model


@click.command(name="check")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--prove", "is_proving", is_flag=True, help="Prove as well what must render, inject and score.")
@format_options
def command(paths: tuple[Path, ...], is_proving: bool, form: Form) -> int:
    """Check .drift files, at most 16 MiB each: syntax, names, types, the rules of the design.

    Folders are searched for files that end in .drift; what is hidden in them is passed over.
    What is found goes to standard output. Exit status: 0 no error, 1 an error, 2 a file that cannot be read as text.
    """
    from driftlang.validity.load import can_prove, load_checked

    sources, sink = Sources(), Sink()
    meant = find_drift_files(paths)
    failures = list(meant.failures)
    for path in meant.files:
        try:
            earlier = sink.found
            model = load_checked(path, sources, sink)
            if is_proving and model is not None and can_prove(sink, earlier):
                _prove(model, sources, sink)
        except Failure as failure:
            failures.append(failure)
    found = _each_once(sink.found, sources)
    report = render(found, sources, form, color=sys.stdout.isatty())
    click.echo(_with_failures(report, failures) if form == "json" and failures else report, nl=False)
    if form == "full" and not found and not failures:
        count = len({Path(source.path).resolve() for source in sources})
        accepted = len(sink.accepted)
        also = f", {accepted} finding{'' if accepted == 1 else 's'} accepted by `allow`" if accepted else ""
        click.echo(f"{count} file{'' if count == 1 else 's'} checked, no errors{also}")
    if failures:
        *others, last = failures
        for other in others:
            click.echo(f"error: {other.message}\nhelp: {other.help}", err=True)
        raise last
    return ExitStatus.FINDING if sink.has_errors else ExitStatus.OK


def _prove(model: "Model", sources: Sources, sink: Sink) -> None:
    from driftlang.validity.proof.stage import prove_model

    prove_model(model, sources, sink)


def _with_failures(report: str, failures: Sequence[Failure]) -> str:
    """The report in JSON with what could not be read, so that a reader does not take it for a file without errors."""
    import json

    entries = [{"severity": "error", "message": failure.message, "help": failure.help} for failure in failures]
    return json.dumps({**json.loads(report), "failures": entries}, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _each_once(found: tuple[Diagnostic, ...], sources: Sources) -> tuple[Diagnostic, ...]:
    """The diagnostics without those of a file that was reached twice, by its path and by an import."""
    kept: dict[tuple[Path, int, int, str], Diagnostic] = {}
    for diagnostic in found:
        span = diagnostic.span
        kept.setdefault((Path(sources[span.file].path).resolve(), span.start, span.end, diagnostic.id), diagnostic)
    return tuple(kept.values())
