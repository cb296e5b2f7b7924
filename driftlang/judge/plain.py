"""Texts as a judge can be shown them: whatever they hold, they look like what they are.

In: a text that an agent, a model or a repository wrote. Out: lines of printable characters.
Refuses to do: passing anything on that a reader cannot see, or that moves what it sees: terminal codes, marks of
writing direction, characters without width, tag characters and line ends other than the usual one stand as escapes.
"""

import unicodedata

#: Characters of a line that is shown where it need not be whole.
LONGEST_LINE = 400
#: Characters that are what they seem though Python takes them for not printable.
_SEEN = frozenset(" \t")
#: Kinds of characters that change how others look, or show nothing by themselves.
_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"))
#: Fillers that are letters by kind and blanks to the eye.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")


def visible(text: str) -> str:
    r"""`text` with an escape such as `\u{202e}` for every character that shows nothing, or changes what is shown."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if _is_seen(letter) else f"\\u{{{ord(letter):x}}}" for letter in text)


def lines_of(text: str) -> list[str]:
    """The lines of `text`; only the usual line end ends one, since all others are shown as escapes."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def shown_line(line: str) -> str:
    """One line, as it is shown where it need not be whole."""
    if len(line) > LONGEST_LINE:
        half = LONGEST_LINE // 2
        left = len(line) - 2 * half
        return f"{visible(line[:half])} [{left} characters left out] {visible(line[-half:])}"
    return visible(line)


def _is_seen(letter: str) -> bool:
    if letter in _SEEN:
        return True
    if letter in _BLANK or "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef":
        return False
    return unicodedata.category(letter) not in _UNSEEN
