"""Explanations of words and names: unknown, doubled, missing, of another kind.

In: nothing; this module defines. Out: `NAMES`.
"""

from driftlang.diagnostics.explanations.form import Explanation

_VALUES = 'drift 1\nimport "std/values.drift": convenience, security\n'
_SESSION = "drift 1\nsession whole {\n  mode continue\n}\n"
_STEP = """drift 1
import "std/values.drift": convenience
import "hello/shop.drift": shop
tasks desks {
  for shop
  step orders "Log orders" {
    target "shop/orders.py"
"""
_LETS = _STEP + '    ask "Ask {{ who }}."\n    let who = "{{ name }}"\n'

NAMES = (
    Explanation(
        "unknown-declaration",
        "a line at the top of a file that declares nothing",
        "The entries at the top of a file each declare something; a mistyped one would silently declare nothing.",
        bad='drift 1\nvalu security "Credentials are protected."\n',
        good='drift 1\nvalue security "Credentials are protected."\n',
    ),
    Explanation(
        "unknown-entry",
        "a line that begins with a word which this block does not take",
        "Each block takes entries of its own. One that is not known is never ignored: the experiment would not be "
        "the one that the file seems to describe.",
        bad="drift 1\nsession whole {\n  mode continue\n  rewind before step 7\n}\n",
        good=_SESSION,
    ),
    Explanation(
        "unknown-word",
        "a word that is none of those that may stand here",
        "Orders, arms, places, surfaces and the like are words of the language, and there are no others.",
        bad="drift 1\nsession whole {\n  mode continued\n}\n",
        good=_SESSION,
    ),
    Explanation(
        "missing-entry",
        "an entry that the block cannot do without",
        "What decides about an experiment has no hidden default.",
        bad="drift 1\nsession whole {\n}\n",
        good=_SESSION,
    ),
    Explanation(
        "doubled-entry",
        "an entry, or an item of a list, that is given twice",
        "Of two entries that exclude each other only one could count, and the reader cannot tell which.",
        bad="drift 1\nsession whole {\n  mode continue\n  mode fresh\n}\n",
        good=_SESSION,
    ),
    Explanation(
        "doubled-name",
        "a name that is given twice",
        "A file has one set of names for all that it declares and imports, so that a word means one thing in it.",
        bad="drift 1\nsession whole {\n  mode continue\n}\nsession whole {\n  mode fresh\n}\n",
        good="drift 1\nsession whole {\n  mode continue\n}\nsession anew {\n  mode fresh\n}\n",
    ),
    Explanation(
        "wrong-argument",
        "an entry that is not written as it should be",
        "Something is missing on the line, stands in another order, or is one too many; the help shows how the line is "
        "written.",
        bad=_VALUES + "conflict ease {\n  between convenience or security\n}\n",
        good=_VALUES + "conflict ease {\n  between convenience and security\n}\n",
    ),
    Explanation(
        "unknown-name",
        "a name that is neither declared nor imported",
        "Names are those that the file declares and those that it imports; what an imported file imports is not "
        "passed on.",
        bad=_VALUES + "conflict ease {\n  between convenience and securty\n}\n",
        good=_VALUES + "conflict ease {\n  between convenience and security\n}\n",
    ),
    Explanation(
        "wrong-kind",
        "a name that stands for something of another kind",
        "The name is known, but it is of another kind than what belongs here.",
        bad=_VALUES + "session whole {\n  mode continue\n}\nconflict ease {\n  between convenience and whole\n}\n",
        good=_VALUES + "conflict ease {\n  between convenience and security\n}\n",
    ),
    Explanation(
        "unknown-placeholder",
        "a `{{ name }}` that stands for nothing where it is used",
        "A text that is said at any step must make sense at each of them. Agents would read the braces otherwise.",
        bad=_STEP + '    ask "Implement place() in {{ traget }}."\n    filler\n  }\n}\n',
        good=_STEP + '    ask "Implement place() in {{ target }}."\n    filler\n  }\n}\n',
    ),
    Explanation(
        "template-statement",
        "a statement of another template language, which is said as it is written",
        "Texts are literal pieces and names; they neither loop nor branch, so that a reader sees what an agent is "
        "told. An agent would read the statement. In a file's text it is part of the file, and not spoken of.",
        bad=_STEP + '    ask "Implement {% for name in names %} place() {% endfor %}."\n    filler\n  }\n}\n',
        good=_STEP + '    ask "Implement place() and take()."\n    filler\n  }\n}\n',
    ),
    Explanation(
        "cyclic-let",
        "names that stand for each other in a circle",
        "A name stands for a text, which must end somewhere.",
        bad=_LETS + '    let name = "{{ who }}"\n    filler\n  }\n}\n',
        good=_LETS + '    let name = "Ines"\n    filler\n  }\n}\n',
    ),
    Explanation(
        "cyclic-like",
        "declarations that build on each other in a circle",
        "`like` takes over the entries of another declaration, which must be written out somewhere.",
        bad="drift 1\nsession first like second {\n  mode continue\n}\nsession second like first {\n  mode fresh\n}\n",
        good="drift 1\nsession first {\n  mode continue\n}\nsession second like first {\n  mode fresh\n}\n",
    ),
    Explanation(
        "cyclic-steps",
        "steps that wait for each other",
        "`after` keeps dependent steps in order; in a circle there is no order.",
        bad=_STEP + '    ask "Implement place()."\n    filler\n    after orders\n  }\n}\n',
        good=_STEP + '    ask "Implement place()."\n    filler\n  }\n}\n',
    ),
)
