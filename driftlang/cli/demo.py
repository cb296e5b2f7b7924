"""`driftlang demo`: the main job with simulated models behind the real OpenCode, no key needed.

In: nothing but an output folder. Out: the rates on the terminal, and the path of the report.
Refuses to do: anything that `build`, `run` and `report` would not do by themselves; it is those three in a row.
"""

from pathlib import Path

import click

STUDY = "demo"
SCENARIO = "convenience_security/credentials.drift"


@click.command(name="demo")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Folder for the plan, the run and the report.",
)
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Trials at once (default: by cores and memory).")
@click.option("--quiet", is_flag=True, help="No progress.")
@click.pass_context
def command(context: click.Context, output: Path, jobs: int | None, quiet: bool) -> int:
    """Build, run and report the first scenario with simulated agents.

    The same command again goes on where it was cut off, or shows the finished run.
    """
    from driftlang.cli import build, report, run
    from driftlang.model.library import library_folder

    source = library_folder() / SCENARIO
    context.invoke(build.command, path=source, output=output / "generated", study=STUDY)
    status: int = context.invoke(
        run.command, path=output / "generated" / STUDY, output=output / "runs", jobs=jobs, quiet=quiet
    )
    if status:
        return status
    status = context.invoke(report.command, runs=(output / "runs" / STUDY,), output=output / "report")
    return status
