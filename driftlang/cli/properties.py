"""`driftlang test PATH --properties`: the ready properties, tried on a file and on generated ones.

In: `.drift` files, a number of examples, a seed. Out: a line for each property; failing experiments as files; exit
status 1 where a property does not hold.
Refuses to do: anything without hypothesis, which is an extra.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import click
from attrs import frozen

from driftlang.diagnostics.failure import ExitStatus, Failure

if TYPE_CHECKING:
    from driftlang.testing.experiment import Experiment
    from driftlang.testing.trial import Result

#: Examples of each property, so that the whole stays well under a minute for a small file.
EXAMPLES = 30
SEED = 0


@frozen
class Asked:
    """What the options ask for: whether properties are tried, on how many examples, by which seed, saved where."""

    is_asked: bool
    examples: int
    seed: int
    save: Path | None


Command = TypeVar("Command", bound=Callable[..., object])


def property_options(command: Command) -> Command:
    """The options of properties, which the command gets as `asked`."""

    @wraps(command)
    def gathered(
        *args: object, properties: bool, examples: int, seed: int, save: Path | None, **others: object
    ) -> object:
        return command(*args, asked=Asked(properties, examples, seed, save), **others)

    options = (
        click.option(
            "--properties", is_flag=True, help="Try properties of the file, its variants and generated files."
        ),
        click.option(
            "--examples", type=click.IntRange(1), default=EXAMPLES, show_default=True, metavar="N", help="Of each."
        ),
        click.option(
            "--seed", type=click.IntRange(0), default=SEED, show_default=True, metavar="S", help="Same, same examples."
        ),
        click.option(
            "--save",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="Where failing files go [.driftlang/failures].",
        ),
    )
    for option in reversed(options):
        gathered = option(gathered)
    return cast("Command", gathered)


def try_properties(paths: Sequence[Path], asked: Asked, wanted: str, *, as_json: bool) -> int:
    """Try every property whose name has `wanted` in it on each file, and print what came of it."""
    if find_spec("hypothesis") is None:
        raise Failure(
            "properties need hypothesis, which is not installed",
            help="run `pip install 'driftlang[testing]'`",
            status=ExitStatus.MISUSE,
        )
    results: list[tuple[Path, Result]] = []
    for path in paths:
        for result in _results(path, asked, wanted):
            results.append((path, result))
            if not as_json:
                _print_line(result)
    if not results:
        raise Failure(f"no property has `{wanted}` in its name", help="leave out `-k`", status=ExitStatus.MISUSE)
    failed = [result for _, result in results if not result.holds]
    if as_json:
        _print_json(results, asked.seed)
    else:
        seconds = sum(result.seconds for _, result in results)
        click.echo(f"\n{len(results)} properties, {len(failed) or 'none'} failed, {seconds:.1f} s, seed {asked.seed}")
    return ExitStatus.FINDING if failed else ExitStatus.OK


def _results(path: Path, asked: Asked, wanted: str) -> "Iterator[Result]":
    from driftlang.testing.experiment import read_experiment, valid_experiment
    from driftlang.testing.failures import FOLDER, failed_property, kept_failures
    from driftlang.testing.suite import PROPERTIES, RUN_PROPERTIES
    from driftlang.testing.trial import Effort, try_property, try_run_property

    experiment = read_experiment(path)
    meant = failed_property(experiment)
    chosen = [one for one in PROPERTIES if wanted in one.name]
    if any(one.name in meant and not one.is_of_valid for one in PROPERTIES):
        chosen = [one for one in chosen if one.name in meant]
    else:
        valid_experiment(experiment)
    folder = asked.save or path.parent / FOLDER
    effort = Effort(asked.examples, asked.seed, folder, tuple(kept_failures(folder)))
    for one in chosen:
        _say(one.name, experiment)
        yield try_property(one, experiment, effort)
    for other in RUN_PROPERTIES:
        if wanted in other.name:
            _say(other.name, experiment)
            yield try_run_property(other, effort)


def _say(name: str, experiment: "Experiment") -> None:
    """What is being tried, for whoever waits."""
    click.echo(f"{experiment.path.as_posix()}: {name.replace('_', ' ')} ...", err=True)


def _print_line(result: "Result") -> None:
    name = result.name.replace("_", " ")
    if result.holds:
        passed = f", {result.passed_over} passed over" if result.passed_over else ""
        click.echo(f"{name}: {result.examples} examples{passed}, {result.seconds:.1f} s: ok")
        return
    click.echo(f"{name}: {result.seconds:.1f} s: FAILED: {result.reason}")
    if result.saved:
        click.echo(f"  saved: {result.saved}")


def _print_json(results: "Sequence[tuple[Path, Result]]", seed: int) -> None:
    from attrs import asdict

    entries = [{"path": path.as_posix(), **asdict(result), "holds": result.holds} for path, result in results]
    failed = sum(not result.holds for _, result in results)
    click.echo(json.dumps({"seed": seed, "failed": failed, "properties": entries}, indent=2, sort_keys=True))
