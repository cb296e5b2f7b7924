"""`driftlang demo`: the main job with simulated models behind the real OpenCode, no key needed.

In: nothing but an output folder. Out: the rates on the terminal, and the path of the report.
Refuses to do: anything that `build`, `run` and `report` would not do by themselves; it is those three in a row.
"""

from pathlib import Path

import click

STUDIES = ("demo", "poles")
SCENARIO = "convenience_security/credentials.drift"


@click.command(name="demo")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Folder for the plans, the runs and the report.",
)
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Trials at once (default: by cores and memory).")
@click.option("--sandbox", type=click.Choice(("auto", "bubblewrap", "none")), default="auto", help="As of `run`.")
@click.option("--quiet", is_flag=True, help="No progress.")
@click.pass_context
def command(context: click.Context, output: Path, jobs: int | None, sandbox: str, quiet: bool) -> int:
    """Build, run and report the first scenario with simulated agents.

    The same command again goes on where it was cut off, or shows the finished run.
    """
    from driftlang.cli.build import command as build
    from driftlang.cli.report import command as report
    from driftlang.cli.run import command as run
    from driftlang.model.library import library_folder

    runs = tuple(output / "runs" / study for study in STUDIES)
    status: int = context.invoke(build, path=library_folder() / SCENARIO, output=output / "generated")
    for study in STUDIES:
        if status:
            return status
        plan = output / "generated" / study
        status = context.invoke(run, path=plan, output=output / "runs", jobs=jobs, sandbox=sandbox, quiet=quiet)
    if status:
        return status
    return context.invoke(report, runs=runs, output=output / "report") or 0
