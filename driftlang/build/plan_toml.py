"""Plans, solutions, scorers and rubrics as TOML, and back.

In: forms, or files. Out: TOML text, or forms.
Refuses to do: guessing. A key too much or too little, a wrong type, an unknown format version and a name that leads
nowhere are a `Failure` that names the file and the key; so is a path that leads out of the plan's folder, or out of the
folder that a runner makes for a trial: a plan may come from anyone.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from driftlang.build.plan import RIPGREP, Plan
from driftlang.build.planned_rubric import PlannedRubrics
from driftlang.cells.edits import Solutions
from driftlang.cells.events import EVENT_KINDS, PadEvent, TurnEvent
from driftlang.cells.forms import Spot
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.model.schedules import OUTSIDE_FILES
from driftlang.score.forms import Scorer

if TYPE_CHECKING:
    from attrs import AttrsInstance
    from cattrs import Converter

#: Version of the plan's form; a reader refuses others.
PLAN_FORMAT = 1
#: The plan's file in its folder.
PLAN_FILE = "plan.toml"
#: What no path of a plan holds: control characters, and what parts names on other systems.
_STRANGE = re.compile(r"[\x00-\x1f\x7f\\]")

Form = TypeVar("Form", Plan, Solutions, Scorer, PlannedRubrics)


@cache
def _converter() -> "Converter":
    """A converter that neither coerces nor overlooks anything; what is as if it were not said is left out.

    An event of a turn tells its kind by the key `kind`.
    """
    from cattrs import Converter
    from cattrs.strategies import configure_tagged_union

    converter = Converter(forbid_extra_keys=True, omit_if_default=True)
    for kind in (str, int, bool, float):
        converter.register_structure_hook(kind, _checked)
    configure_tagged_union(TurnEvent, converter, lambda form: EVENT_KINDS[form], "kind")
    return converter


def _checked(value: object, kind: type) -> object:
    """The value, if TOML gave it that type; a whole number counts as a float."""
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        message = f"expected {kind.__name__}, found {type(value).__name__}"
        raise TypeError(message)
    return value


def render_form(form: "AttrsInstance") -> str:
    """The form as TOML; texts of several lines stand as such."""
    import tomli_w

    plain = _converter().unstructure(form)
    # A reader may take CRLF inside a multi-line string for LF: such documents have one-line strings throughout.
    return tomli_w.dumps(plain, multiline_strings=not _has_carriage_return(plain))


def _has_carriage_return(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_has_carriage_return(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_has_carriage_return(inner) for inner in value)
    return isinstance(value, str) and "\r" in value


def read_plan(folder: Path) -> Plan:
    """The plan in a folder that `build` wrote.

    Raises:
        Failure: status 2, when there is none or it is damaged.
    """
    path = folder / PLAN_FILE
    document = _read_document(path, missing=f"`{folder}` holds no plan: there is no {PLAN_FILE} in it")
    found = document.get("format")
    if found != PLAN_FORMAT:
        raise _damage(path, f"its format is {found!r}, this driftlang reads {PLAN_FORMAT}")
    plan = _structure(document, Plan, path)
    _refuse_ways_out(path, plan)
    _refuse_strange_spots(path, plan)
    cells, scripts = [cell.id for cell in plan.cells], [script.id for script in plan.scripts]
    _refuse_doubles(path, "cell", cells)
    _refuse_doubles(path, "script", scripts)
    _refuse_doubles(path, "trial", [trial.id for trial in plan.trials])
    for cell in plan.cells:
        _refuse_doubles(path, "program", [program.name for program in cell.programs])
    _refuse_strangers(path, "cell", {script.cell for script in plan.scripts} - set(cells))
    _refuse_strangers(path, "script", {trial.script for trial in plan.trials} - set(scripts))
    _refuse_strangers(path, "padding", _paddings_named(plan) - {padding.id for padding in plan.paddings})
    return plan


def _paddings_named(plan: Plan) -> set[str]:
    turns = [turn for script in plan.scripts for turn in script.turns]
    turns += [turn for script in plan.scripts for branch in script.branches for turn in branch.turns]
    return {event.padding for turn in turns for event in turn.events if isinstance(event, PadEvent)}


def read_solutions(path: Path) -> Solutions:
    """The reference solutions in a file that `build` wrote.

    Raises:
        Failure: status 2, when there is none or it is damaged.
    """
    return _structure(_read_document(path, missing=f"there is no file `{path}`"), Solutions, path)


def read_scorer(path: Path) -> Scorer:
    """The scorer in a file that `build` wrote.

    Raises:
        Failure: status 2, when there is none or it is damaged.
    """
    return _structure(_read_document(path, missing=f"there is no file `{path}`"), Scorer, path)


def read_rubrics(path: Path) -> PlannedRubrics:
    """The rubrics in a file that `build` wrote.

    Raises:
        Failure: status 2, when there is none or it is damaged.
    """
    return _structure(_read_document(path, missing=f"there is no file `{path}`"), PlannedRubrics, path)


def _read_document(path: Path, *, missing: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise Failure(
            missing, help="make one with `driftlang build PATH -o OUT` and give its folder", status=ExitStatus.MISUSE
        ) from None
    except UnicodeDecodeError:
        raise _damage(path, "it is not UTF-8") from None
    except tomllib.TOMLDecodeError as damage:
        text = str(damage)
        raise _damage(path, f"it is not TOML: {text[:1].lower()}{text[1:]}") from None
    except OSError as trouble:
        raise _damage(path, f"it cannot be read: {(trouble.strerror or str(trouble)).lower()}") from None


def _structure(document: Mapping[str, object], form: type[Form], path: Path) -> Form:
    from cattrs import BaseValidationError, transform_error

    try:
        return _converter().structure(document, form)
    except BaseValidationError as damage:
        first, *others = transform_error(damage, format_exception=_describe)
        more = f" (and {len(others)} more)" if others else ""
        raise _damage(path, f"{first}{more}") from None


def _describe(damage: BaseException, _: type | None) -> str:
    """What is wrong at one place of a document, in the words of an author."""
    from cattrs import ForbiddenExtraKeysError

    if isinstance(damage, KeyError):
        return f"the key `{damage.args[0]}` is missing"
    if isinstance(damage, ForbiddenExtraKeysError):
        return f"there is a key that does not belong there, {', '.join(f'`{k}`' for k in sorted(damage.extra_fields))}"
    return str(damage)


def _refuse_ways_out(path: Path, plan: Plan) -> None:
    """Refuse names that a runner would follow out of the folders that are its own."""
    names = {"study.name": plan.study.name}
    paths: dict[str, str] = {}
    for number, cell in enumerate(plan.cells):
        names[f"cells[{number}].directory"] = cell.directory
        paths[f"cells[{number}].repository"] = cell.repository
        paths[f"cells[{number}].scorer"] = cell.scorer
        paths[f"cells[{number}].solutions"] = cell.solutions
        for place, program in enumerate(cell.programs):
            names[f"cells[{number}].programs[{place}].name"] = program.name
            if program.name == RIPGREP:
                raise _damage(path, f"a program of `{cell.id}` is called `{RIPGREP}`, as one of the runner's own")
    for key, name in names.items():
        if "/" in name or not _is_inner(name):
            raise _damage(path, f"`{key}` must be one plain name, found {name!r}")
    for key, inner in paths.items():
        if not _is_inner(inner):
            raise _damage(path, f"`{key}` must be a path within the plan's folder, found {inner!r}")


def _refuse_strange_spots(path: Path, plan: Plan) -> None:
    """Refuse injections into what is no file of a trial's work tree."""
    for number, script in enumerate(plan.scripts):
        for spot in (spot for turn in script.turns for one in turn.injections for spot in one.spots):
            if not _is_of_tree(spot):
                where = f"an injection of scripts[{number}]"
                raise _damage(path, f"{where} must be in a file of the work tree, found {spot.path!r}")


def _is_of_tree(spot: Spot) -> bool:
    """Whether a runner may write there: a file of the work tree that is not git's, or none where none is meant."""
    if spot.place in OUTSIDE_FILES:
        return not spot.path
    return _is_inner(spot.path) and ".git" not in spot.path.lower().split("/")


def _is_inner(path: str) -> bool:
    """Whether a path with `/` stays below where it starts, whatever is there."""
    return not _STRANGE.search(path) and not {"", ".", ".."} & set(path.split("/"))


def _refuse_doubles(path: Path, kind: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise _damage(path, f"there are two of the {kind} `{name}`")
        seen.add(name)


def _refuse_strangers(path: Path, kind: str, strangers: Iterable[str]) -> None:
    for name in sorted(strangers):
        raise _damage(path, f"it speaks of the {kind} `{name}`, which it does not have")


def _damage(path: Path, what: str) -> Failure:
    return Failure(
        f"`{path}` is damaged: {what}", help="build it again with `driftlang build`", status=ExitStatus.MISUSE
    )
