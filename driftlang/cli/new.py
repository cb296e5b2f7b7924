"""`driftlang new`: a commented scenario to start from, in one file.

In: a name, a folder. Out: `FOLDER/NAME.drift`, which passes `check`, `test` and `build` as it stands.
Refuses to do: writing over anything.
"""

import json
import re
from pathlib import Path

import click

from driftlang.diagnostics.failure import ExitStatus, Failure

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
#: What stands for the name in the template.
_MARK = "NAME"
_DECLARED = re.compile(r"^[a-z]+ ([A-Za-z_]\w*)(?: [^{\n]*)?\{$|^import .*?: (.*)$", re.MULTILINE)


@click.command(name="new")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Folder that the file is put in.  [default: the current folder]",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(name: str, output: Path, as_json: bool) -> int:
    """Write NAME.drift: a small, commented scenario to start from.

    It is whole: two constraints, their patterns, a repository, two steps, four arms and a study of a simulated agent.
    """
    template = Path(__file__).with_name("templates") / "starting.drift"
    text = template.read_text(encoding="utf-8")
    _check_name(name, text)
    path = output / f"{name}.drift"
    _write(path, text.replace(_MARK, name))
    commands = _next_commands(path, name)
    if as_json:
        click.echo(json.dumps({"next": commands, "path": path.as_posix()}, indent=2))
        return ExitStatus.OK
    click.echo(f"{path.as_posix()} is written: read it from top to bottom, change the two constraints first\n")
    click.echo("next:")
    for line in commands:
        click.echo(f"  {line}")
    return ExitStatus.OK


def _check_name(name: str, template: str) -> None:
    """Refuse what is no name of the language, and names that the template declares itself."""
    if not _NAME.fullmatch(name):
        raise Failure(
            f"`{name}` is no name, expected small letters, digits and `_`, a letter first, at most 60",
            help=f"try `{_as_name(name)}`",
            status=ExitStatus.MISUSE,
        )
    taken = {part.strip() for found in _DECLARED.findall(template) for one in found for part in one.split(",")}
    if name in taken:
        raise Failure(
            f"`{name}` is declared in the file itself",
            help="choose a name that says what pulls apart",
            status=ExitStatus.MISUSE,
        )


def _as_name(text: str) -> str:
    """The nearest name to a text."""
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_").lstrip("0123456789_")
    return name[:60] or "my_conflict"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise Failure(
            f"`{path.as_posix()}` is there already",
            help="choose another name, or another folder with `-o`",
            status=ExitStatus.MISUSE,
        ) from None


def _next_commands(path: Path, name: str) -> list[str]:
    from shlex import quote

    shown = quote(path.as_posix())
    return [
        f"driftlang check {shown}",
        f"driftlang test {shown}",
        f"driftlang expand {shown}",
        f"driftlang build {shown} -o plans",
        f"driftlang run plans/{name}_study",
        f"driftlang report runs/{name}_study",
    ]
