"""The option `--format`, the same for each command that prints diagnostics.

In: a command's function with a parameter `form`. Out: that function with the options.
Refuses to do: rendering (see `driftlang.diagnostics.render`).
"""

from collections.abc import Callable
from functools import wraps

import click

from driftlang.diagnostics.render import FORMS, Form


def format_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give `--format FORM`, and `--json` for `--format json`, as one parameter `form`."""

    @click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        default=FORMS[0],
        show_default=True,
        help="How to print what is found.",
    )
    @click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
    @wraps(function)
    def with_form(*arguments: object, form: Form, as_json: bool, **options: object) -> int:
        return function(*arguments, form="json" if as_json else form, **options)

    return with_form
