"""`about { ... }` and `allow ID "reason"`: what a file says about itself, and which findings its author accepts.

In: the asts of a compilation. Out: `About` and `Allowance`s.
Refuses to do: leaving findings out; the sink does that, once it knows the allowances (see `Sink.accept`).
"""

from collections.abc import Iterable, Iterator

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.suggest import did_you_mean
from driftlang.model.about import About, Allowance
from driftlang.model.fields import Fields
from driftlang.model.read_evidence import read_glob
from driftlang.model.row import Row
from driftlang.model.vocabulary import ABOUT, DIRECTIVES
from driftlang.model.wording import plain_text
from driftlang.source import Span
from driftlang.syntax.ast import Block, Entry, File, Quoted, Sign, Word

_ALLOW = 'allow DIAGNOSTIC-ID at "path" "reason"'


def read_about(tree: File, sink: Sink) -> tuple[About, ...]:
    """What the file says about itself: nothing, or one."""
    entries = [entry for entry in tree.body.entries if entry.word.text == "about"]
    for entry in entries[1:]:
        sink.error("doubled-entry", "a file has one `about`, this is another", entry.span, help="put them together")
    return tuple(_about(entry, sink) for entry in entries[:1])


def _about(entry: Entry, sink: Sink) -> About:
    row = Row(entry, DIRECTIVES["about"], sink)
    row.end_of_items()
    if not row.failed and not entry.block.is_there:
        row.fail("`{` and what the file says about itself")
    fields = Fields(entry.block, entry.span, ABOUT, sink)
    said = {word: tuple(_texts(fields, word, sink)) for word in ABOUT.words}
    one = {word: "".join(texts[:1]) for word, texts in said.items()}
    return About(one["title"], said["author"], said["cite"], one["licence"], one["version"], one["canary"], entry.span)


def _texts(fields: Fields, word: str, sink: Sink) -> Iterator[str]:
    for _, row in fields.rows(word):
        text = row.take(Quoted)
        row.end()
        if text is not None:
            yield plain_text(text, sink, f"`{word}`")


def read_allowances(trees: Iterable[File], sink: Sink) -> tuple[Allowance, ...]:
    """Every `allow` of the files, in any block."""
    found: list[Allowance] = []
    for tree in trees:
        span = tree.body.span
        found += _within(tree.body, Span(span.file, 0, max(span.end, 1 << 40)), sink)
    return tuple(found)


def _within(block: Block, owner: Span, sink: Sink) -> Iterator[Allowance]:
    for entry in block.entries:
        if entry.word.text == "allow":
            allowance = _allowance(entry, owner, sink)
            if allowance is not None:
                yield allowance
        elif entry.block.is_there:
            yield from _within(entry.block, entry.span.to(entry.block.span), sink)


def _allowance(entry: Entry, owner: Span, sink: Sink) -> Allowance | None:
    row = Row(entry, _ALLOW, sink)
    words = _id(row)
    if words is None:
        return None
    name = "".join(word.text for word in words)
    if not _is_known(name, words[0].span.to(words[-1].span), sink):
        return None
    path = row.take(Quoted, "a path or glob, as a text") if row.keyword("at") else None
    reason = row.take(Quoted, "the reason, as a text")
    row.end()
    if reason is None or row.failed:
        return None
    text = plain_text(reason, sink, "a reason")
    if not text.strip():
        sink.error("wrong-argument", "the reason is empty", reason.span, help="say why the finding is accepted")
        return None
    return Allowance(name, read_glob(path, sink) if path else "", text, owner, entry.span)


def _id(row: Row) -> list[Word | Sign] | None:
    """The words of an id and the `-` between them."""
    first = row.take(Word, "the id of a diagnostic")
    if first is None:
        return None
    words: list[Word | Sign] = [first]
    item = row.peek()
    while isinstance(item, Sign) and item.text == "-" and row.keyword("-"):
        following = row.take(Word, "the rest of the id")
        if following is None:
            return None
        words += [item, following]
        item = row.peek()
    return words


def _is_known(name: str, span: Span, sink: Sink) -> bool:
    """Whether the id is one that can be accepted; if not, says so."""
    from driftlang.diagnostics.catalogue import ACCEPTABLE, CATALOGUE

    if name in ACCEPTABLE:
        return True
    if name in CATALOGUE:
        sink.error(
            "unknown-word",
            f"`{name}` cannot be accepted, it has to be mended",
            span,
            help=f"`driftlang explain {name}` says how",
        )
    else:
        near = did_you_mean(name, ACCEPTABLE)
        known = ", ".join(f"`{one}`" for one in sorted(ACCEPTABLE))
        sink.error("unknown-word", f"there is no diagnostic `{name}`{near}", span, help=f"name one of {known}")
    return False
