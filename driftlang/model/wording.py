"""From quoted texts to the model's `Text`, and plain texts that take no placeholders.

In: `ast.Quoted`. Out: `Text`, or a string.
Refuses to do: knowing which placeholders there are; see `placeholders.py`.
"""

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.texts import Placeholder, Text
from driftlang.source import Span
from driftlang.syntax.ast import Hole, Quoted


def text_of(quoted: Quoted) -> Text:
    """The text as a template."""
    parts = tuple(Placeholder(part.name, part.span) if isinstance(part, Hole) else part for part in quoted.parts)
    return Text(parts, quoted.span)


def empty_text(span: Span) -> Text:
    """A text that says nothing, in place of one that is missing."""
    return Text((), span)


def plain_text(quoted: Quoted, sink: Sink, where: str) -> str:
    """The text, which must have no placeholders since nothing is put in `where`."""
    for part in quoted.parts:
        if isinstance(part, Hole):
            sink.error(
                "unknown-placeholder",
                f"`{{{{ {part.name} }}}}` stands in {where}, where placeholders are not filled in",
                part.span,
                help="write `\\{{` for the two braces, or a `raw` text",
            )
    return "".join(part if isinstance(part, str) else f"{{{{ {part.name} }}}}" for part in quoted.parts)
