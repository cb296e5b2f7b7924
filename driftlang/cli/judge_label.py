"""`driftlang judge label`: a person labels a sample of steps, blind.

In: a run's folder. Out: labels in it, given on a local page or read from CSV; with `--export`, CSV.
Refuses to do: showing the arm, the direction's name or what patterns and judges say.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.diagnostics.failure import ExitStatus, Failure

if TYPE_CHECKING:
    from driftlang.judge.labelling.forms import Candidate, Sample
    from driftlang.judge.labelling.server import Session
    from driftlang.judge.labelling.store import LabelStore

_SIZE, _SEED = 100, 1


@click.command(name="label")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--sample", "size", type=click.IntRange(min=4), default=None, help=f"Steps to label (default: {_SIZE}).")
@click.option("--seed", type=int, default=None, help=f"Seed of the draw (default: {_SEED}).")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the page (default: a free one).")
@click.option("--labeller", metavar="NAME", default="first", show_default=True, help="Whose labels these are.")
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option("--export", "target", metavar="CSV", type=click.Path(path_type=Path), help="Write all labels, and end.")
@click.option("--import", "source", metavar="CSV", type=click.Path(path_type=Path), help="Read labels, and end.")
@click.option("--json", "as_json", is_flag=True, help="Print the address, or what was done, as JSON.")
def command(  # noqa: PLR0913, PLR0917 - each is an option
    run: Path,
    size: int | None,
    seed: int | None,
    port: int,
    labeller: str,
    opens: bool,
    target: Path | None,
    source: Path | None,
    as_json: bool,
) -> int:
    """Label a stratified sample of a run's steps on a local page, one after the other.

    Labels are kept in the run's folder as they are given: the same command again goes on where it was left. A second
    person labels the same sample under another `--labeller`. The sample stays until `--sample` or `--seed` asks for
    another. The page answers on this machine only; end the command with Ctrl-C.
    """
    from driftlang.judge.labelling.csv_file import labels_csv, read_labels_csv
    from driftlang.judge.labelling.store import LabelStore

    if not labeller.strip():
        raise Failure("a labeller needs a name", help="give one with `--labeller`", status=ExitStatus.MISUSE)
    store = LabelStore(run)
    if target is not None:
        labels = store.labelled()
        target.write_text(labels_csv(labels), encoding="utf-8")
        return _say(as_json, {"labels": len(labels), "file": str(target)}, f"{len(labels)} labels in {target}")
    candidates = _candidates(run)
    if source is not None:
        read = read_labels_csv(source, {one.place for one in candidates})
        store.add(read)
        return _say(as_json, {"labels": len(read), "file": str(source)}, f"{len(read)} labels read from {source}")
    sample = _sample(store, candidates, size, seed)
    return _serve(_session(run, sample, labeller.strip()), store, port, opens=opens, as_json=as_json)


def _say(as_json: bool, found: dict[str, object], words: str) -> int:
    click.echo(json.dumps(found, sort_keys=True) if as_json else words)
    return ExitStatus.OK


def _candidates(run: Path) -> "list[Candidate]":
    from driftlang.judge.forms import StepKey
    from driftlang.judge.labelling.forms import Candidate
    from driftlang.report.calibrating import cell_words, said_of_steps
    from driftlang.report.gather import gather
    from driftlang.score.forms import Outcome

    said = said_of_steps(run)
    return [
        Candidate(place, cell_words(trial.cell), step.outcome.value, said.get(place, ""))
        for trial in gather([run], with_evidence=False).trials
        if not trial.is_in_error
        for step in trial.steps
        if step.outcome is not Outcome.ERROR
        for place in (StepKey(trial.trial, "", step.position),)
    ]


def _sample(store: "LabelStore", candidates: "list[Candidate]", size: int | None, seed: int | None) -> "Sample":
    """The run's sample, or a new one where there is none or another is asked for."""
    from driftlang.judge.labelling.sampling import draw

    there = store.sample()
    if there is not None and size is None and seed in {None, there.seed}:
        return there
    kept_seed = there.seed if there is not None else _SEED
    sample = draw(candidates, size or _SIZE, kept_seed if seed is None else seed)
    store.keep_sample(sample)
    return sample


def _session(run: Path, sample: "Sample", labeller: str) -> "Session":
    from driftlang.judge.labelling.server import Session
    from driftlang.judge.labelling.shown import show_steps

    return Session(sample, show_steps(run, sample.drawn), labeller)


def _serve(session: "Session", store: "LabelStore", port: int, *, opens: bool, as_json: bool) -> int:
    """Serve the page until the command is interrupted, then say how far labelling came."""
    import asyncio

    from driftlang.judge.labelling.server import LabellingServer

    async def serve() -> None:
        async with LabellingServer(session, store, port) as server:
            of = len(session.places)
            done = len(store.by_labeller(session.labeller).keys() & set(session.places))
            words = f"{done} of {of} steps are labelled by {session.labeller}. Label at {server.address}\nCtrl-C ends."
            _say(as_json, {"address": server.address, "labelled": done, "of": of}, words)
            if opens:
                click.launch(server.address)
            await asyncio.Event().wait()

    try:
        asyncio.run(serve())
    except KeyboardInterrupt:
        done = len(store.by_labeller(session.labeller).keys() & set(session.places))
        click.echo(f"{done} of {len(session.places)} steps are labelled.", err=True)
    return ExitStatus.OK
