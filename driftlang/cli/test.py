"""`driftlang test`: the tests that stand in the language: hits, misses, worked examples, reference solutions, mutants.

In: `.drift` files, and folders of them. Out: a line for each pattern, rubric and scenario, what failed, a summary with
what no test exercises; exit status 0 when nothing failed, 1 otherwise.
Refuses to do: testing a file with an error in it, and running commands of solutions.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftlang.cli.drift_files import find_drift_files
from driftlang.cli.formats import format_options
from driftlang.cli.properties import Asked, property_options, try_properties
from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.diagnostics.render import Form, render
from driftlang.source import Sources

if TYPE_CHECKING:
    from driftlang.model.forms import Model
    from driftlang.validity.proof.forms import Coverage, Proof, ScenarioProof


@click.command(name="test")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-k", "wanted", default="", metavar="NAME", help="Test what has NAME in its name, alone.")
@property_options
@format_options
def command(paths: tuple[Path, ...], wanted: str, form: Form, asked: Asked) -> int:
    """Run the tests of .drift files: every hit and miss, worked example and reference solution.

    Folders are searched for files that end in .drift; what is hidden in them is passed over.

    Forms other than full and json show what is found, without a line for each test.

    Solutions are scored as runs are: kept under the constraint that favors their value, broken under the other. So is
    what may be made of them: nothing, half, both at once, in a comment, in a string, in other layout, quotes and names.
    """
    from driftlang.validity.load import load_checked

    sources, sink = Sources(), Sink()
    meant = find_drift_files(paths)
    if meant.failures:
        raise meant.failures[0]
    if asked.is_asked:
        return try_properties(meant.files, asked, wanted, as_json=form == "json")
    models = [load_checked(path, sources, sink) for path in meant.files]
    proofs = [] if sink.has_errors else [_prove(model, wanted, sources, sink) for model in models if model is not None]
    _refuse_nothing(proofs, models, wanted, sink)
    if form == "json":
        _print_json(proofs, sink, sources)
    elif form == "full":
        _print_lines(proofs, sink, sources)
    else:
        click.echo(render(sink.found, sources, form, color=False), nl=False)
    return ExitStatus.FINDING if sink.has_errors else ExitStatus.OK


def _prove(model: "Model", wanted: str, sources: Sources, sink: Sink) -> "Proof":
    from driftlang.validity.proof.prove import prove
    from driftlang.validity.proof.stage import prove_model

    return prove(model, sink, wanted) if wanted else prove_model(model, sources, sink)


def _refuse_nothing(proofs: "list[Proof]", models: "list[Model | None]", wanted: str, sink: Sink) -> None:
    """Misuse where `-k` chooses nothing: a test that runs nothing must not look like one that passes."""
    if not wanted or sink.has_errors or any(proof.patterns or proof.rubrics or proof.scenarios for proof in proofs):
        return
    from driftlang.diagnostics.suggest import did_you_mean

    names: set[str] = set()
    for model in models:
        if model is not None:
            names |= {pattern.name for pattern in model.patterns} | {rubric.name for rubric in model.rubrics}
            names |= {scenario.name for scenario in model.scenarios}
    raise Failure(
        f"nothing to test has `{wanted}` in its name{did_you_mean(wanted, names)}",
        help="give a part of the name of a pattern, rubric, scenario or step",
        status=ExitStatus.MISUSE,
    )


def _print_lines(proofs: "list[Proof]", sink: Sink, sources: Sources) -> None:
    for proof in proofs:
        for line in _lines(proof):
            click.echo(line)
    if sink.found:
        click.echo(("\n" if proofs else "") + render(sink.found, sources, "full", color=sys.stdout.isatty()), nl=False)
    if proofs:
        failed, count = sum(proof.failed for proof in proofs), sum(proof.count for proof in proofs)
        click.echo(f"\n{_count(count, 'test')}, {failed or 'none'} failed")
        for proof in proofs:
            for coverage in proof.coverage:
                click.echo(f"coverage: {_covered(coverage)}")
        in_strings = sorted({name for proof in proofs for each in proof.scenarios for name in each.in_strings})
        if in_strings:
            click.echo(f"hit by work in a string, unless on `added code outside strings`: {', '.join(in_strings)}")


def _lines(proof: "Proof") -> list[str]:
    rows = [
        (f"pattern {each.name}", f"{_count(each.hits, 'hit')}, {_count(each.misses, 'miss', 'misses')}", each.failed)
        for each in proof.patterns
    ]
    lines = [_line(what, said, _failed(failed)) for what, said, failed in rows]
    for rubric in proof.rubrics:
        contradicted = f"{rubric.contradicted} contradicted by patterns" if rubric.contradicted else "ok"
        lines.append(_line(f"rubric {rubric.name}", _count(rubric.examples, "example"), contradicted))
    for scenario in proof.scenarios:
        said = (
            f"{_count(scenario.steps, 'step')}, {_count(scenario.solutions, 'solution')}, "
            f"{_count(scenario.outcomes, 'outcome')} in {_count(len(scenario.directions), 'direction')}"
        )
        lines.append(_line(f"scenario {scenario.name}", said, _failed(scenario.failed)))
        lines.append(_line(f"mutants of {scenario.name}", _mutants(scenario), _failed(scenario.evaded)))
    return lines


def _mutants(scenario: "ScenarioProof") -> str:
    """How many outcomes of mutants there are of each kind, and of which kinds some could not be made."""
    made: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for row in scenario.of_mutants:
        made[row.kind] += sum(row.outcomes.values())
        missing[row.kind] += row.not_made
    parts = [", ".join(f"{number} {kind}" for kind, number in made.items() if number) or "none"]
    parts += [f"not made: {', '.join(f'{number} {kind}' for kind, number in missing.items() if number)}"] * any(
        missing.values()
    )
    return "; ".join(parts)


def _line(what: str, said: str, ended: str) -> str:
    return f"{what}: {said}: {ended}"


def _failed(number: int) -> str:
    return f"{number} FAILED" if number else "ok"


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _covered(coverage: "Coverage") -> str:
    parts = (
        ("patterns without a hit", coverage.without_hit),
        ("patterns without a miss", coverage.without_miss),
        ("expressions without a test", coverage.untested),
        ("steps without a solution", coverage.without_solution),
        ("rubrics without an example", coverage.without_example),
    )
    said = [f"{what}: {', '.join(names)}" for what, names in parts if names]
    return "; ".join(said) or "every pattern has a hit and a miss, every match, step and rubric a test"


def _print_json(proofs: "list[Proof]", sink: Sink, sources: Sources) -> None:
    from attrs import asdict

    found = json.loads(render(sink.found, sources, "json", color=False))
    report = {
        **found,
        "tests": sum(proof.count for proof in proofs),
        "failed": sum(proof.failed for proof in proofs),
        "proofs": [asdict(proof) for proof in proofs],
    }
    click.echo(json.dumps(report, indent=2, sort_keys=True, ensure_ascii=False))
