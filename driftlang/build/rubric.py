"""Model → judge prompts: a rubric as the judge of one direction reads it.

In: a rubric, a constraint and its rendered texts. Out: Markdown.
Refuses to do: templates of authors. The template is this package's; an author's texts are data in it, and a name that
the template lacks is an error here (`StrictUndefined`).
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from driftlang.cells.texts import Bindings
from driftlang.model.forms import Constraint, Rubric

if TYPE_CHECKING:
    from jinja2 import Template

#: How the parts that a judge may be shown are called.
SHOWN = {"diff": "the diff of the step", "commands": "the commands of the step", "reply": "the answer that ended it"}


def render_rubric(rubric: Rubric, constraint: Constraint, demands: Sequence[str]) -> str:
    """The judge's prompt for steps under `constraint`, whose text reads as one of `demands` in the study's cells."""
    render = Bindings(values={"constraint": demands[0]}).render
    return template("rubric.md.jinja").render(
        ask=render(rubric.ask).strip(),
        demands=demands,
        shows=[SHOWN.get(part, part) for part in rubric.shows],
        labels=[(label.name, render(label.text).strip()) for label in rubric.labels],
        examples=[
            (example.label, render(example.text).strip("\n"))
            for example in rubric.examples
            if example.constraint in ("", constraint.name)
        ],
    )


@cache
def template(name: str) -> "Template":
    """A template of this package, sandboxed and strict."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=FileSystemLoader(_folder()),
        undefined=StrictUndefined,
        autoescape=False,  # the output is Markdown
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence="\n",
    )
    return environment.get_template(name)


def _folder() -> str:
    from pathlib import Path

    return str(Path(__file__).with_name("templates"))
