"""Declarations of repositories → forms: commits with their files.

In: a declaration. Out: `Repo`, with the bytes of every file; what `from` brings in is read here.
Refuses to do: rendering a file, and writing anything; leaving the folder of the source file, by `..` or by a link.
"""

import re
from pathlib import Path

from driftlang.diagnostics.diagnostic import Label
from driftlang.model.brought_files import BroughtFiles
from driftlang.model.fields import Fields
from driftlang.model.forms import Commit, Repo, RepoFile
from driftlang.model.languages import check_language
from driftlang.model.paths import check_path, check_path_beside, find_twin
from driftlang.model.read_evidence import read_glob
from driftlang.model.read_tools import Tools
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.row import Row
from driftlang.model.text_files import find_beside
from driftlang.model.vocabulary import COMMIT, REPO
from driftlang.model.wording import plain_text
from driftlang.syntax.ast import Day, Entry, Quoted, Word

_AUTHOR = r"([^<>\n]*[^<>\s]) <([^<>@\s]+@[^<>@\s]+)>"


def read_repo(resolver: Resolver, declared: Declared) -> Repo | None:
    """A repository; None where a commit of it is broken, which has been said then."""
    fields = declared.fields(REPO)
    language_row = fields.row("language")
    language = language_row.take(Word, "a language") if language_row else None
    if language_row:
        language_row.end()
    if language is not None:
        check_language(language, resolver.sink)
    tools = Tools(resolver.sink)
    programs, uses = tools.programs(fields), tools.uses(fields)
    network = fields.choice("network", ("none",), "network", "")
    history = _read_history(resolver, fields)
    commits = [_read_commit(resolver, entry, row) for entry, row in fields.rows("commit")]
    made = tuple(commit for commit in commits if commit is not None)
    _require_commit(resolver, declared, fields)
    if language is None or len(made) < len(commits) or history is None or not (*history, *made):
        return None
    repo = Repo(declared.name, language.text, (*history, *made), declared.doc, declared.span, programs, uses, network)
    return repo if _has_no_twins(resolver, repo) else None


def _has_no_twins(resolver: Resolver, repo: Repo) -> bool:
    """Whether the files at HEAD have paths that every file system tells apart."""
    twins = find_twin(repo.files)
    if twins is None:
        return True
    one, other = twins
    file = next(file for path, file in repo.files.items() if path == other or path.startswith(f"{other}/"))
    resolver.sink.error(
        "bad-path",
        f"`{one}` and `{other}` are one path where letter case or the form of accents does not count",
        file.span,
        help="rename one of the two",
    )
    return False


def _require_commit(resolver: Resolver, declared: Declared, fields: Fields) -> None:
    """A repository has a commit, its own or one of a history."""
    is_there = fields.entry("commit") or fields.entry("history") or fields.is_misspelt("commit", "history")
    if not is_there and not fields.is_damaged:
        resolver.sink.error(
            "missing-entry",
            "a repo needs `commit` or `history`, which this one does not have",
            declared.span,
            help='add `commit "message" by "Name <name@host.example>" on 2025-03-03 { ... }`',
        )


def _read_history(resolver: Resolver, fields: Fields) -> tuple[Commit, ...] | None:
    """The commits that `history` brings in; None where they cannot be had, which has been said then."""
    row = fields.row("history")
    if row is None:
        return ()
    row.expect("from")
    said = row.take(Quoted, "a clone's folder or a bundle, as a text")
    row.expect("at")
    commit = row.take(Quoted, "the id of a commit, as a text")
    row.end()
    if said is None or commit is None or row.failed:
        return None
    # Only who imports a history pays for what starts git.
    from driftlang.model.read_history import read_history

    sink = resolver.sink
    name, at = plain_text(said, sink, "a path"), plain_text(commit, sink, "an id")
    source = find_beside(resolver.unit_of(said.span).folder, name, said.span, sink)
    if source is None:
        return None
    found = read_history(source, name, at, said.span.to(commit.span), sink)
    # Every object was compared with the id by which it was reached, from this one on: it stands for all their bytes.
    resolver.extra[f"{said.span.file} {name} at {at}"] = at.encode()
    return found or None


def _read_commit(resolver: Resolver, entry: Entry, row: Row) -> Commit | None:
    message = row.take(Quoted, "the commit's message")
    row.expect("by")
    author = row.take(Quoted, "the author")
    row.expect("on")
    day = row.take(Day, "a date")
    row.end_of_items()
    if not row.failed and not entry.block.is_there:
        row.fail("`{` and the files of the commit")
    files = _Files(resolver)
    files.read(Fields(entry.block, entry.span, COMMIT, resolver.sink))
    if message is None or author is None or day is None or row.failed:
        return None
    said = plain_text(author, resolver.sink, "an author")
    found = re.fullmatch(_AUTHOR, said)
    if not found:
        resolver.sink.error(
            "wrong-argument",
            f"`{said}` is no author",
            author.span,
            help='write `"Name <name@host.example>"`',
        )
        return None
    text = plain_text(message, resolver.sink, "a commit's message")
    return Commit(text, found[1], found[2], day.day, files.in_order(), entry.span)


def _lack(folder: Path) -> str:
    """What keeps a path from being a folder; empty where it is one."""
    try:
        if folder.is_dir():
            return ""
        return "is a file" if folder.exists() else "does not exist"
    except OSError:  # a name that no file system takes, such as one of 5,000 letters
        return "does not exist"


class _Files:
    """The files of one commit; what the author wrote out stands over what a folder brought in."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._sink = resolver.sink
        self._brought: dict[str, RepoFile] = {}
        self._written: dict[str, RepoFile] = {}

    def in_order(self) -> tuple[RepoFile, ...]:
        """All files, by path."""
        files = self._brought | self._written
        return tuple(files[path] for path in sorted(files))

    def read(self, fields: Fields) -> None:
        """Every entry of the commit's block."""
        for entry, row in fields.in_order():
            if entry.word.text == "from":
                self._read_from(row)
            else:
                self._read_file(entry, row)

    def _read_file(self, entry: Entry, row: Row) -> None:
        path_text = row.take(Quoted, "the file's path")
        is_executable = row.keyword("executable")
        text = row.take(Quoted, "the file's text")
        row.end()
        if path_text is None or text is None:
            return
        path = plain_text(path_text, self._sink, "a path")
        content = plain_text(text, self._sink, "a file of a repository")
        if not check_path(path, path_text.span, self._sink):
            return
        if path in self._written:
            self._sink.error(
                "doubled-entry",
                f"the file `{path}` is given twice in this commit",
                path_text.span,
                help="remove one of the two",
                labels=(Label(self._written[path].span, "given here first"),),
            )
            return
        self._written[path] = RepoFile(path, content.encode(), is_executable, entry.span)

    def _read_from(self, row: Row) -> None:
        said = row.take(Quoted, "a folder")
        exclude = [read_glob(text, self._sink) for text in row.listed(Quoted)] if row.keyword("except") else []
        row.end()
        if said is None:
            return
        name = plain_text(said, self._sink, "a path")
        if name not in {".", "./"} and not check_path_beside(name.removeprefix("./"), said.span, self._sink):
            return
        base = self._resolver.unit_of(said.span).folder
        folder = base / name
        if lack := _lack(folder):
            self._sink.error(
                "missing-folder",
                f"the folder `{name}` {lack}",
                said.span,
                help="paths are relative to the file they stand in; a single file is given by `file`",
            )
            return
        if not folder.resolve().is_relative_to(base.resolve()):
            self._sink.error(
                "unsafe-link",
                f"the folder `{name}` leaves the folder of this file",
                said.span,
                help="put a copy of what it leads to in its place",
            )
            return
        found = BroughtFiles(folder, name, exclude, said.span, self._sink).read()
        if found == []:
            self._sink.error(
                "missing-folder", f"the folder `{name}` brings in no file", said.span, help="put files in it"
            )
        for file in found or ():
            self._brought[file.path] = file
            mode = " executable" if file.is_executable else ""
            self._resolver.extra[f"{said.span.file} {name.rstrip('/')}/{file.path}{mode}"] = file.content
