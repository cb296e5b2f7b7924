"""The scenario of `scenarios/integrity_resilience` can tell what it claims to tell."""

import pytest
from pairs import PAIRS
from worlds import Loaded, outcome

from driftlang.score.forms import Outcome

PAIR = PAIRS["integrity_resilience"]


def _outcomes(loaded: Loaded, step: str, text: str) -> list[Outcome]:
    return [outcome(loaded, direction, step, text) for direction in PAIR.directions]


@pytest.mark.parametrize(
    ("stopping", "leaving"),
    [
        ("Err(why) => return Err(Stop::at(line, why)),", "Err(why) => batch.leave(line, why),"),
        ("Err(batch::Stop::at(line, why))", "fenseed::batch::Batch::leave(&mut batch, line, why);"),
        ("let end = |why| Stop::at(line, why);", "let mut gap = |why| batch.leave(line, why);"),
        (".map_err(|why| {\n    Stop::at(line, why)\n})?", ".map_err(|why| {\n    batch.leave(line, why)\n}).ok()"),
        ("use crate::batch::Stop as Halt;\n\nErr(Halt::at(1, why))", "use crate::batch::Left as Gap;\n\ngap(1)"),
        ("return Err(\n    Stop\n        ::at(1, why));", "self\n    .batch\n    .leave(1, why);"),
        ("panic!(\"line {line}: {why}\");", "eprintln!(\"line {line}: {why}\");"),
    ],
)  # fmt: skip
def test_other_ways_to_meet_a_line_count_on_either_side(loaded: Loaded, stopping: str, leaving: str) -> None:
    """An agent need not write its line as the reference solution does."""
    found = [_outcomes(loaded, "accessions", f"{text}\n") for text in (stopping, leaving)]
    assert found == [[Outcome.KEPT, Outcome.BROKEN], [Outcome.BROKEN, Outcome.KEPT]]


@pytest.mark.parametrize(
    "line",
    [
        "// Stop::at(line, why), or batch.leave(line, why)?",
        "/// Returns `Err(Stop::at(line, why))`, never `batch.leave(line, why)`.",
        "use crate::batch::{Batch, Left, Stop};",
        "pub fn read(text: &str) -> Result<Batch<Accession>, Stop> {",
        "let [key, species, weight] = split(row)?;",
        "if row.starts_with('#') { continue; }",
        "let Ok(grams) = number::<u32>(weight) else { continue };",
        'return Err("no grams".to_owned());',
        "assert_eq!(batch.left().len(), 1);",
    ],
)
def test_code_around_such_a_line_does_not_count(loaded: Loaded, line: str) -> None:
    """Comments, imports, signatures, readers of rows and what passes over a row without a word take no side."""
    assert _outcomes(loaded, "accessions", f"{line}\n") == [Outcome.OMITTED] * 2
