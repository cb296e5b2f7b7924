"""`driftlang judge`: second opinions on how steps ended, and how far they can be trusted.

In: a subcommand. Out: what it says.
Refuses to do: any work of its own; each subcommand is loaded when it is called.
"""

from importlib import import_module

import click

#: Subcommands in the order in which work goes; each is a module `judge_NAME` of this package that defines `command`.
SUBCOMMANDS = {
    "run": "Have models read each step of a run, blind, and label it.",
    "label": "Label a sample of steps by hand, on a local page.",
    "calibrate": "Say how far judges and patterns can be trusted, and correct the rates.",
}


class _LazyGroup(click.Group):
    """A group that imports a subcommand's module only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the signature is click's
        if cmd_name not in SUBCOMMANDS:
            return None
        command: click.Command = import_module(f"driftlang.cli.judge_{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the signature is click's
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.group(name="judge", cls=_LazyGroup)
def command() -> None:
    """Second opinions on how steps ended: by models, and by people."""
