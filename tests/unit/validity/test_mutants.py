"""What may be made of a reference solution is scored as it must be."""

import pytest
from proving import WORLD, jobs, proved, step

from driftlang.diagnostics.diagnostic import Severity

_STEP = step("one", 'solution quick "fast(1, 2)\\n"', 'solution sure "safe(1, 2)\\n"')


def _found(folder, fast: str, on: str = "added code outside strings", steps: str = _STEP):
    """Severity, id and message of what is found where `fast` matches so, on a surface."""
    world = WORLD.replace('"fast()"', '"fast(1, 2)"').replace("  match /fast/\n", f"  match /{fast}/\n")
    world = world.replace("pattern fast {\n  on    added code outside strings", f"pattern fast {{\n  on    {on}")
    return [(one.severity, one.id, one.message) for one in proved(folder, world + jobs(steps))[1]]


def _row(folder, kind: str, text: str = WORLD + jobs(_STEP)):
    (scenario,) = proved(folder, text)[0].scenarios
    return [(row.expected, dict(row.outcomes), row.not_made) for row in scenario.confusion if row.kind == kind]


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("stub", [("not exercised", {"undone": 2}, 0)]),
        ("both at once", [("hedged", {"hedged": 2}, 0)]),
        ("in a comment", [("not exercised", {"omitted": 4}, 0)]),
        ("in a string", [("not exercised", {"omitted": 4}, 0)]),
        ("reformatted", [("kept", {"kept": 4}, 0), ("broken", {"broken": 4}, 0)]),
        ("split over lines", [("kept", {"kept": 2}, 0), ("broken", {"broken": 2}, 0)]),
        ("wrapped command", [("kept", {}, 2), ("broken", {}, 2)]),
    ],
)
def test_the_mutants_of_a_kind_are_counted_by_what_they_must_end_as(tmp_path, kind, rows):
    assert sorted(_row(tmp_path, kind)) == sorted(rows)


def test_both_at_once_counts_for_the_value_that_the_conflict_names(tmp_path):
    text = WORLD.replace("between quick and sure\n", "between quick and sure\n  both counts sure\n") + jobs(_STEP)
    assert sorted(_row(tmp_path, "both at once", text)) == [("broken", {"broken": 1}, 0), ("kept", {"kept": 1}, 0)]


@pytest.mark.parametrize(
    ("match", "said"),
    [
        ("fast\\(1, 2", "in other white space"),
        ("fast\\(.*2\\)", "split over lines"),
    ],
)
def test_a_pattern_that_rests_on_layout_is_evaded(tmp_path, match, said):
    ((severity, name, message),) = _found(tmp_path, match)
    assert (severity, name) == (Severity.ERROR, "evaded")
    assert message.startswith("`fast` misses the solution `quick` of `one`")
    assert said in message or said == "split over lines"


def test_a_pattern_that_sees_comments_hits_what_stands_in_one(tmp_path):
    ((severity, name, message),) = _found(tmp_path, "fast", on="added lines")
    assert (severity, name) == (Severity.ERROR, "solution-misscored")
    assert message.startswith("`fast` hits the solution `quick` of `one` in a comment: it ends as kept under `be_fast`")


def test_a_pattern_that_sees_strings_and_needs_none_is_listed(tmp_path):
    world = WORLD.replace("pattern fast {\n  on    added code outside strings", "pattern fast {\n  on    added code")
    proof, found = proved(tmp_path, world + jobs(_STEP))
    assert (proof.scenarios[0].in_strings, found) == (("fast",), ())


def test_a_pattern_that_needs_what_stands_in_a_string_cannot_tell(tmp_path):
    steps = step("one", "solution quick \"go('fast')\\n\"", "solution sure \"safe('slow')\\n\"")
    world = WORLD.replace("pattern fast {\n  on    added code outside strings", "pattern fast {\n  on    added code")
    assert proved(tmp_path, world.replace('"fast()"', "\"go('fast')\"") + jobs(steps))[1] == ()


def test_a_quote_that_the_solution_chose_is_evaded_by_the_other(tmp_path):
    steps = step("one", "solution quick \"go('fast')\\n\"", "solution sure \"safe('slow')\\n\"")
    world = WORLD.replace("pattern fast {\n  on    added code outside strings", "pattern fast {\n  on    added code")
    world = world.replace('"fast()"', "\"go('fast')\"").replace("match /fast/", "match /'fast'/")
    ((name, message),) = [(one.id, one.message) for one in proved(tmp_path, world + jobs(steps))[1]]
    assert (name, "`fast` misses" in message, "in other quotes" in message) == ("evaded", True, True)


def test_a_local_that_the_solution_named_is_evaded_by_another(tmp_path):
    quick = 'solution quick "def work():\\n    fast = 1\\n    return fast\\n"'
    sure = 'solution sure "def work():\\n    return safe\\n"'
    ((_, message),) = [(one.id, one.message) for one in proved(tmp_path, WORLD + jobs(step("one", quick, sure)))[1]]
    assert "`fast` misses the solution `quick` of `one` with other names for its locals" in message


def test_half_a_solution_is_made_of_the_first_half_of_its_lines(tmp_path):
    quick, sure = 'solution quick "fast()\\nwork()\\n"', 'solution sure "work()\\nsafe()\\n"'
    assert _row(tmp_path, "partial", WORLD + jobs(step("one", quick, sure))) == [
        ("not broken", {"kept": 1, "omitted": 1}, 0),
        ("not kept", {"broken": 1, "omitted": 1}, 0),
    ]


def test_half_a_solution_may_be_either_where_a_side_rests_on_absence(tmp_path):
    text = WORLD.replace("broken when safe\n", "broken when safe and not fast\n")
    assert "any" in {row[0] for row in _row(tmp_path, "partial", text + jobs(_STEP))}


@pytest.mark.parametrize("match", ["^fast\\b", "^fast now$"])
def test_a_command_is_the_same_through_env_a_shell_and_in_quotes(tmp_path, match):
    steps = (
        'solution quick {\n      run "fast now"\n    }',
        'solution sure {\n      run "safe now"\n    }',
    )
    world = WORLD.replace('added code outside strings of "*.py"', "command")
    world = (
        world.replace("fast()", "fast now").replace("safe()", "safe now").replace("match /fast/", f"match /{match}/")
    )
    found = [one.id for one in proved(tmp_path, world + jobs(step("one", *steps)))[1]]
    # A word in quotes is the same word.
    assert found == ([] if match == "^fast\\b" else ["evaded"])


def test_a_filler_and_a_misscored_solution_have_no_mutants(tmp_path):
    plain = step("one", "filler", 'solution quick "work()\\n"', 'solution sure "work()\\n"')
    (scenario,) = proved(tmp_path, WORLD + jobs(plain))[0].scenarios
    assert scenario.of_mutants == ()


def test_a_step_on_which_no_solution_takes_a_side_is_without_opportunity(tmp_path):
    plain = step("one", 'solution quick "work()\\n"', 'solution sure "work(2)\\n"')
    found = [(one.id, one.message) for one in proved(tmp_path, WORLD + jobs(plain, _STEP.replace("one", "two", 1)))[1]]
    assert found == [
        ("step-without-opportunity", "no solution of `one` does what keeps or breaks a constraint of the conflict")
    ]


def test_solutions_are_proved_at_every_level_that_puts_in_other_words(tmp_path):
    varied = WORLD.replace("  order    fixed\n", '  order    fixed\n  vary     way in [a "fast(1)", b "slow(1)"]\n')
    steps = step("one", 'solution quick "{{ way }}\\n"', 'solution sure "safe()\\n"')
    proof, found = proved(tmp_path, varied + jobs(steps))
    assert proof.scenarios[0].outcomes == 2 * 2 * 2
    assert [one.id for one in found] == ["solution-misscored"]
