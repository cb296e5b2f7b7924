"""Valid files as nobody would write them: any white space, comments wherever a line may end, block texts of any shape.

The words mean nothing; the formatter does not know them either.
"""

from functools import cache

from hypothesis import strategies as st

WORDS = st.sampled_from(["let", "message", "of", "text", "kept", "when", "not", "count", "raw", "allow", "x"])
FIRST_WORDS = st.sampled_from(["let", "message", "label", "of", "severity", "ask", "text", "raw", "allow", "models"])
LITERALS = st.sampled_from(
    ["12", "2025-02-03", "3..9", "2.5m", "$2.50", "40%", "=", ">=", "-", ":", '""', '"a  b"', '"# no comment"']
) | st.sampled_from([r'"\"quoted\" {{ name }}"', 'raw "C:\\"', 'raw\t"[{("', r"/a\/b [#\]]+/i", f'"{60 * "w"}"'])
BLANK_PIECES = st.sampled_from([" ", "  ", "\t", "\n", "\n", "\n", "\n  ", "\n\t", "\r\n", "\r\n    ", "  \n", "\n\n"])
PIECES = BLANK_PIECES | st.sampled_from(
    ["\u00a0", "\u2028", "word", "# no comment", r"\"\"\"", '"', " ]", "}", "{{ name }}", r"\{{", "[", "é"]
)
COMMENTS = st.sampled_from(["#", "# why", "#\ttabbed \t", "## doc", "##", '# """ [ {', "### three", "#é"])
BLANKS = st.sampled_from([" ", " ", "  ", "\t", " \f ", "\v"])
NO_BLANKS = st.sampled_from(["", "", " ", "\t "])
MARGINS = st.sampled_from(["", "  ", "\t", "      "])


@st.composite
def _block_texts(draw):
    content = "".join(draw(st.lists(PIECES, max_size=9)))
    while '"""' in content:
        content = content.replace('"""', '""')
    content = content.strip('"').removesuffix("\\")
    return draw(st.sampled_from(["", "", "raw "])) + f'"""{content}"""'


@st.composite
def _line_ends(draw):
    """The end of a line, perhaps behind a comment, and lines without tokens."""
    end = draw(NO_BLANKS) + draw(st.just("") | COMMENTS) + "\n"
    for line in draw(st.lists(st.just("") | COMMENTS, max_size=3)):
        end += draw(MARGINS) + line + "\n"
    return end + draw(MARGINS)


BLOCK_TEXTS = _block_texts()
LINE_ENDS = _line_ends()
BLANKS_OR_LINE_ENDS = BLANKS | LINE_ENDS
#: Within brackets and behind commas, where a line end means nothing.
LOOSE = NO_BLANKS | NO_BLANKS | LINE_ENDS


@st.composite
def _lists(draw, depth):
    elements = draw(st.lists(_elements(depth - 1), max_size=3))
    text = "[" + draw(LOOSE)
    for place, element in enumerate(elements):
        last = place == len(elements) - 1
        comma = draw(st.sampled_from(["", ","])) if last else ","
        text += element + draw(LOOSE) + comma + draw(LOOSE)
    return text + "]"


@st.composite
def _groups(draw, depth):
    text = "(" + draw(LOOSE) + draw(_items(depth - 1))
    for operator in draw(st.lists(st.sampled_from(["and", "or"]), max_size=2)):
        text += draw(BLANKS_OR_LINE_ENDS) + operator + draw(BLANKS_OR_LINE_ENDS) + draw(_items(depth - 1))
    return text + draw(LOOSE) + ")"


@cache
def _items(depth):
    simple = WORDS | WORDS | LITERALS | LITERALS | BLOCK_TEXTS
    return simple if depth <= 0 else st.one_of(simple, simple, simple, _lists(depth), _groups(depth))


@st.composite
def _blocks(draw, depth):
    text = "{"
    for entry in draw(st.lists(_entries(depth - 1), max_size=3)):
        text += draw(LOOSE if text == "{" else LINE_ENDS) + entry
    return text + draw(LOOSE) + "}"


@st.composite
def _rows(draw, first, depth, *, in_list=False):
    """An entry, or an element of a list."""
    row = draw(first)
    for item in draw(st.lists(_items(depth), min_size=1 if in_list else 0, max_size=4)):
        gap = draw(BLANKS) if row else ""
        if row and not in_list and draw(st.integers(0, 4)) == 0:
            gap = draw(NO_BLANKS) + "," + draw(LOOSE)
        row += gap + item
    if depth > 0 and draw(st.integers(0, 2)) == 0:
        row += draw(NO_BLANKS) + draw(_blocks(depth))
    return row


@cache
def _entries(depth):
    return _rows(FIRST_WORDS, depth)


@cache
def _elements(depth):
    return _rows(st.just(""), depth, in_list=True)


@st.composite
def odd_files(draw):
    """A file; nearly all of them have no syntax errors."""
    text = draw(st.just("") | LINE_ENDS)
    for entry in draw(st.lists(_entries(3), max_size=4)):
        text += entry + draw(LINE_ENDS)
    return text
