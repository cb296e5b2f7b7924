"""Source files as units: read, parsed, with what they import.

In: the path of a file. Out: a `Unit` for it and for each file that it reaches by imports.
Refuses to do: files that are larger than `LARGEST`, that are not text in UTF-8, and cycles of imports. For the file
that the user named, this is a `Failure`; for an imported one, a diagnostic at the import.
"""

import os
from pathlib import Path

from attrs import field, frozen

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.diagnostics.suggest import closest, did_you_mean
from driftlang.model.bounds import LARGEST_SOURCES, MOST_SOURCES
from driftlang.model.declarations import Declaration, declare
from driftlang.model.library import library_folder
from driftlang.model.packages import PACKAGE, find_in_package, why_missing
from driftlang.model.row import Row
from driftlang.model.vocabulary import DIRECTIVES
from driftlang.source import Sources, Span
from driftlang.syntax.ast import Entry, File, Quoted, Word
from driftlang.syntax.read import read

#: Bytes of the largest file that is read.
LARGEST = 16 * 1024 * 1024
#: Bytes of a name that every file system takes.
_LONGEST_NAME = 255
#: Files that may import each other in a row.
LONGEST_CHAIN = 64


class TooManySources(Exception):  # noqa: N818 - what it says is a bound, not a failure
    """More source files than are read, or more bytes of them."""


@frozen(eq=False)
class Unit:
    """One source file.

    Attributes:
        path: as the user gave it, or as an import reached it.
        content: its bytes.
        declared: declarations of the file, by name.
        names: what the file may speak of: its declarations and what it imports, by name.
    """

    path: Path
    file: int
    content: bytes
    ast: File
    declared: dict[str, Declaration]
    names: dict[str, Declaration] = field(factory=dict)

    @property
    def folder(self) -> Path:
        """What paths in the file are relative to."""
        return self.path.parent


class Units:
    """All units of one compilation, in the order in which they were reached."""

    def __init__(self, sources: Sources, sink: Sink) -> None:
        self.units: list[Unit] = []
        self._sources = sources
        self._sink = sink
        self._done: dict[Path, Unit] = {}
        self._open: list[Path] = []

    def load(self, path: Path, content: bytes | None = None) -> Unit:
        """The unit of the file that the user named, or of `content` in its place.

        Raises:
            Failure: there is no such file, or it cannot be read as text.
        """
        return self._add(path, read_source(path) if content is None else content)

    def _add(self, path: Path, content: bytes) -> Unit:
        text = decode(path, content)
        real = path.resolve()
        file = self._sources.add(_shown(path), text)
        tree = read(text, file, self._sink)
        unit = Unit(path, file, content, tree, declare(tree, self._sink))
        self._done[real] = unit
        self.units.append(unit)
        unit.names.update(unit.declared)
        self._open.append(real)
        for entry in tree.body.entries:
            if entry.word.text == "import":
                self._import(unit, entry)
        self._open.pop()
        return unit

    def _import(self, unit: Unit, entry: Entry) -> None:
        row = Row(entry, DIRECTIVES["import"], self._sink)
        path = row.take(Quoted)
        names = row.listed(Word) if row.keyword(":") else []
        row.end()
        if path is None or row.failed:
            return
        imported = self._reach(unit, path)
        if imported is None:
            return
        if not names:
            for name, declaration in imported.declared.items():
                self._bring(unit, name, declaration, path.span)
        for word in names:
            declaration_there = imported.declared.get(word.text)
            if declaration_there is not None:
                self._bring(unit, word.text, declaration_there, word.span)
            elif not imported.ast.may_declare(word.text):
                self._report_unknown(word, imported, path)

    def _report_unknown(self, word: Word, imported: Unit, path: Quoted) -> None:
        near = closest(word.text, imported.declared)
        said = "".join(part for part in path.parts if isinstance(part, str))
        labels = (Label(imported.declared[near].name.span, f"`{near}` is declared here"),) if near else ()
        self._sink.error(
            "unknown-name",
            f"`{said}` declares no `{word.text}`{did_you_mean(word.text, imported.declared)}",
            word.span,
            help="import a name that the file declares",
            labels=labels,
        )

    def _bring(self, unit: Unit, name: str, declaration: Declaration, span: Span) -> None:
        there = unit.names.get(name)
        if there is not None and there is not declaration:
            self._sink.error(
                "doubled-name",
                f"`{name}` is imported, and declared here as well",
                span,
                help=f"rename one of the two, or leave `{name}` out of the import",
                labels=(Label(there.name.span, "also declared here"),),
            )
            return
        unit.names[name] = declaration

    def _reach(self, unit: Unit, said: Quoted) -> Unit | None:
        """The unit that an import names; None where it cannot be had, which has been said then."""
        text = "".join(part for part in said.parts if isinstance(part, str))
        path = self._find(unit, text)
        if path is None:
            self._report_missing(unit, text, said.span)
            return None
        real = path.resolve()
        if real in self._open:
            self._report_cycle(real, said.span)
            return None
        if real in self._done:
            return self._done[real]
        if len(self._open) >= LONGEST_CHAIN:
            self._sink.error(
                "too-deep",
                f"more than {LONGEST_CHAIN} files import each other in a row",
                said.span,
                help="import what is needed directly",
            )
            return None
        try:
            content = read_source(path)
            self._require_room(len(content))
            return self._add(path, content)
        except Failure as failure:
            self._sink.error("unreadable-import", failure.message, said.span, help=failure.help)
        except TooManySources as reason:
            self._sink.error("too-large", str(reason), said.span, help="import what is needed alone")
        return None

    def _require_room(self, size: int) -> None:
        """See that one more file of this size may be read."""
        total = size + sum(len(unit.content) for unit in self.units)
        if len(self.units) >= MOST_SOURCES:
            raise TooManySources(f"imports reach more than {MOST_SOURCES:,} files, the most that are read")
        if total > LARGEST_SOURCES:
            raise TooManySources(f"the files have {total:,} bytes with this one, {LARGEST_SOURCES:,} are the most")

    def _find(self, unit: Unit, text: str) -> Path | None:
        if not _could_be_path(text) or _is_absolute(text):
            return None
        if text.startswith(PACKAGE):
            return find_in_package(text)
        for folder in (unit.folder, library_folder()):
            candidate = Path(os.path.normpath(folder / text))
            if candidate.exists():
                return candidate
        return None

    def _report_missing(self, unit: Unit, text: str, span: Span) -> None:
        if _is_absolute(text):
            self._sink.error(
                "bad-path",
                f"the import `{text[:100]}` is absolute",
                span,
                help="write a path relative to this file, with `/` between its parts; `..` may lead to a folder above",
            )
            return
        if text.startswith(PACKAGE):
            message, advice = why_missing(text)
            self._sink.error("missing-import", message, span, help=advice)
            return
        near = ""
        for folder in (unit.folder, library_folder()):
            there = (folder / text).parent if _could_be_path(text) else folder
            if not near and there.is_dir():
                near = closest(Path(text).name, (file.name for file in there.glob("*.drift")))
        hint = f", did you mean `{(Path(text).parent / near).as_posix()}`?" if near else ""
        self._sink.error(
            "missing-import",
            f"there is no file `{text}`, neither beside this file nor in the shipped library{hint}",
            span,
            help="paths are relative to the file they stand in",
        )

    def _report_cycle(self, real: Path, span: Span) -> None:
        cycle = self._open[self._open.index(real) :]
        names = " → ".join(f"`{self._done[path].path.name}`" for path in (*cycle, real))
        self._sink.error(
            "cyclic-import",
            f"these files import each other in a circle: {names}",
            span,
            help="move what both need into a file that imports neither",
        )


def _shown(path: Path) -> str:
    """The path as messages show it: relative where the file is below the current folder."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _is_absolute(text: str) -> bool:
    """Whether a path begins at the root of a system or a drive, on whichever system it was written."""
    return text.startswith(("/", "\\")) or text[1:3] in (":/", ":\\")


def _could_be_path(text: str) -> bool:
    """Whether a file system would take a path, so that asking it is no error."""
    is_short = len(text) <= 1000 and all(len(os.fsencode(name)) <= _LONGEST_NAME for name in text.split("/"))
    return bool(text) and "\0" not in text and is_short


def read_source(path: Path) -> bytes:
    """The bytes of a source file.

    Raises:
        Failure: there is no such file, it is a folder or larger than `LARGEST`, or the system refuses it.
    """
    shown = path.as_posix()
    try:
        if path.is_dir():
            raise Failure(f"`{shown}` is a folder", help="give a `.drift` file in it", status=ExitStatus.MISUSE)
        if not path.exists():
            raise Failure(f"there is no file `{shown}`", help="check the path", status=ExitStatus.MISUSE)
        if not path.is_file():
            raise Failure(f"`{shown}` is no regular file", help="give a `.drift` file", status=ExitStatus.MISUSE)
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as trouble:
        reason = (getattr(trouble, "strerror", None) or str(trouble)).lower()
        raise Failure(f"cannot read `{shown}`: {reason}", help="check the path", status=ExitStatus.MISUSE) from trouble
    if len(content) > LARGEST:
        message = f"`{shown}` is larger than {LARGEST // 1024 // 1024} MiB, the most that a source file may have"
        raise Failure(message, help="split it by imports; bring in large files by `from`", status=ExitStatus.MISUSE)
    return content


def decode(path: Path, content: bytes) -> str:
    """The text of a source file, without a byte order mark.

    Raises:
        Failure: it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        # The codec does not count the byte order mark.
        offset = wrong.start + (3 if content.startswith(b"\xef\xbb\xbf") else 0)
        line = content.count(b"\n", 0, offset) + 1
        message = f"`{path.as_posix()}` is not UTF-8: byte {offset} (line {line}) is 0x{content[offset]:02x}"
        raise Failure(message, help="save the file as UTF-8", status=ExitStatus.MISUSE) from wrong
