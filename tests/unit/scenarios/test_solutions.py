"""Every pair of values can tell what it claims to tell: how its solutions count, and that they are whole."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path, PurePosixPath

import pytest
from pairs import PAIRS, Pair, folders_with_studies, mains
from workbench import Workbench
from worlds import outcome, outcome_of_nothing, untested_expressions, wrong_examples

from driftlang.cells.forms import Cell
from driftlang.cells.texts import bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.globs import path_matcher
from driftlang.model.load import load_model
from driftlang.score.forms import Outcome
from driftlang.source import Sources
from tests.library_builds import main_files

#: Where each file type's grammar is: the package, and the function that hands it out.
_GRAMMARS = {
    ".go": ("tree_sitter_go", "language"),
    ".java": ("tree_sitter_java", "language"),
    ".py": ("tree_sitter_python", "language"),
    ".rs": ("tree_sitter_rust", "language"),
    ".sh": ("tree_sitter_bash", "language"),
    ".ts": ("tree_sitter_typescript", "language_typescript"),
    ".yaml": ("tree_sitter_yaml", "language"),
}
#: What parts the pieces of a stub: blank lines, imports, what it has in place of its work, the start of a Rust block.
_GAP = re.compile(
    r"\n*^(?:.*(?:NotImplementedError|UnsupportedOperationException|not written yet|todo!\(\)).*"
    r"| +yield|(?:from|import|use) .*|)\n+|(?<= \{\n)(?= +///)",
    re.MULTILINE,
)
#: Pairs whose solutions are texts of the target.
with_texts = pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS.values() if pair.contested], ids=lambda pair: pair.folder
)
#: Those of them that write into a stub, so that one file can have both solutions, or what both have in common.
with_stubs = pytest.mark.parametrize(
    "pair",
    [pair for pair in PAIRS.values() if pair.contested and not pair.is_either_or],
    ids=lambda pair: pair.folder,
)


def _texts(pair: Pair) -> Iterator[tuple[str, str]]:
    """Path and text of every file at HEAD, and of every target in every solution that is a text of it."""
    yield from ((path, content.decode()) for path, content in pair.loaded.base.items())
    if pair.contested:
        yield from ((work.target, text) for work in pair.loaded.work.values() for text in work.solutions.values())


# ---- the pairs ----


def test_every_pair_of_the_library_is_tested() -> None:
    """What is particular to a pair is on record for each folder that has studies."""
    assert PAIRS.keys() == mains().keys() == folders_with_studies()


@pytest.mark.parametrize("main", main_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_is_found_in_a_main_file(main: Path) -> None:
    """Neither an error nor a warning."""
    sink = Sink()
    assert (load_model(main, Sources(), sink) is None, sink.found) == (False, ())


def test_a_folder_names_the_values_and_their_constraints_stand_in_that_order(pair: Pair) -> None:
    """The values of the conflict are those of the folder, and each direction favours one."""
    scenario = pair.loaded.scenario
    assert tuple(value.name for value in scenario.conflict.values) == pair.values
    favoured = {constraint.name: constraint.favors.name for constraint in scenario.constraints}
    assert favoured == dict(zip(pair.directions, pair.values, strict=True))


def test_steps_have_targets_that_exist_and_a_solution_for_each_value(pair: Pair) -> None:
    """A step is about files of the repository, and can be done for either value."""
    tasks = pair.loaded.scenario.tasks
    targets = {step.name: bind_step(step, bind_cell({}, tasks)).targets for step in tasks.steps}
    assert tuple(targets) == pair.steps
    assert [(name, path) for name, paths in targets.items() for path in paths if path not in pair.loaded.base] == []
    assert {tuple(sorted(work.edits)) for work in pair.loaded.work.values()} == {tuple(sorted(pair.values))}


# ---- what it can tell ----


def test_each_solution_counts_as_its_value_demands(pair: Pair, tmp_path: Path) -> None:
    """A reference solution keeps the constraint that favours its value, and breaks the other one."""
    found = {
        (step, value): _outcomes(pair, step, value, tmp_path / step / value)
        for step in pair.steps
        for value in pair.values
    }
    kept = {pair.values[0]: [Outcome.KEPT, Outcome.BROKEN], pair.values[1]: [Outcome.BROKEN, Outcome.KEPT]}
    assert found == {(step, value): kept[value] for step in pair.steps for value in pair.values}


def _outcomes(pair: Pair, step: str, value: str, folder: Path) -> list[Outcome]:
    """How a step ends in each direction that was done by a value's solution, which is played only where it must be."""
    work = pair.loaded.work[step]
    if pair.contested:
        return [outcome(pair.loaded, direction, step, work.solutions[value]) for direction in pair.directions]
    bench = Workbench(pair.loaded, folder)
    bench.play(work.edits[value])
    return bench.outcomes(step, pair.directions)


def test_a_step_left_alone_is_undone(pair: Pair) -> None:
    """What the repository holds already is nobody's work."""
    found = {outcome_of_nothing(pair.loaded, one, step) for one in pair.directions for step in pair.steps}
    assert found == {Outcome.UNDONE}


@with_stubs
def test_both_solutions_in_one_file_are_hedged(pair: Pair) -> None:
    """A step that does both takes neither side."""
    found = {
        (step, outcome(pair.loaded, direction, step, "\n\n".join(work.solutions.values())))
        for direction in pair.directions
        for step, work in pair.loaded.work.items()
    }
    assert found == {(step, Outcome.HEDGED) for step in pair.steps}


@with_stubs
def test_work_without_the_contested_lines_takes_no_side(pair: Pair) -> None:
    """What the two solutions share is omitted, not kept or broken by accident."""
    found = set()
    for step, work in pair.loaded.work.items():
        one, other = (text.splitlines() for text in work.solutions.values())
        neutral = "\n".join(line for line in one if line in set(other))
        found |= {(step, outcome(pair.loaded, direction, step, neutral)) for direction in pair.directions}
    assert found == {(step, Outcome.OMITTED) for step in pair.steps}


def test_examples_of_patterns_hold(pair: Pair) -> None:
    """Each `hit` is hit and each `miss` is missed."""
    assert wrong_examples(pair.loaded) == []


def test_each_expression_has_an_example(pair: Pair) -> None:
    """No `match` stands untested."""
    assert untested_expressions(pair.loaded) == []


def test_every_target_is_in_reach_of_a_pattern_on_either_side(pair: Pair) -> None:
    """The rules of both constraints look where the work is done."""
    reach = [path_matcher(one.globs.include, one.globs.exclude) for one in pair.model.patterns if one.globs.include]
    targets = [work.target for work in pair.loaded.work.values()]
    assert [path for path in targets if sum(is_in_reach(path) for is_in_reach in reach) < len(pair.directions)] == []


# ---- that the solutions are whole ----


@with_texts
def test_solutions_differ_in_the_contested_lines_alone(pair: Pair) -> None:
    """What one solution of a step has and the other has not is what the pair is about, and what it needs around it."""
    strays = [
        (step, line)
        for step, work in pair.loaded.work.items()
        for line in set.symmetric_difference(*(set(text.splitlines()) for text in work.solutions.values()))
        if not re.search(pair.contested, line)
    ]
    assert strays == []


@with_stubs
def test_solutions_keep_what_the_stub_declares(pair: Pair) -> None:
    """What stands together in the stub does so in both solutions, but for the gap that it leaves and for imports."""
    lost = [
        (step, piece)
        for step, work in pair.loaded.work.items()
        for piece in _GAP.split(work.stub)
        if [text for text in work.solutions.values() if piece not in text]
    ]
    assert lost == []


@with_texts
def test_no_solution_leaves_a_stub(pair: Pair) -> None:
    """Reference solutions are whole."""
    stub = re.compile(r"NotImplementedError|UnsupportedOperation|not written|todo!")
    solutions = [(step, text) for step, work in pair.loaded.work.items() for text in work.solutions.values()]
    assert [step for step, text in solutions if stub.search(text)] == []


def test_code_parses(pair: Pair) -> None:
    """Every file of code, at HEAD and in every solution."""
    code = [(path, text) for path, text in _texts(pair) if PurePosixPath(path).suffix in _GRAMMARS]
    assert len(code) > len(pair.steps)
    assert [path for path, text in code if not _parses(path, text)] == []


def _parses(path: str, text: str) -> bool:
    from tree_sitter import Language, Parser

    package, function = _GRAMMARS[PurePosixPath(path).suffix]
    parser = Parser(Language(getattr(import_module(package), function)()))
    return not parser.parse(text.encode()).root_node.has_error


def test_code_keeps_to_the_width_that_the_prompt_names_and_ends_with_one_line_end(
    pair: Pair, first_look: tuple[Cell, ...]
) -> None:
    """A solution is laid out as the instructions of its house say, as is all that was there."""
    said = re.search(r"lines have at most (\d+) columns", first_look[0].instructions)
    texts = [(path, text) for path, text in _texts(pair) if not path.endswith(".md")]
    assert [path for path, text in texts if not text.endswith("\n") or text.endswith("\n\n")] == []
    assert (said is None) is (pair.loaded.scenario.repo.language == "go")
    assert [line for _, text in texts for line in text.splitlines() if said and len(line) > int(said[1])] == []
