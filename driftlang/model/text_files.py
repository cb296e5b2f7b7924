"""Text files that a declaration names: what lies beside the file it stands in.

In: a path as the author wrote it. Out: the file's text, whose bytes count into the digest of the sources; or a
diagnostic.
Refuses to do: leaving the folder of the `.drift` file, by `..` or by a link, and files larger than `LARGEST_FILE`.
"""

from pathlib import Path

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import LARGEST_FILE
from driftlang.model.paths import check_path_beside
from driftlang.model.resolver import Resolver
from driftlang.model.wording import plain_text
from driftlang.source import Span
from driftlang.syntax.ast import Quoted


def read_text_beside(resolver: Resolver, said: Quoted) -> str | None:
    """The text of the file that `said` names, never an empty one; None where it cannot be had, which was said."""
    sink = resolver.sink
    name = plain_text(said, sink, "a path")
    path = find_beside(resolver.unit_of(said.span).folder, name, said.span, sink)
    if path is None:
        return None
    content = _read(path, name, said.span, sink)
    if content is None:
        return None
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        _report(f"`{name}` is not UTF-8: line {line} has the byte 0x{content[wrong.start]:02x}", said.span, sink)
        return None
    if not text.strip():
        _report(f"`{name}` holds no text", said.span, sink)
        return None
    resolver.extra[f"{said.span.file} {name}"] = content
    return text


def find_beside(folder: Path, name: str, span: Span, sink: Sink) -> Path | None:
    """What `name` leads to in or below `folder`; None where it is not there or leads out, which has been said."""
    if not check_path_beside(name, span, sink):
        return None
    path = folder / name
    try:
        real = path.resolve()
        is_there = real.exists()
    except (OSError, RuntimeError, ValueError):
        is_there = False
    if not is_there:
        sink.error(
            "missing-file",
            f"there is no `{name}`",
            span,
            help="paths are relative to the file they stand in",
        )
        return None
    if not real.is_relative_to(folder.resolve()):
        sink.error(
            "unsafe-link",
            f"`{name}` leaves the folder of this file",
            span,
            help="put a copy of what it leads to in its place",
        )
        return None
    return real


def _read(path: Path, name: str, span: Span, sink: Sink) -> bytes | None:
    try:
        if not path.is_file():
            _report(f"`{name}` is no regular file", span, sink)
            return None
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as trouble:
        _report(f"cannot read `{name}`: {(trouble.strerror or str(trouble)).lower()}", span, sink)
        return None
    if len(content) > LARGEST_FILE:
        _report(f"`{name}` is larger than {LARGEST_FILE // 1024 // 1024} MiB, the most that is read", span, sink)
        return None
    return content


def _report(message: str, span: Span, sink: Sink) -> None:
    sink.error("unreadable-file", message, span, help="give a file with text in UTF-8, of at most 16 MiB")
