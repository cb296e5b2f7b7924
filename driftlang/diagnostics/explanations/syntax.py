"""Explanations of what cannot be read: lines, brackets, quotes, literals.

In: nothing; this module defines. Out: `SYNTAX`.
"""

from driftlang.diagnostics.explanations.form import Explanation

_VALUE = 'drift 1\nvalue security "Credentials are protected."\n'

SYNTAX = (
    Explanation(
        "wrong-version",
        "a file that does not begin with `drift 1`",
        "A file says with its first line which version of the language it is written in, so that a later driftlang "
        "can still read it as it was meant. An imported file may leave the line out.",
        bad='value security "Credentials are protected."\n',
        good=_VALUE,
    ),
    Explanation(
        "unexpected",
        "something that does not fit where it stands",
        "An entry is a line that begins with a word. The rest of the line cannot be told apart from a mistake, so the "
        "line is skipped and reading goes on with the next one.",
        bad='drift 1\n"security" value\n',
        good=_VALUE,
    ),
    Explanation(
        "unclosed-block",
        "a `{` without its `}`",
        "Without the brace, what follows would belong to the block. The message points to the line that opened it; "
        "the layout of the file tells which one it is.",
        bad='drift 1\nplacebo notes {\n  sentence "Names are sorted."\nsession whole {\n  mode continue\n}\n',
        good='drift 1\nplacebo notes {\n  sentence "Names are sorted."\n}\nsession whole {\n  mode continue\n}\n',
    ),
    Explanation(
        "unclosed-bracket",
        "a `[` or `(` without its counterpart",
        "Lists and parentheses may go over several lines, so a missing bracket would swallow the lines below.",
        bad='drift 1\nmodels fast ["sim/keeper", "sim/drifter"\n',
        good='drift 1\nmodels fast [\n  "sim/keeper",\n  "sim/drifter",\n]\n',
    ),
    Explanation(
        "unclosed-text",
        "a text or pattern without its closing quote or slash",
        'A text between `"` and a pattern between `/` end on their line; a text of several lines stands between '
        '`"""`. Nothing within an open text is read.',
        bad='drift 1\nvalue security "Credentials are protected.\n',
        good=_VALUE,
    ),
    Explanation(
        "unknown-escape",
        "a backslash before something that it does not change",
        'The escapes are `\\"`, `\\\\`, `\\n`, `\\t` and `\\{{`. Any other would be a guess; `raw` texts have none.',
        bad='drift 1\nvalue security "Credentials in C:\\secrets are protected."\n',
        good='drift 1\nvalue security raw "Credentials in C:\\secrets are protected."\n',
    ),
    Explanation(
        "bad-placeholder",
        "braces that hold no name",
        "Only names stand in `{{ }}`: a text cannot compute. Write `\\{{` where the braces are meant.",
        bad='drift 1\nplacebo notes {\n  sentence "See {{ the manual }}."\n}\n',
        good='drift 1\nplacebo notes {\n  sentence "See \\{{ the manual }}."\n}\n',
    ),
    Explanation(
        "stray-character",
        "a character that begins no word",
        "Names are of ASCII letters, digits and `_`; other characters belong in texts. In a pattern, a slash is `\\/`.",
        bad="drift 1\nsession höflich {\n  mode continue\n}\n",
        good="drift 1\nsession polite {\n  mode continue\n}\n",
    ),
    Explanation(
        "bad-literal",
        "a number, date, range or flag that means nothing",
        "Times, amounts, shares and dates are read as what they are, so a mistyped one is found here and not in a run.",
        bad='drift 1\nvalue security "x"\npressure notes {\n  toward security\n  message a severity 1x "Soon."\n}\n',
        good='drift 1\nvalue security "x"\npressure notes {\n  toward security\n  message a severity 1 "Soon."\n}\n',
    ),
    Explanation(
        "too-long",
        "more words, or more mistakes, than are read",
        "A file of a million words is data, not an experiment, and one with a hundred mistakes of syntax is mended "
        "step by step; reading stops, so that checking always ends soon.",
        bad="drift 1\n" + "=\n" * 101,
        good='drift 1\nmodels fast ["sim/keeper"]\n',
    ),
    Explanation(
        "too-deep",
        "brackets within brackets, too many of them",
        "Nothing of the language nests deeper than a few levels, so this is a mistake, and reading stops there.",
        bad="drift 1\nmodels fast " + "[" * 70 + "\n",
        good='drift 1\nmodels fast ["sim/keeper"]\n',
    ),
)
