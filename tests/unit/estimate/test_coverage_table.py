"""The kept table of coverage is what the estimators do now, and all that is offered passes it."""

import re
from pathlib import Path

import pytest

from tests.bench.coverage import LEAST_COVERAGE, LEVEL, MOST_REJECTIONS, RUNS, measure
from tests.bench.coverage_settings import SETTINGS

TABLE = Path(__file__).parents[3] / "generated" / "coverage.md"
STUDIES, KEPT = 300, 2000
CASES = [
    ("rare run that breaks every step", 10),
    ("all or nothing beside diffuse, balanced", 10),
    ("all .05, weak", 20),
    ("the same dice, a rare run", 50),
    ("all 0", 3),
]


def entries():
    """By number of runs and setting, the columns of the kept table."""
    found, runs = {}, 0
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if title := re.match(r"## (\d+) runs", line):
            runs = int(title[1])
        elif runs and line.startswith("| ") and not line.startswith("| setting"):
            name, _, *columns = (cell.strip() for cell in line.strip("|").split("|"))
            found[runs, name] = columns
    return found


def coverage_of(column):
    return float(column.replace("*", "").split(" / ")[0])


def test_the_table_has_every_setting_at_every_number_of_runs():
    assert set(entries()) == {(runs, setting.name) for runs in RUNS for setting in SETTINGS}


def test_what_is_offered_covers_in_every_row_and_has_a_width():
    offered = [column for columns in entries().values() for column in columns[:3]]
    assert min(map(coverage_of, offered)) >= LEAST_COVERAGE
    assert min(float(column.split(" / ")[1]) for column in offered) > 0


def test_offered_tests_reject_no_more_than_is_stated():
    rejected = [columns[-1].split(", ")[:2] for columns in entries().values() if columns[-1]]
    offered = [float(share) for shares in rejected for share in shares if "(" not in share]
    assert max(offered) <= MOST_REJECTIONS


@pytest.mark.parametrize(("name", "runs"), CASES)
def test_estimators_cover_as_the_table_says(name, runs):
    """Within four standard errors of the difference between 300 studies and the kept 2,000."""
    row = measure(next(setting for setting in SETTINGS if setting.name == name), runs, STUDIES)
    kept = entries()[runs, name]
    for found, column in zip((row.mean, row.effect, row.asymmetry, row.peers["t"]), (*kept[:3], kept[5]), strict=True):
        share = min(max(coverage_of(column), 1 - LEVEL), LEVEL)
        error = (share * (1 - share) * (1 / STUDIES + 1 / KEPT)) ** 0.5
        assert found.coverage == pytest.approx(coverage_of(column), abs=4 * error)
    assert row.faults == []
