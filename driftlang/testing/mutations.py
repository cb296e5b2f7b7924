"""Strategies of mistakes: what authors, merges and cut cables make of a file.

In: an experiment. Out: `Experiment`s that are wrong, most of them, in one to three ways.
Refuses to do: promising that a check finds something; a mistake in a comment is none.
"""

from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from driftlang.testing.experiment import Experiment, read_experiment
from driftlang.testing.pieces import pieces_of, tokens_of

_SIGNS = (
    '"',
    '"""',
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "/",
    "##",
    "#",
    ",",
    "{{",
    "}}",
    "\\",
    "$",
    "1..",
    "\n",
    "\r",
    "\0",
    "é",
    "-",
)
_NUMBERS = ("0", "1", "-1", "3..1", "40", "1.5", "100%", "0s", "30000000", "99999999999")


def mutations(of: "Path | str | Experiment | None" = None) -> SearchStrategy[Experiment]:
    """The experiment with mistakes of syntax (signs, cuts, doubled text) and of meaning (names, numbers, entries).

    Args:
        of: the experiment, or the path of one; generated ones where it is left out.

    >>> from hypothesis import given, settings
    >>> from driftlang import testing
    >>> @settings(max_examples=20, database=None, deadline=None)
    ... @given(testing.mutations("scenarios/hello.drift"))
    ... def test_no_crash(experiment):
    ...     testing.check_names_a_place(experiment)
    >>> test_no_crash()
    """
    if of is None:
        from driftlang.testing.scenario_strategies import scenarios

        return scenarios().flatmap(_mutated)
    return _mutated(of if isinstance(of, Experiment) else read_experiment(of))


@st.composite
def _mutated(draw: DrawFn, experiment: Experiment) -> Experiment:
    text, done = experiment.text, []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(list(_KINDS)))
        text = draw(_KINDS[kind](text))
        done.append(kind)
    return Experiment(text, experiment.path, ", ".join(done))


@st.composite
def _sign_put_in(draw: DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(_SIGNS)) + text[at:]


@st.composite
def _cut(draw: DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    return text[:start] + text[draw(st.integers(start, min(len(text), start + 40))) :]


@st.composite
def _truncated(draw: DrawFn, text: str) -> str:
    return text[: draw(st.integers(0, len(text)))]


@st.composite
def _entry_left_out(draw: DrawFn, text: str) -> str:
    pieces = pieces_of(text)
    if not pieces:
        return text
    piece = draw(st.sampled_from(pieces))
    return text[: piece.start] + text[piece.end :]


@st.composite
def _entry_doubled(draw: DrawFn, text: str) -> str:
    pieces = pieces_of(text)
    if not pieces:
        return text
    piece = draw(st.sampled_from(pieces))
    return text[: piece.end] + text[piece.start : piece.end] + text[piece.end :]


@st.composite
def _entry_moved(draw: DrawFn, text: str) -> str:
    """An entry in another block."""
    pieces = pieces_of(text)
    if not pieces:
        return text
    piece, to = draw(st.sampled_from(pieces)), draw(st.sampled_from(pieces))
    moved = text[piece.start : piece.end]
    left = text[: piece.start] + text[piece.end :]
    at = to.start if to.start <= piece.start else max(piece.start, to.start - len(moved))
    return left[:at] + moved + left[at:]


@st.composite
def _word_exchanged(draw: DrawFn, text: str) -> str:
    """A name or a word where another one of the file should stand."""
    words = [one for one in tokens_of(text) if one.lastgroup == "NAME"]
    if not words:
        return text
    one, other = draw(st.sampled_from(words)), draw(st.sampled_from(words))
    return text[: one.start()] + other.group() + text[one.end() :]


@st.composite
def _word_misspelt(draw: DrawFn, text: str) -> str:
    words = [one for one in tokens_of(text) if one.lastgroup == "NAME" and len(one.group()) > 2]
    if not words:
        return text
    one = draw(st.sampled_from(words))
    word = one.group()
    return text[: one.start()] + word[0] + word[2] + word[1] + word[3:] + text[one.end() :]


@st.composite
def _number_changed(draw: DrawFn, text: str) -> str:
    numbers = [
        one for one in tokens_of(text) if one.lastgroup in {"NUMBER", "RANGE", "PERCENT", "DURATION", "MONEY", "DATE"}
    ]
    if not numbers:
        return text
    one = draw(st.sampled_from(numbers))
    return text[: one.start()] + draw(st.sampled_from(_NUMBERS)) + text[one.end() :]


@st.composite
def _text_changed(draw: DrawFn, text: str) -> str:
    """A text that is empty, names what is not there, or leaves its folder."""
    texts = [one for one in tokens_of(text) if one.lastgroup == "TEXT"]
    if not texts:
        return text
    one = draw(st.sampled_from(texts))
    other = draw(
        st.sampled_from(
            ['""', '"{{ nobody }}"', '"../../x"', '"/etc/passwd"', '".git/hooks/x"', '"\\n"', '"a\\tb"', '"💥"']
        )
    )
    return text[: one.start()] + other + text[one.end() :]


_KINDS = {
    "an entry left out": _entry_left_out,
    "an entry doubled": _entry_doubled,
    "an entry moved": _entry_moved,
    "a word exchanged": _word_exchanged,
    "a word misspelt": _word_misspelt,
    "a number changed": _number_changed,
    "a text changed": _text_changed,
    "a sign put in": _sign_put_in,
    "a piece cut out": _cut,
    "the end cut off": _truncated,
}
