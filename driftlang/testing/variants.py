"""Strategies of variants: an experiment written otherwise, and what must stay as it is.

In: an experiment. Out: `Variant`s.
Refuses to do: changes after which nothing could be compared.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from attrs import evolve, field, frozen
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.vocabulary import BLOCKS, DECLARATIONS, DIRECTIVES
from driftlang.syntax.format import format_text
from driftlang.testing.experiment import Experiment, is_valid, valid_experiment
from driftlang.testing.pieces import Piece, pieces_of, tokens_of

#: What a variant must keep: the program (the same ast), the cells, or their skeleton (who speaks when, but not what).
PROGRAM, CELLS, SKELETON = "program", "cells", "skeleton"
#: Blocks in which entries of different words may change places.
_FREE_BLOCKS = frozenset(
    {
        "",
        "conflict",
        "constraint",
        "pattern",
        "rubric",
        "rule",
        "pressure",
        "schedule",
        "scenario",
        "study",
        "tasks",
        "prompt",
    }
)
#: Entries that stay where they are.
_FIXED = frozenset({"drift", "import", "about", "allow"})
#: Declarations whose names are nowhere but in the file.
_RENAMED = ("pattern", "rubric", "prompt", "placebo", "conflict", "schedule", "session", "rule")
_WORDS = frozenset(
    {*DECLARATIONS, *DIRECTIVES, *(shape.word for block in BLOCKS.values() for shape in block.shapes)}
    | {word for block in BLOCKS.values() for shape in block.shapes for word in re.findall(r"[a-z_]+", shape.usage)}
)
_OTHER_SUFFIX = {"py": "rb", "js": "ts", "ts": "js", "go": "rs", "rs": "go", "sh": "py"}


@frozen
class Variant:
    """An experiment written otherwise.

    Attributes:
        original: as it was.
        experiment: as it is.
        keeps: what must be equal: `program`, `cells` or `skeleton`.
        change: what was done.
    """

    original: Experiment = field(repr=False)
    experiment: Experiment
    keeps: str
    change: str


def variants(of: "Path | str | Experiment | None" = None) -> SearchStrategy[Variant]:
    """The experiment with other white space, layout, comments, names, wording, order or language of targets.

    Args:
        of: the experiment, or the path of one; generated ones where it is left out.

    >>> from hypothesis import given, settings
    >>> from driftlang import testing
    >>> @settings(max_examples=20, database=None, deadline=None)
    ... @given(testing.variants("scenarios/hello.drift"))
    ... def test_variants(variant):
    ...     testing.a_variant_keeps_what_it_must(variant)
    ...     testing.arms_differ_only_in_injected_text(variant)
    >>> test_variants()
    """
    if of is None:
        from driftlang.testing.scenario_strategies import scenarios

        return scenarios().flatmap(_varied)
    return _varied(valid_experiment(of))


@st.composite
def _varied(draw: DrawFn, experiment: Experiment) -> Variant:
    change = draw(st.sampled_from(list(_KINDS)))
    keeps, vary = _KINDS[change]
    made = evolve(experiment, text=draw(vary(experiment.text)), origin=change)
    # New words may fall foul of a rule of the design, and another language may lack a place; nothing else may.
    assume(keeps != SKELETON or is_valid(made))
    return Variant(experiment, made, keeps, change)


@st.composite
def _white_space(draw: DrawFn, text: str) -> str:
    """Blank lines above entries, and blanks behind them."""
    put = []
    for piece in draw(_some(pieces_of(text))):
        put.append((piece.start, "\n"))
        if not text[: piece.end].rstrip().endswith('"""'):
            put.append((piece.end - text[: piece.end].endswith("\n"), "  "))
    return _with(text, put)


def _with(text: str, put: list[tuple[int, str]]) -> str:
    """The text with others put in at offsets."""
    for offset, other in sorted(put, reverse=True):
        text = text[:offset] + other + text[offset:]
    return text


@st.composite
def _indentation(draw: DrawFn, text: str) -> str:
    """Lines of entries deeper or not at all; the lines of a long text stay."""
    inner = {n for one in tokens_of(text) if "\n" in one.group().strip("\n") for n in _lines_within(text, one)}
    by = draw(st.sampled_from(["", "    ", "\t"]))
    lines = text.split("\n")
    return "\n".join(
        line if number in inner else by + line.lstrip(" ") if line.strip() else line
        for number, line in enumerate(lines)
    )


def _lines_within(text: str, token: re.Match[str]) -> range:
    return range(text.count("\n", 0, token.start()) + 1, text.count("\n", 0, token.end()) + 1)


def _layout(text: str) -> SearchStrategy[str]:
    return st.just(format_text(text, 0, Sink()))


def _line_ends(text: str) -> SearchStrategy[str]:
    return st.just(text.replace("\r\n", "\n").replace("\n", "\r\n"))


@st.composite
def _comments(draw: DrawFn, text: str) -> str:
    return _with(text, [(piece.start, '# Mind { this } """\n\n') for piece in draw(_some(pieces_of(text)))])


@st.composite
def _order(draw: DrawFn, text: str) -> str:
    """Two neighbours of different words in a block change places."""
    blocks: dict[tuple[int, int], list[Piece]] = {}
    for piece in pieces_of(text):
        if piece.owner in _FREE_BLOCKS and piece.word not in _FIXED:
            blocks.setdefault((piece.depth, piece.block), []).append(piece)
    pairs = [(one, other) for of in blocks.values() for one, other in pairwise(of) if one.word != other.word]
    if not pairs:
        return text
    one, other = draw(st.sampled_from(pairs))
    if one.end > other.start or not text[: other.end].endswith("\n"):
        return text
    between = text[one.end : other.start]
    return text[: one.start] + text[other.start : other.end] + between + text[one.start : one.end] + text[other.end :]


@st.composite
def _names(draw: DrawFn, text: str) -> str:
    """A name that is declared in the file becomes another one."""
    tokens = tokens_of(text)
    names = [one for one in tokens if one.lastgroup == "NAME"]
    declared = {
        following.group()
        for one, following in pairwise(names)
        if one.group() in _RENAMED and text.rfind("\n", 0, one.start()) + 1 == one.start()
    }
    # A name that is a level as well names cells, and one of another thing may not change with it.
    taken = [r"\[[^\]]*\b{}\b", r"\b(step|let|message|label|vary|probe|value)\s+{}\b"]
    counted = [
        name for name in declared if name not in _WORDS and not any(re.search(one.format(name), text) for one in taken)
    ]
    if not counted:
        return text
    name = draw(st.sampled_from(sorted(counted)))
    for one in reversed([one for one in names if one.group() == name]):
        text = text[: one.start()] + f"{name}_renamed" + text[one.end() :]
    return text


@st.composite
def _wording(draw: DrawFn, text: str) -> str:
    """What users ask gets another sentence."""
    asks = [
        one
        for one in re.finditer(r'^\s*ask\s+"[^"\n]*(?=")', text, re.MULTILINE)
        if not one.group().endswith(('"', "\\"))
    ]
    if not asks:
        return text
    one = draw(st.sampled_from(asks))
    return text[: one.end()] + " Please." + text[one.end() :]


@st.composite
def _language(draw: DrawFn, text: str) -> str:
    """Files of another language, whose comments are written otherwise."""
    suffixes = [suffix for suffix in _OTHER_SUFFIX if re.search(rf'\.{suffix}"', text)]
    if not suffixes:
        return text
    suffix = draw(st.sampled_from(suffixes))
    return re.sub(rf'\.{suffix}"', f'.{_OTHER_SUFFIX[suffix]}"', text)


def _some(pieces: list[Piece]) -> SearchStrategy[list[Piece]]:
    """A few of the pieces, in their order."""
    if not pieces:
        return st.just([])
    chosen = st.lists(st.integers(0, len(pieces) - 1), min_size=1, max_size=4, unique=True)
    return chosen.map(lambda places: [pieces[place] for place in sorted(places)])


_KINDS: dict[str, tuple[str, Callable[[str], SearchStrategy[str]]]] = {
    "white space": (PROGRAM, _white_space),
    "indentation": (PROGRAM, _indentation),
    "layout": (PROGRAM, _layout),
    "line ends": (PROGRAM, _line_ends),
    "comments": (PROGRAM, _comments),
    "order": (CELLS, _order),
    "names": (CELLS, _names),
    "wording": (SKELETON, _wording),
    "language": (SKELETON, _language),
}
