"""`driftlang fmt`: `.drift` files in the one style.

In: files, folders, or `-` for standard input. Out: the files rewritten, or what would change; exit status 0, or 1 where
a file has syntax errors or, with `--check` and `--diff`, where one would change.
Refuses to do: touching a file that has syntax errors or that is formatted already.
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from attrs import frozen

from driftlang.cli.drift_files import find_drift_files
from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.source import Sources

_STANDARD_INPUT = Path("-")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@frozen
class _Formatted:
    """A file before and after; one that has syntax errors is the same."""

    path: Path
    before: bytes
    after: bytes
    has_errors: bool

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@click.command(name="fmt")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; list the files that would change.")
@click.option("--diff", is_flag=True, help="Change nothing; print what would change.")
@click.option("--json", "as_json", is_flag=True, help="Say what was done as JSON.")
def command(paths: tuple[Path, ...], check: bool, diff: bool, as_json: bool) -> int:
    """Write .drift files in the one style; `-` formats standard input to standard output.

    Folders are searched for files that end in .drift; what is hidden in them is passed over. A file with syntax errors
    is left as it is. Exit status: 0 all is well, 1 a file has syntax errors, or would change with --check or --diff.
    """
    if _STANDARD_INPUT in paths and len(paths) > 1:
        raise click.UsageError("`-` stands alone")
    is_input = paths == (_STANDARD_INPUT,)
    if as_json and (diff or is_input):
        raise click.UsageError("--json goes neither with --diff nor with `-`, which print texts")
    sources, sink = Sources(), Sink()
    files = [_format(path, sources, sink) for path in (paths if is_input else find_drift_files(paths).files)]
    if not (check or diff or is_input):
        for file in files:
            if file.is_changed:
                _replace(file)
    if as_json:
        _print_json(files, sources, sink)
    elif is_input and not (check or diff):
        _print_formatted(files[0], sources, sink)
    else:
        _print(files, sources, sink, diff=diff, done="would be formatted" if check or diff else "formatted")
    would_change = (check or diff) and any(file.is_changed for file in files)
    return ExitStatus.FINDING if would_change or sink.has_errors else ExitStatus.OK


def _format(path: Path, sources: Sources, sink: Sink) -> _Formatted:
    from driftlang.model.units import decode, read_source
    from driftlang.syntax.format import format_text

    is_input = path == _STANDARD_INPUT
    content = sys.stdin.buffer.read() if is_input else read_source(path)
    text = decode(path, content)
    file = sources.add("standard input" if is_input else path.as_posix(), text)
    mistakes = Sink()
    try:
        formatted = format_text(text, file, mistakes)
    except Failure as failure:
        raise Failure(f"{path.as_posix()}: {failure.message}", help=failure.help) from failure
    for diagnostic in mistakes.found:
        sink.add(diagnostic)
    after = content if mistakes.has_errors else formatted.encode("utf-8")
    return _Formatted(path, content, after, mistakes.has_errors)


def _replace(file: _Formatted) -> None:
    """Put the new content in the file's place at once, with the old one's mode; through a link, its target's."""
    import os
    from tempfile import NamedTemporaryFile

    target = file.path.resolve()
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as written:
        aside = Path(written.name)
    try:
        with aside.open("wb") as written:
            written.write(file.after)
            written.flush()
            os.fsync(written.fileno())
        aside.chmod(target.stat().st_mode & 0o7777)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _print_formatted(file: _Formatted, sources: Sources, sink: Sink) -> None:
    """Standard input's text; where it has syntax errors, these alone."""
    from driftlang.diagnostics.full import render_full

    click.echo(render_full(sink.found, sources, color=sys.stderr.isatty()), nl=False, err=True)
    if not sink.has_errors:
        click.echo(file.after, nl=False)


def _print(files: Sequence[_Formatted], sources: Sources, sink: Sink, *, diff: bool, done: str) -> None:
    from driftlang.diagnostics.full import render_full

    click.echo(render_full(sink.found, sources, color=sys.stdout.isatty()), nl=False)
    changed = [file for file in files if file.is_changed]
    for file in changed:
        if diff:
            click.echo(_difference(file), nl=False)
        elif done != "formatted":
            click.echo(f"would change {file.path.as_posix()}")
    left = sum(file.has_errors for file in files)
    errors = f", {left} with syntax errors left as {'it is' if left == 1 else 'they are'}" if left else ""
    unchanged = len(files) - len(changed) - left
    click.echo(f"{_count(len(changed))} {done}, {unchanged} unchanged{errors}", err=diff)


def _count(number: int) -> str:
    return f"{number} file{'' if number == 1 else 's'}"


def _difference(file: _Formatted) -> str:
    from difflib import unified_diff

    shown = file.path.as_posix()
    before, after = (_LINE.findall(content.decode("utf-8")) for content in (file.before, file.after))
    lines = unified_diff(before, after, shown, f"{shown} (formatted)")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _print_json(files: Sequence[_Formatted], sources: Sources, sink: Sink) -> None:
    import json

    from driftlang.diagnostics.json_report import render_json

    report = json.loads(render_json(sink.found, sources))
    report["files"] = [
        {
            "path": file.path.as_posix(),
            "state": "left" if file.has_errors else "changed" if file.is_changed else "unchanged",
        }
        for file in files
    ]
    click.echo(json.dumps(report, indent=2, ensure_ascii=False, sort_keys=True))
