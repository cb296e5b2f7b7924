"""`driftlang doctor`: whether this machine can run plans.

In: nothing but the machine. Out: a line a check, and how to mend what is not well.
Refuses to do: mending by itself, but for installing the pinned OpenCode, as a run would.
"""

from typing import TYPE_CHECKING

import click

from driftlang.diagnostics.failure import ExitStatus

if TYPE_CHECKING:
    from driftlang.run.doctor import Check


@click.command(name="doctor")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def command(as_json: bool) -> int:
    """Try everything that a run needs: OpenCode, git, ripgrep, disk, memory, and the sandbox from inside.

    Installs the pinned OpenCode when it is not there. Exit status 4 says that something is amiss.
    """
    import asyncio

    checks = asyncio.run(_examine(is_told=not as_json))
    is_fine = all(check.is_fine for check in checks)
    if as_json:
        _print_json(checks, is_fine=is_fine)
    else:
        click.echo("all is well" if is_fine else "not all is well")
    return ExitStatus.OK if is_fine else ExitStatus.INFRASTRUCTURE


async def _examine(*, is_told: bool) -> "list[Check]":
    from driftlang.run.doctor import examine

    checks = []
    async for check in examine():
        checks.append(check)
        if is_told:
            click.echo(f"{'ok' if check.is_fine else 'FAIL':5} {check.name}: {check.told}")
            if check.help:
                click.echo(f"      help: {check.help}")
    return checks


def _print_json(checks: "list[Check]", *, is_fine: bool) -> None:
    import json

    told = [{"name": one.name, "ok": one.is_fine, "told": one.told, "help": one.help} for one in checks]
    click.echo(json.dumps({"ok": is_fine, "checks": told}, indent=2))
