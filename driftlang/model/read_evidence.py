"""Declarations of evidence → forms: patterns and rubrics.

In: a declaration. Out: its form, or None where a needed part is missing or broken, which has been said then.
Refuses to do: reading an expression; see `read_regex.py`.
"""

from attrs import evolve

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.suggest import did_you_mean
from driftlang.model.bounds import LONGEST_EXPRESSIONS, MOST_BRACES_DEEP, MOST_EXPRESSIONS
from driftlang.model.fields import Fields
from driftlang.model.forms import (
    PATHLESS_SURFACES,
    SURFACES,
    Copies,
    Globs,
    Pattern,
    PatternExample,
    Regex,
    Rubric,
    RubricExample,
    RubricLabel,
)
from driftlang.model.globs import depth_of_braces, is_balanced
from driftlang.model.paths import check_path
from driftlang.model.read_conflicts import report_doubled
from driftlang.model.read_regex import read_regex
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.row import Row
from driftlang.model.texts import Text
from driftlang.model.vocabulary import PATTERN, RUBRIC
from driftlang.model.wording import plain_text, text_of
from driftlang.source import Span
from driftlang.syntax.ast import Hole, Percent, Quoted, Slashed, Word

_SHOWN = ("diff", "commands", "reply")


def read_pattern(resolver: Resolver, declared: Declared) -> Pattern | None:
    """A pattern."""
    fields = declared.fields(PATTERN)
    surface, globs = _read_surface(resolver, fields.row("on"), declared.span)
    match = _read_regexes(resolver, fields, "match")
    unless = _read_regexes(resolver, fields, "unless")
    at_least = 1
    at_row = fields.row("at")
    if at_row is not None:
        at_row.expect("least")
        at_least = at_row.whole()
        at_row.end()
    hits = _read_examples(resolver, fields, "hit")
    misses = _read_examples(resolver, fields, "miss")
    copies = _read_copies(resolver, fields)
    if not surface:
        return None
    if not match and not copies:
        if not fields.is_damaged:
            _report_empty(resolver, fields, declared.span)
        return None
    return Pattern(
        declared.name, surface, globs, match, unless, at_least, hits, misses, declared.doc, declared.span, copies
    )


def _report_empty(resolver: Resolver, fields: Fields, span: Span) -> None:
    """Say that a pattern matches nothing, unless what was meant to match has been spoken of."""
    if fields.entry("match") is None and fields.entry("copies") is None and not fields.is_misspelt("match", "copies"):
        resolver.sink.error(
            "missing-entry",
            "a pattern needs `match` or `copies`, this one has neither",
            span,
            help='add `match /regex/`, or `copies "GLOB" at least 40%`',
        )


def _read_copies(resolver: Resolver, fields: Fields) -> tuple[Copies, ...]:
    """`copies "GLOB", "GLOB" at least 40%`."""
    found: list[Copies] = []
    for entry, row in fields.rows("copies"):
        globs = row.listed(Quoted, "a glob")
        row.expect("at", "least")
        share = row.take(Percent, "a share such as `40%`")
        if share is not None and not 0 < share.fraction <= 1:
            row.fail("a share above `0%`, at most `100%`", share)
        row.end()
        if share is not None and not row.failed:
            include = tuple(read_glob(text, resolver.sink) for text in globs)
            found.append(Copies(Globs(include, (), entry.span), float(share.fraction), entry.span))
    return tuple(found)


def _read_surface(resolver: Resolver, row: Row | None, span: Span) -> tuple[str, Globs]:
    nowhere = Globs((), (), span)
    if row is None:
        return "", nowhere
    words: list[Word] = []
    is_of = False
    while row.has(Word) and not is_of:
        is_of = row.keyword("of")
        word = None if is_of else row.take(Word)
        words.extend([word] if word else [])
    said = " ".join(word.text for word in words)
    if not words:
        row.fail("a surface, such as `added code`")
        return "", nowhere
    at = words[0].span.to(words[-1].span)
    if said not in SURFACES:
        resolver.sink.error(
            "unknown-word",
            f"`{said}` is no surface{did_you_mean(said, SURFACES)}",
            at,
            help=f"the surfaces are {', '.join(f'`{surface}`' for surface in SURFACES)}",
        )
        return "", nowhere
    if said in PATHLESS_SURFACES:
        row.end()
        return said, nowhere
    if not is_of:
        row.fail("`of` and a glob")
    return said, _read_globs(resolver, row, at)


def _read_globs(resolver: Resolver, row: Row, span: Span) -> Globs:
    """`"GLOB", "GLOB" except "GLOB"`, behind `of`."""
    include = row.listed(Quoted, "`of` and a glob")
    exclude = row.listed(Quoted, "a glob") if row.keyword("except") else []
    row.end()
    return Globs(
        tuple(read_glob(text, resolver.sink) for text in include),
        tuple(read_glob(text, resolver.sink) for text in exclude),
        span,
    )


def read_glob(text: Quoted, sink: Sink) -> str:
    """A glob, with its braces in pairs; where it is broken, one that matches no path."""
    glob = plain_text(text, sink, "a glob")
    if depth_of_braces(glob) > MOST_BRACES_DEEP:
        depth = depth_of_braces(glob)
        message = f"the glob has braces {depth:,} deep, at most {MOST_BRACES_DEEP} are read"
        sink.error("bad-path", message, text.span, help="write several globs with commas between")
        return ""
    if not is_balanced(glob):
        sink.error(
            "bad-path", f"the braces of the glob `{glob}` are not in pairs", text.span, help="write `{a,b}` for either"
        )
        return ""
    return glob if check_path(glob, text.span, sink, is_glob=True) else ""


def _read_regexes(resolver: Resolver, fields: Fields, word: str) -> tuple[Regex, ...]:
    found: list[Slashed] = []
    for _, row in fields.rows(word):
        found += row.listed(Slashed, "a pattern between slashes")
        row.end()
    length = sum(len(slashed.source) for slashed in found)
    too_much = ""
    if len(found) > MOST_EXPRESSIONS:
        too_much = f"{len(found):,} expressions behind `{word}`, at most {MOST_EXPRESSIONS:,} are compiled"
    elif length > LONGEST_EXPRESSIONS:
        too_much = f"{length:,} characters of expressions behind `{word}`, at most {LONGEST_EXPRESSIONS:,} are compiled"
    if too_much:
        message = f"the pattern cannot be used: it has {too_much}"
        resolver.sink.error("unsafe-pattern", message, found[-1].span, help="declare several patterns")
        return ()
    return tuple(read_regex(slashed, resolver.sink) for slashed in found)


def _read_examples(resolver: Resolver, fields: Fields, word: str) -> tuple[PatternExample, ...]:
    found: list[PatternExample] = []
    for entry, row in fields.rows(word):
        path = ""
        if row.keyword("file"):
            path_text = row.take(Quoted, "the file's path")
            path = plain_text(path_text, resolver.sink, "a path") if path_text else ""
            if path_text:
                check_path(path, path_text.span, resolver.sink)
        text = row.take(Quoted)
        row.end()
        if text is not None:
            found.append(PatternExample(path, plain_text(text, resolver.sink, f"a `{word}`"), entry.span))
    return tuple(found)


def read_rubric(resolver: Resolver, declared: Declared) -> Rubric | None:
    """A rubric."""
    fields = declared.fields(RUBRIC)
    ask_row = fields.row("ask")
    ask = ask_row.say() if ask_row else None
    if ask_row:
        ask_row.end()
    labels: dict[str, RubricLabel] = {}
    places: dict[str, Span] = {}
    for entry, row in fields.rows("label"):
        name = row.take(Word, "the label's name")
        text = row.take(Quoted)
        row.end()
        if name is None or text is None:
            continue
        if name.text in labels:
            report_doubled(resolver, "label", name, places[name.text])
            continue
        labels[name.text] = RubricLabel(name.text, _plain(resolver, text))
        places[name.text] = entry.span
    shows = _read_shows(fields)
    examples = _read_rubric_examples(resolver, fields, tuple(labels))
    if ask is None:
        return None
    return Rubric(
        declared.name,
        _plain(resolver, ask),
        shows,
        tuple(labels.values()),
        examples,
        declared.doc,
        declared.span,
    )


def _read_shows(fields: Fields) -> tuple[str, ...]:
    row = fields.row("shows")
    if row is None:
        return _SHOWN
    words = row.listed(Word)
    row.end()
    return tuple(
        word.text
        for word in words
        if row.known(word.text, word.span, _SHOWN, "part of a step that a judge can be shown")
    )


def _read_rubric_examples(resolver: Resolver, fields: Fields, labels: tuple[str, ...]) -> tuple[RubricExample, ...]:
    found: list[RubricExample] = []
    for entry, row in fields.rows("example"):
        label = row.choice(labels, "label of the rubric") if labels else ""
        text = row.take(Quoted)
        constraint = row.take(Word, "a constraint") if row.keyword("for") else None
        row.end()
        # A rubric names constraints, which name it: so the name is looked up, the constraint is not made.
        if constraint is not None and not resolver.names(constraint, "constraint"):
            continue
        if text is not None and label:
            name = constraint.text if constraint else ""
            found.append(RubricExample(label, _plain(resolver, text), name, entry.span))
    return tuple(found)


def _plain(resolver: Resolver, text: Quoted) -> Text:
    """The text of a rubric, where `{{ constraint }}` stands for the constraint that is judged, and nothing else."""
    others = tuple(part for part in text.parts if not isinstance(part, Hole) or part.name != "constraint")
    plain_text(evolve(text, parts=others), resolver.sink, "a rubric")
    return text_of(text)
