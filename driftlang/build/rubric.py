"""Model → judge prompts: a rubric as the judge of one direction reads it.

In: a rubric, a constraint and its rendered texts. Out: Markdown for people, and the form that a judge is asked from.
Refuses to do: templates of authors. The template is this package's; an author's texts are data in it, and a name that
the template lacks is an error here (`StrictUndefined`). The sandbox bounds neither time nor memory: how long a prompt
becomes is told before it is made.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from driftlang.build.planned_rubric import CONSTRAINT_MARK, PlannedExample, PlannedLabel, PlannedRubric
from driftlang.cells.texts import Bindings
from driftlang.model.forms import Constraint, Rubric, Text

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

_RUBRIC = "rubric.md.jinja"
#: Characters that the template has around each label, example and demand, at most; what it sets before their lines.
_AROUND, _MARGIN = 40, 4
#: How the parts that a judge may be shown are called.
SHOWN = {"diff": "the diff of the step", "commands": "the commands of the step", "reply": "the answer that ended it"}


def render_rubric(rubric: Rubric, constraint: Constraint, demands: Sequence[str]) -> str:
    """The judge's prompt for steps under `constraint`, whose text reads as one of `demands` in the study's cells."""
    render = Bindings(values={"constraint": demands[0]}).render
    return template(_RUBRIC).render(
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


def plan_rubric(rubric: Rubric, constraint: Constraint) -> PlannedRubric:
    """The rubric as steps under `constraint` are judged by it; where it repeats the constraint, a mark stands."""
    render = Bindings(values={"constraint": CONSTRAINT_MARK}).render
    return PlannedRubric(
        name=rubric.name,
        ask=render(rubric.ask).strip(),
        shows=rubric.shows,
        labels=tuple(PlannedLabel(label.name, render(label.text).strip()) for label in rubric.labels),
        examples=tuple(
            PlannedExample(example.label, render(example.text).strip("\n"))
            for example in rubric.examples
            if example.constraint in ("", constraint.name)
        ),
    )


def size_of_prompt(rubric: Rubric, demands: Sequence[str]) -> int:
    """How many characters the judge's prompt has at most, told without making it."""
    named = [(label.name, label.text) for label in rubric.labels]
    named += [(example.label, example.text) for example in rubric.examples]
    texts = [rubric.ask, *(text for _, text in named)]
    filled = sum(_size_of_text(text, demands[0]) for text in texts)
    framed = sum(_size_of_piece(demand) for demand in demands) + sum(len(name) for name, _ in named)
    return _size_of_template() + filled + framed + _AROUND * (len(texts) + len(demands))


def _size_of_text(text: Text, demand: str) -> int:
    own, filled = _size_of_piece("{{  }}"), _size_of_piece(demand)
    return _MARGIN + sum(
        _size_of_piece(part) if isinstance(part, str) else filled if part.name == "constraint" else own + len(part.name)
        for part in text.parts
    )


def _size_of_piece(piece: str) -> int:
    return len(piece) + _MARGIN * (piece.count("\n") + 1)


@cache
def _size_of_template() -> int:
    shown = sum(map(len, SHOWN.values())) + _AROUND
    return len(_folder().joinpath(_RUBRIC).read_text(encoding="utf-8")) + shown


@cache
def template(name: str) -> "Template":
    """A template of this package."""
    return _environment().get_template(name)


@cache
def _environment() -> "SandboxedEnvironment":
    """Sandboxed and strict; it forgets no template."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        loader=FileSystemLoader(_folder()),
        undefined=StrictUndefined,
        cache_size=-1,
        auto_reload=False,
        autoescape=False,  # the output is Markdown
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence="\n",
    )


def _folder() -> Path:
    return Path(__file__).with_name("templates")
