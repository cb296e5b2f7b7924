"""Frozen plans: what was declared before a run, under a digest, and what departs from it afterwards.

In: a plan's folder before the run; a run's folder after it. Out: a record in TOML; departures in sentences.
Refuses to do: a judgement. A departure may have its reason; that it is one is said.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from attrs import evolve, frozen

from driftlang import __version__
from driftlang.build.plan import Plan
from driftlang.build.plan_toml import PLAN_FILE, read_plan, render_form
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.offers import BOUNDED_MEAN, INVERTED, MOVER, SIGN_FLIPS
from driftlang.estimate.rates import LEVEL
from driftlang.report.forms import RunSource
from driftlang.run.folder import FROZEN_FILE, PLAN_FOLDER
from driftlang.run.overview import Overview, overview

_HEADER = "# What was declared before the run. `driftlang freeze --check RUN` says what departs from it.\n"
_METHODS = {
    "mean": BOUNDED_MEAN,
    "difference": MOVER,
    "weak null": INVERTED,
    "sharp null": SIGN_FLIPS,
    "family": "every declared contrast and asymmetry, Holm",
}
_EXCLUSIONS = "trials in error are in no rate; runs pair that all cells of a difference have"


@frozen
class Frozen:
    """What was declared.

    Attributes:
        at: when, in ISO 8601, UTC.
        source_digest, plan_digest: sha256 of the scenario's files as the plan has it, and of the plan.
        scorers: sha256 of each scorer by its path in the plan's folder.
        level: coverage of each interval by itself.
        methods: of the estimates, by what they are of.
        digest: sha256 over all of the above; empty until it is written.
    """

    at: str
    study: str
    source: str
    source_digest: str
    plan_digest: str
    repeat: int
    models: tuple[str, ...]
    primary: str
    detect: str
    version: str
    level: float
    exclusions: str
    scorers: Mapping[str, str]
    methods: Mapping[str, str]
    digest: str = ""


def freeze(plan_folder: Path, at: datetime) -> Frozen:
    """What a built plan declares, at a time.

    Raises:
        Failure: there is no plan, or it is damaged.
    """
    plan = read_plan(plan_folder)
    found = _declared(plan, plan_folder, at.astimezone(UTC).isoformat(timespec="seconds"))
    return evolve(found, digest=_digest(found))


def render_frozen(frozen_plan: Frozen) -> str:
    """The record as it is kept."""
    return _HEADER + render_form(frozen_plan)


def read_frozen(path: Path) -> Frozen:
    """A record that was written.

    Raises:
        Failure: it cannot be read, lacks something, or was changed since it was written.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        found = Frozen(**{**told, "models": tuple(told["models"])})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, KeyError) as trouble:
        message = f"`{path}` is no record of a frozen plan: {trouble}"
        raise Failure(message, help="write it with `driftlang freeze`", status=ExitStatus.MISUSE) from trouble
    if found.digest != _digest(found):
        message = f"`{path}` was changed since it was frozen: its digest is not that of what it says"
        raise Failure(message, help="take the record as it was written", status=ExitStatus.MISUSE)
    return found


def departures(run: Path, seen: Overview) -> tuple[str, ...]:
    """What in a run's folder departs from the record that lies in it.

    Args:
        run: the folder; it has a record.
        seen: the run.

    Raises:
        Failure: the record or the plan cannot be read.
    """
    declared = read_frozen(run / FROZEN_FILE)
    plan_folder = run / PLAN_FOLDER
    found = _declared(read_plan(plan_folder), plan_folder, declared.at)
    return tuple(_departures(declared, found, seen))


def with_frozen(source: RunSource, run: Path) -> RunSource:
    """A run's source with what was frozen before it, where anything was.

    Raises:
        Failure: the record cannot be read, or was changed.
    """
    if not (run / FROZEN_FILE).is_file():
        return evolve(source, frozen_at="", departures=())
    declared = read_frozen(run / FROZEN_FILE)
    return evolve(source, frozen_at=declared.at, departures=departures(run, overview(run)))


def _departures(declared: Frozen, found: Frozen, seen: Overview) -> Iterator[str]:
    if seen.began and datetime.fromisoformat(declared.at).timestamp() > seen.began:
        yield "the plan was frozen after the first attempt had begun"
    for what, was, now in (
        ("study", declared.study, found.study),
        ("primary analysis", declared.primary, found.primary),
        ("declared difference", declared.detect, found.detect),
        ("number of repeats", declared.repeat, found.repeat),
        ("models", ", ".join(declared.models), ", ".join(found.models)),
        ("level", declared.level, found.level),
        ("exclusions", declared.exclusions, found.exclusions),
        ("version of driftlang", declared.version, found.version),
    ):
        if was != now:
            yield f"the {what} was `{was}` and is `{now}`"
    if declared.source_digest != found.source_digest:
        yield f"the scenario's files were changed: {declared.source_digest[:12]} became {found.source_digest[:12]}"
    changed = sorted(path for path in {*declared.scorers, *found.scorers}
                     if declared.scorers.get(path) != found.scorers.get(path))  # fmt: skip
    if changed:
        yield f"patterns or rules were changed: {', '.join(changed)}"
    methods = sorted(name for name, method in found.methods.items() if declared.methods.get(name) != method)
    if methods:
        yield f"estimates are made by other methods: {', '.join(methods)}"
    if declared.plan_digest != found.plan_digest and not changed and declared.source_digest == found.source_digest:
        yield "the plan is another one, though the scenario's files are the same"
    missing = sum(number for status, number in seen.trials.items() if status != "finished")
    if missing:
        yield f"{missing} of {sum(seen.trials.values())} planned trials are not finished"


def _declared(plan: Plan, folder: Path, at: str) -> Frozen:
    scorers = sorted({cell.scorer for cell in plan.cells})
    return Frozen(
        at=at,
        study=plan.study.name,
        source=plan.source,
        source_digest=plan.source_digest,
        plan_digest=_sha256(folder / PLAN_FILE),
        repeat=plan.study.repeat,
        models=tuple(dict.fromkeys(trial.model for trial in plan.trials)),
        primary=plan.study.primary,
        detect=plan.study.detect,
        version=__version__,
        level=LEVEL,
        exclusions=_EXCLUSIONS,
        scorers={path: _sha256(folder / path) for path in scorers},
        methods=_METHODS,
    )


def _sha256(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as trouble:
        raise Failure(f"`{path}` cannot be read: {trouble}", help="build the study again") from trouble


def _digest(frozen_plan: Frozen) -> str:
    return sha256(render_form(evolve(frozen_plan, digest="")).encode()).hexdigest()
