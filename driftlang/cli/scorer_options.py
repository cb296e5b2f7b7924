"""Options of commands that can score a run by other rules than its plan's.

In: `--scorer PATH` or `--source FILE.drift`. Out: a `ScorerChoice`, or none.
Refuses to do: both at once, and scoring by a source that has an error in it.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from driftlang.diagnostics.failure import ExitStatus, Failure

if TYPE_CHECKING:
    from driftlang.report.scorer_choice import ScorerChoice

F = TypeVar("F", bound=Callable[..., Any])


def scorer_options(command: F) -> F:
    """Add the two options to a command."""
    for option in (
        click.option(
            "--source",
            type=click.Path(path_type=Path),
            default=None,
            help="Score by the patterns and rules that this .drift file has now.",
        ),
        click.option(
            "--scorer",
            type=click.Path(path_type=Path),
            default=None,
            help="Score by this scorer of a build, or by those in the folder of a plan.",
        ),
    ):
        command = option(command)
    return command


def choose_scorers(scorer: Path | None, source: Path | None) -> "ScorerChoice | None":
    """What is to take the place of the plan's scorers, if anything.

    Raises:
        Failure: both are given, or what is given has no scorer.
    """
    if scorer is not None and source is not None:
        raise Failure("`--scorer` and `--source` were both given", help="give one of them", status=ExitStatus.MISUSE)
    if scorer is not None:
        from driftlang.report.scorer_choice import read_choice

        return read_choice(scorer)
    return _of_source(source) if source is not None else None


def _of_source(path: Path) -> "ScorerChoice":
    """The scorers of all scenarios of a file, by the paths that a build gives them."""
    from driftlang.build.planning import scorer_path
    from driftlang.diagnostics.diagnostic import Sink
    from driftlang.diagnostics.render import render
    from driftlang.report.scorer_choice import ScorerChoice
    from driftlang.score.scorer import make_scorer
    from driftlang.source import Sources
    from driftlang.validity.load import load_checked

    sources, sink = Sources(), Sink()
    model = load_checked(path, sources, sink)
    if model is None or sink.has_errors:
        click.echo(render(sink.found, sources, "full", sys.stderr.isatty()), err=True, nl=False)
        raise Failure(
            f"`{path}` has errors: nothing was scored by it", help="mend them first", status=ExitStatus.FINDING
        )
    return ScorerChoice(path.name, {scorer_path(one.key): make_scorer(one) for one in model.scenarios})
