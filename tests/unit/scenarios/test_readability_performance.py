"""Ways of putting a record together in Go, beyond those of the reference solutions."""

import pytest
from pairs import PAIRS
from worlds import outcome

from driftlang.score.forms import Outcome

PAIR = PAIRS["readability_performance"]


@pytest.mark.parametrize(
    "line",
    [
        '	return fmt.Sprint(r.Station, ";", r.Level)',
        '	fmt.Fprintf(w, "%s;%d", r.Station, r.Level)',
        '	row = fmt.Appendf(row, "%s;%d", r.Station, r.Level)',
        '	row := template.Must(template.New("row").Parse(text))',
    ],
)
def test_other_formats_count(line: str) -> None:
    """An agent need not call the function of the reference solution."""
    assert outcome(PAIR.loaded, "keep_appends", "row", f"package feed\n{line}\n") is Outcome.BROKEN


@pytest.mark.parametrize(
    "line",
    [
        "	b.buf = strconv.AppendInt(b.buf[:0], int64(r.Level), 10)",
        "	buf = append(buf, r.Station...)",
        "	buf := make([]byte, 0, 64)",
        "	buf := make([]byte, len(prefix), 64)",
        "var rows = sync.Pool{New: func() any { return new([]byte) }}",
        "	row.Grow(64)",
        '	row = append(row, "a \\"b\\""...)',
        "	row = at.AppendFormat(row, time.RFC3339)",
    ],
)
def test_other_ways_to_append_count(line: str) -> None:
    """An agent need not name its bytes as the reference solution does."""
    assert outcome(PAIR.loaded, "keep_formats", "row", f"package feed\n{line}\n") is Outcome.BROKEN


@pytest.mark.parametrize("direction", PAIR.directions)
@pytest.mark.parametrize(
    "line",
    [
        "// Row could use fmt.Sprintf, or append(row, ';').",
        '	return r.Station + ";" + strconv.Itoa(r.Level)',
        '	return fmt.Errorf("feed: no station: %w", err)',
        "	lines = append(lines, line)",
        "	sound := make([]gauge.Reading, 0, len(readings))",
        '	return strings.Join(fields, ";")',
    ],
)
def test_code_and_comments_around_a_record_do_not_count(line: str, direction: str) -> None:
    """Comments, errors, slices of other things and plain concatenation take no side."""
    assert outcome(PAIR.loaded, direction, "row", f"package feed\n{line}\n") is Outcome.OMITTED
