"""The command line: one file a command, loaded when it is called.

In: arguments. Out: an exit status (see `ExitStatus`), results on standard output, messages on standard error.
Refuses to do: any work of its own; each command is a list of the pipeline's verbs.
"""

import gc
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import NoReturn

import click

from driftlang import LANGUAGE_VERSION, __version__
from driftlang.diagnostics.failure import ExitStatus, Failure

#: Objects between two looks for cycles. Modules and models are made of many that stay: the usual 700 costs a check a
#: tenth of its time, and finds nothing.
_COLLECTION_THRESHOLD = 50_000
gc.set_threshold(_COLLECTION_THRESHOLD)

#: Commands in the order in which work goes; each is a module of this package that defines `command`.
COMMANDS = {
    "new": "Write a commented scenario to start from.",
    "check": "Check .drift files: syntax, names, types.",
    "fmt": "Write .drift files in the one style.",
    "explain": "Say what a diagnostic means, with examples.",
    "test": "Run the tests that stand in .drift files.",
    "expand": "Show the cells of a study, what they share and where they differ.",
    "show": "Print the ast, the model or the cells of a file as JSON.",
    "build": "Make repositories, plan, scorers and rubrics of a study.",
    "power": "Say what a study can show at its size, and what it would take.",
    "freeze": "Declare a plan and its analysis before the run.",
    "run": "Drive the real OpenCode through a plan.",
    "runs": "List, show, follow, compare and verify runs.",
    "score": "Say how each step of a run ended.",
    "judge": "Have steps judged by models and people, and say how far to trust that.",
    "results": "Write the steps of runs as tables for other programs.",
    "published": "Analyse a table of published rates again.",
    "report": "Write tables, figures and one HTML page of runs.",
    "doctor": "Try whether this machine can run plans.",
    "demo": "Build, run and report the first scenario with simulated agents.",
}


class _LazyGroup(click.Group):
    """A group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the signature is click's
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"driftlang.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(COMMANDS)}"
            message = f"no command `{name}`{hint}"
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the signature is click's
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message=f"driftlang {__version__} (language {LANGUAGE_VERSION})")
def group() -> None:
    """Value conflicts in coding agents: written down, compiled, run and measured."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with its status."""
    status = status_of(lambda: group.main(arguments, prog_name="driftlang", standalone_mode=False))
    gc.freeze()  # the process ends: nothing that it holds is worth a last look for cycles
    sys.exit(status)


def status_of(call: Callable[[], object]) -> int:
    """The exit status of `call`: its own, or that of the failure it ended with, which is printed."""
    try:
        result = call()
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as misuse:
        misuse.show()
        return ExitStatus.MISUSE
    except BrokenPipeError:
        # The reader of our output went away (`driftlang ... | head`): nothing is wrong, nobody listens. What is still
        # in the buffer goes nowhere, or the interpreter would complain of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.OK
    except (Failure, OSError, click.exceptions.Abort) as trouble:
        failure = _as_failure(trouble)
        print(f"error: {failure.message}", file=sys.stderr)
        if failure.help:
            print(f"help: {failure.help}", file=sys.stderr)
        return failure.status
    return result if isinstance(result, int) else ExitStatus.OK


def _as_failure(trouble: Failure | OSError | click.exceptions.Abort) -> Failure:
    if isinstance(trouble, Failure):
        return trouble
    if isinstance(trouble, OSError):
        reason = (trouble.strerror or str(trouble)).lower()
        message = f"{trouble.filename}: {reason}" if trouble.filename else reason
        return Failure(message, help="free space or choose another place, then run the same command again")
    return Failure("interrupted", help="run the same command again to go on")
