"""`driftlang judge calibrate`: how far patterns and judges can be trusted, and the rates put right.

In: a run's folder with labels of people in it. Out: agreement and corrected rates on the terminal, and as JSON in the
folder.
Refuses to do: correcting a rater that too few labels speak of, or that is no better than chance; it says so and ends
with status 3.
"""

import json
from pathlib import Path

import click

from driftlang.diagnostics.failure import ExitStatus


@click.command(name="calibrate")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(run: Path, as_json: bool) -> int:
    """Compare patterns and judges with the labels of people, and correct the rates of a run.

    Writes `labels/calibration.json` in the run's folder. Ends with status 3 where no rate can be corrected: there are
    too few labels, or what was to be corrected is no better than chance.
    """
    from driftlang.cli.judge_calibrate_text import calibration_json, print_calibration
    from driftlang.judge.labelling.store import LABELS_FOLDER
    from driftlang.report.calibrating import calibrate_run
    from driftlang.report.gather import gather

    calibration = calibrate_run(run, gather([run], with_evidence=False))
    text = json.dumps(calibration_json(calibration), indent=2, sort_keys=True)
    folder = run / LABELS_FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "calibration.json").write_text(text + "\n", encoding="utf-8")
    if as_json:
        click.echo(text)
    else:
        print_calibration(calibration)
    return ExitStatus.INCONCLUSIVE if calibration.refused else ExitStatus.OK
