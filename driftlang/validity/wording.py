"""Measures of wording: how long a text is, what form it has, how much it shows, what it speaks of.

In: English texts as an agent reads them. Out: counts, and stems of words.
Refuses to do: understanding. A measure is one that a reader can redo by hand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from driftlang.model.texts import Text

# Expressions are compiled when they are first used (`re` keeps what it has compiled): a check of most files needs few.
_WORD = r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+"
_SENTENCE = r"(?<=[.!?;:])\s+|\n\s*\n|\n\s*[-*]\s+"
#: Where a purpose, a reason or a relative clause begins: what stands behind it says why, and demands nothing.
_SUBORDINATE = r"\b(?:so that|so as|because|since|that|which|who|whose|where|when\w*|if|unless|until)\b"
_HEDGE = (
    r"\b(?:should|perhaps|maybe|ideally|preferably|prefer|try to|consider|usually|generally|normally|typically|"
    r"if (?:possible|convenient|practical|feasible|you can|that is convenient)|"
    r"(?:where|when|wherever|whenever) (?:possible|convenient|practical|feasible|appropriate|reasonable)|unless)\b"
)
_NEGATION = (
    r"\b(?:never|not|cannot|no|none|nothing|nobody|nowhere|neither|nor|without|avoid|refrain|forbid|forbidden|"
    r"prohibited|\w+n't)\b"
)
_PROHIBITION = (
    r"^\W*(?:please\s+)?(?:never|no|do\s+not|don't|avoid|refrain|neither|nothing|nobody|under\s+no)\b"
    r"|\b(?:must|may|shall|should|can|do|does|is|are|to)\s*(?:not|never|n't)\b|\bcannot\b|\bnever\b"
    r"|\b(?:mustn|shouldn|can|don)'t\b|\b(?:forbidden|forbid|forbids|prohibited)\b"
)
_CODE_SPAN = r"(?s)```.*?```|`[^`\n]+`"
_QUOTED = r"\"[^\"\n]+\"|“[^”\n]+”|(?<!\w)'[^'\n]+'(?!\w)"
_QUOTES = frozenset("\"“'")
_INTRODUCED = r"\b(?:for example|for instance|such as)\b|\be\.\s?g\."

#: Endings that a word in the singular loses, and how many letters must be left of it: enough that what is left still
#: tells the word from others. The first that fits is taken.
_ENDINGS = (
    ("ibility", 4),
    ("ability", 5),
    ("ication", 4),
    ("ation", 4),
    ("icity", 4),
    ("ment", 4),
    ("ness", 4),
    ("ence", 5),
    ("ance", 4),
    ("ency", 4),
    ("ancy", 4),
    ("ible", 4),
    ("able", 5),
    ("ing", 3),
    ("ent", 4),
    ("ant", 4),
    ("ity", 4),
    ("ate", 4),
    ("acy", 3),
    ("ed", 3),
    ("al", 4),
    ("e", 3),
)
#: Words of English that speak of nothing: they hold sentences together, count, point, or tell the time.
_FUNCTION_WORDS = frozenset(
    """
    a about above across after again against ago all almost alone along already also although always am among an and
    another any anybody anyone anything are around as at away back be became because become been before began begin
    behind being below beside between beyond both but by came can cannot come could day days did do does doing done
    down during each early either else end enough even ever every everybody everyone everything far few first five
    for four friday from gave get give given gives go goes going gone got had half has have having he help her here
    hers him his hour hours how however i if in into is it its itself just keep kept knew know known knows last late
    later least left less let like little long look made make makes making many matter may me mean might mine minute
    minutes monday month months more morning most much must my need needs never new next nine no nobody nor not
    nothing now of off often on once one ones only onto or other others our out over own part parts past people per
    perhaps please put quite rather really right said same saturday saw say says second see seen several shall she
    should since six so some somebody someone something soon still such sunday take taken takes than that the their
    them then there these they thing things third this those though three through thursday time times to today
    together too took tuesday two under until up upon us use used uses very want was way ways we wednesday week weeks
    well went were what whatever when where whether which while who whole whom whose why will with within without
    would year years yes yet you your yours
    """.split()  # noqa: SIM905 - as a list of quoted words it would be a page
)


def plain(text: Text) -> str:
    """The text without what is put in for its names."""
    return "".join(part if isinstance(part, str) else " " for part in text.parts)


def length(text: str) -> int:
    """Words, as white space parts them; a code span of one piece is one."""
    return sum(1 for piece in text.split() if _has_letter(piece))


def examples(text: str) -> int:
    """Code spans, quoted pieces, and words that introduce an example."""
    rest, spans = re.subn(_CODE_SPAN, " ", text) if "`" in text else (text, 0)
    rest, quoted = re.subn(_QUOTED, " ", rest) if not _QUOTES.isdisjoint(rest) else (rest, 0)
    return spans + quoted + len(re.findall(_INTRODUCED, rest.lower()))


def negations(text: str) -> int:
    """Words that negate, in purposes and relative clauses as well; not those in code."""
    return len(re.findall(_NEGATION, _prose(text)))


def hedges(text: str) -> int:
    """Words that make a demand weaker: a wish, a condition of convenience, an exception left to the reader."""
    return len(re.findall(_HEDGE, _prose(text)))


def prohibitions(text: str) -> int:
    """Sentences whose main clause forbids something: one that says what not to do, whatever it goes on to say."""
    return sum(1 for clause in _main_clauses(text) if re.search(_PROHIBITION, clause))


def sentences(text: str) -> int:
    """Sentences, clauses behind a semicolon or colon being some of their own."""
    return sum(1 for _ in _main_clauses(text))


def _main_clauses(text: str) -> Iterator[str]:
    for sentence in re.split(_SENTENCE, _prose(text)):
        if _has_letter(sentence):
            yield re.split(_SUBORDINATE, sentence, maxsplit=1)[0]


def _has_letter(piece: str) -> bool:
    return any(sign.isalnum() or sign == "_" for sign in piece)


def _prose(text: str) -> str:
    """The text in lower case with straight apostrophes, and with a letter in the place of code."""
    prose = re.sub(_CODE_SPAN, " x ", text) if "`" in text else text
    return prose.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without the endings that its relatives differ in: `secure`, `security` and `securely` share one."""
    word = _singular(word.lower())
    if word.endswith("ly") and len(word) > _LEAST_BEFORE_LY + 2:
        word = word[:-2]
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            short = word.removesuffix(ending)
            return short[:-1] if short[-2:] in _DOUBLED else short
    return f"{word[:-1]}i" if word.endswith("y") and len(word) > _LEAST_BEFORE_LY else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > _LEAST_BEFORE_LY + 1:
        return f"{word[:-3]}y"
    is_plural = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if is_plural and len(word) > _LEAST_BEFORE_LY else word


#: Letters that must stand before an ending of few letters, so that `fly` and `gas` are left alone.
_LEAST_BEFORE_LY = 3
#: Letters that English doubles before an ending: `logged`, `running`.
_DOUBLED = frozenset({"bb", "dd", "gg", "mm", "nn", "pp", "rr", "tt"})


def words(text: str) -> Iterator[str]:
    """Words in lower case; names in code are taken apart at their capitals and underscores."""
    return (found.lower() for found in re.findall(_WORD, text))


def terms(texts: Iterable[str]) -> Mapping[str, str]:
    """What texts speak of: stems of words of three letters and more that carry meaning, each with its first word."""
    found: dict[str, str] = {}
    for text in texts:
        for word in words(text):
            if len(word) > 2 and word not in _FUNCTION_WORDS:
                found.setdefault(stem(word), word)
    return found
