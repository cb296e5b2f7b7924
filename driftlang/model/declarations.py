"""Declarations: what the entries at the top of a file declare, by name.

In: the ast of a file. Out: its declarations; diagnostics for words that declare nothing and for names given twice.
Refuses to do: looking into them.
"""

from attrs import frozen

from driftlang import LANGUAGE_VERSION
from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.diagnostics.suggest import did_you_mean
from driftlang.model.bounds import LONGEST_NAME
from driftlang.model.paths import check_path
from driftlang.model.row import Row
from driftlang.model.vocabulary import DECLARATIONS, DIRECTIVES, NOUNS
from driftlang.source import Span
from driftlang.syntax.ast import Entry, File, Number, Word

#: Kinds of which a build makes folders and files with the declaration's name.
_NAMES_OF_FILES = frozenset({"study", "scenario", "rubric", "repo"})


@frozen(eq=False)
class Declaration:
    """Something with a name: its kind (a word of `DECLARATIONS`), its name, and the entry.

    `like` is the name of the declaration that it builds on, at most one.
    """

    kind: str
    name: Word
    entry: Entry
    like: tuple[Word, ...] = ()


def declare(tree: File, sink: Sink) -> dict[str, Declaration]:
    """The declarations of a file by name, in the order of the source."""
    found: dict[str, Declaration] = {}
    folded: dict[tuple[str, str], Word] = {}
    for position, entry in enumerate(tree.body.entries):
        word = entry.word
        if word.text == "drift":
            _check_version(entry, position, sink)
        elif word.text in {"import", "about", "allow"}:
            continue
        elif word.text not in DECLARATIONS:
            _report_unknown(word, sink)
        else:
            _keep(found, folded, entry, sink)
    return found


def require_version(tree: File, sink: Sink) -> None:
    """Say so where the file does not begin with the version of the language."""
    entries = tree.body.entries
    if any(entry.word.text == "drift" for entry in entries) or tree.may_declare("drift"):
        return
    what = "the file does not say its version" if entries or tree.body.is_damaged else "the file is empty"
    sink.error(
        "wrong-version",
        f"{what}, expected `drift {LANGUAGE_VERSION}` as its first line",
        Span(tree.body.span.file, 0, entries[0].word.span.end if entries and entries[0].word.span.start == 0 else 0),
        help=f"begin the file with `drift {LANGUAGE_VERSION}`",
    )


def _check_version(entry: Entry, position: int, sink: Sink) -> None:
    row = Row(entry, DIRECTIVES["drift"], sink)
    number = row.take(Number, f"the version of the language, {LANGUAGE_VERSION}")
    row.end()
    if number is not None and number.value != LANGUAGE_VERSION:
        sink.error(
            "wrong-version",
            f"this driftlang knows version {LANGUAGE_VERSION} of the language, the file says {number.value}",
            number.span,
            help=f"write `drift {LANGUAGE_VERSION}`, or install the driftlang that the file was written for",
        )
    if position:
        sink.error(
            "wrong-version",
            f"`drift {LANGUAGE_VERSION}` stands behind other entries, expected it first",
            entry.span,
            help="move it to the first line, once",
        )


def _report_unknown(word: Word, sink: Sink) -> None:
    words = (*DECLARATIONS, *DIRECTIVES)
    sink.error(
        "unknown-declaration",
        f"`{word.text}` declares nothing{did_you_mean(word.text, words)}",
        word.span,
        help=f"a file declares {', '.join(f'`{kind}`' for kind in DECLARATIONS)}",
    )


def _is_fit(kind: str, name: Word, folded: dict[tuple[str, str], Word], sink: Sink) -> bool:
    """Whether the name can be that of a folder or file, where a build makes one of it; if not, says so."""
    if kind not in _NAMES_OF_FILES:
        return True
    if not check_path(name.text, name.span, sink):
        return False
    twin = folded.setdefault((kind, name.text.lower()), name)
    if twin.text == name.text:
        return True
    sink.error(
        "doubled-name",
        f"`{name.text}` differs from `{twin.text}` in letter case alone, and both become names of files",
        name.span,
        help="rename one of the two",
        labels=(Label(twin.span, "declared here"),),
    )
    return False


def _keep(found: dict[str, Declaration], folded: dict[tuple[str, str], Word], entry: Entry, sink: Sink) -> None:
    kind = entry.word.text
    row = Row(entry, DECLARATIONS[kind], sink)
    name = row.take(Word, "a name")
    if name is None:
        return
    if not row.at_most(len(name.text), LONGEST_NAME, name.span, " characters") or not _is_fit(kind, name, folded, sink):
        return
    there = found.get(name.text)
    if there is not None:
        sink.error(
            "doubled-name",
            f"`{name.text}` is declared twice in this file",
            name.span,
            help="rename one of the two",
            labels=(Label(there.name.span, f"first declared here, as {NOUNS[there.kind]}"),),
        )
        return
    base: Word | None = None
    if kind not in {"value", "models"}:
        base = row.take(Word, f"the {kind} that this one builds on") if row.keyword("like") else None
        row.end_of_items()
        if not row.failed and not entry.block.is_there:
            row.fail(f"`{{` and the block of the {kind}")
    found[name.text] = Declaration(kind, name, entry, (base,) if base else ())
