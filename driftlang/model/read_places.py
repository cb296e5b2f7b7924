"""Places of schedules → forms: where the surroundings speak, and what is tried where that cannot be.

In: an entry of a schedule. Out: `Place`s, the first choice first; none where the entry is broken, which has been said.
Refuses to do: looking whether a place is there; that depends on the repository and on what the agent makes of it.
"""

from attrs import evolve

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import MOST_BRACES_DEEP
from driftlang.model.globs import depth_of_braces, is_balanced
from driftlang.model.paths import check_path_text
from driftlang.model.read_regex import read_regex
from driftlang.model.row import Row
from driftlang.model.schedules import AFTER, BEFORE, COMMIT, DOCSTRING, DOCUMENT, TOP, USER_TURN, Place
from driftlang.model.texts import Text
from driftlang.model.wording import text_of
from driftlang.source import Span
from driftlang.syntax.ast import Quoted, Slashed, Word

#: Words that a place begins with.
PLACE_WORDS = ("comment", "docstring", "document", "commit", "user")


def read_places(word: Word, row: Row, sink: Sink) -> tuple[Place, ...]:
    """The place that an entry begins with, and those behind each `else`."""
    first = _read_place(word.text, word.span, row, sink)
    places = [first] if first else []
    is_open = True
    while not row.failed and row.keyword("else"):
        at = row.peek()
        said = row.choice((*PLACE_WORDS, "nothing"), "place")
        if not is_open:
            row.fail("the end of the line: `else nothing` leaves nothing to try", at)
        elif said == "nothing":
            is_open = False
            places[-1:] = [evolve(place, may_be_nothing=True) for place in places[-1:]]
        elif said and at is not None:
            other = _read_place(said, at.span, row, sink)
            places += [other] if other else []
    row.end()
    return () if row.failed else tuple(places)


def _read_place(word: str, start: Span, row: Row, sink: Sink) -> Place | None:
    """The place behind its first word; nothing where it is broken."""
    place: Place | None
    if word == "comment":
        place = _read_comment(start, row, sink)
    elif word == "docstring":
        row.expect("of")
        symbol = _read_symbol(row)
        row.expect("in")
        place = Place(DOCSTRING, symbol, (), _read_files(row, sink), start)
    elif word == "document":
        path = row.take(Quoted, "the path of a document, as a text")
        files = (text_of(path),) if path else ()
        for text in files:
            check_path_text(text, sink)
        place = Place(DOCUMENT, (), (), files, start)
    elif word == "commit":
        row.expect("message")
        place = Place(COMMIT, (), (), (), start)
    else:
        row.expect("turn")
        place = Place(USER_TURN, (), (), (), start)
    return None if row.failed else place


def _read_comment(start: Span, row: Row, sink: Sink) -> Place:
    where = row.choice(("top", "before", "after"), "place of a comment")
    if where == "before":
        symbol = _read_symbol(row)
        row.expect("in")
        return Place(BEFORE, symbol, (), _read_files(row, sink), start)
    if where == "after":
        slashed = row.take(Slashed, "a pattern between slashes")
        row.expect("in")
        return Place(AFTER, (), (read_regex(slashed, sink),) if slashed else (), _read_files(row, sink), start)
    row.expect("of")
    return Place(TOP, (), (), _read_files(row, sink), start)


def _read_symbol(row: Row) -> tuple[Text, ...]:
    row.expect("symbol")
    name = row.take(Quoted, "the name of a definition, as a text")
    if name and not any(not isinstance(part, str) or part.strip() for part in name.parts):
        row.fail("the name of a definition, which is not empty", name)
    return (text_of(name),) if name else ()


def _read_files(row: Row, sink: Sink) -> tuple[Text, ...]:
    """`target`, or a glob."""
    if row.failed or row.keyword("target"):
        return ()
    glob = row.take(Quoted, "`target` or a glob")
    if glob is None:
        return ()
    text = text_of(glob)
    said = "".join(part for part in text.parts if isinstance(part, str))
    if depth_of_braces(said) > MOST_BRACES_DEEP:
        message = f"the glob has braces {depth_of_braces(said):,} deep, at most {MOST_BRACES_DEEP} are read"
        sink.error("bad-path", message, glob.span, help="name fewer files")
        row.failed = True
    elif not is_balanced(said):
        sink.error("bad-path", "the braces of the glob are not in pairs", glob.span, help="write `{a,b}` for either")
    else:
        check_path_text(text, sink, is_glob=True)
    return (text,)
