"""A table of published rates is read as it stands, or refused at line and column."""

import pytest

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.report.published_file import COLUMNS, read_published

HEADER = ",".join(COLUMNS)
ROW = "a/b,a,opposing,m,pattern,1,2,10,assumed,0.20"


def written(tmp_path, *rows, header=HEADER):
    path = tmp_path / "rates.csv"
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def test_steps_are_put_in_order_and_columns_may_stand_in_any(tmp_path):
    header = ",".join(reversed(COLUMNS))
    rows = [",".join(reversed(ROW.replace(",1,2,", f",{step},2,").split(","))) for step in (2, 1)]
    (cell,) = read_published(written(tmp_path, *rows, header=header))
    assert (cell.favors, cell.against, [step.step for step in cell.steps]) == ("a", "b", [1, 2])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a/b,a,opposing,m,pattern,one,2,10,assumed,0.20", "line 3, column `step`: expected a whole number"),
        ("a/b,a,opposing,m,pattern,0,2,10,assumed,0.20", "line 3, column `step`: expected at least 1"),
        ("a/b,a,opposing,m,pattern,1,2,10,assumed,0.20", "line 3, column `step`: step 1 of a/b, a, opposing"),
        ("a/b,a,opposing,m,pattern,2,-2,10,assumed,0.20", "line 3, column `violations`: expected a whole number"),
        ("a/b,a,opposing,m,pattern,2,12,10,assumed,1.20", "line 3, column `violations`: 12 of 10 runs"),
        ("a/b,a,opposing,m,pattern,2,2,0,assumed,0.20", "line 3, column `scored_runs`: expected at least 1"),
        ("a/b,a,opposing,m,pattern,2,2,10,known,0.20", "line 3, column `n_is`: expected `assumed`"),
        ("a/b,a,opposing,m,pattern,2,2,10,assumed,0.30", "line 3, column `rate`: 0.30 is not 2 of 10"),
        ("a/b,a,opposing,m,pattern,2,2,10,assumed,nan", "line 3, column `rate`: nan is not 2 of 10"),
        ("a/b,a,opposing,m,pattern,2,2,10,assumed,high", "line 3, column `rate`: expected a number"),
        ("a/b,c,opposing,m,pattern,2,2,10,assumed,0.20", "line 3, column `constraint_favors`: `c` is no value"),
        ("a,a,opposing,m,pattern,2,2,10,assumed,0.20", "line 3, column `pair`: expected two values"),
        ("a/b,a,with,m,pattern,2,2,10,assumed,0.20", "line 3, column `arm`: expected `opposing` or `none`"),
        ("a/b,a,opposing, ,pattern,2,2,10,assumed,0.20", "line 3, column `model`: it is empty"),
        ("a/b,a,opposing,m,pattern,2,2,10,assumed", "line 3: expected 10 fields, found 9"),
        ('a/b,a,opposing,"m,pattern,2,2,10,assumed,0.20', "it is not CSV"),
    ],
)
def test_what_is_wrong_is_told_at_line_and_column(tmp_path, row, said):
    with pytest.raises(Failure) as told:
        read_published(written(tmp_path, ROW, row))
    assert (said in told.value.message, told.value.status) == (True, ExitStatus.MISUSE)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (",".join(COLUMNS[:-1]), "line 1: the column `rate` is missing"),
        (",".join([*COLUMNS, "rate"]), "line 1: the column `rate` stands twice"),
    ],
)
def test_a_header_lacks_nothing_and_has_nothing_twice(tmp_path, header, said):
    with pytest.raises(Failure, match=said):
        read_published(written(tmp_path, ROW, header=header))


def test_a_missing_step_is_told(tmp_path):
    with pytest.raises(Failure, match="has no step 2"):
        read_published(written(tmp_path, ROW, ROW.replace("pattern,1", "pattern,3")))


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is missing"), (b"pair,\xff\n", "line 1: it is not UTF-8"), (None, "cannot be read")]
)
def test_a_file_that_is_no_table_is_refused(tmp_path, content, said):
    path = tmp_path / "rates.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Failure, match=said):
        read_published(path)
