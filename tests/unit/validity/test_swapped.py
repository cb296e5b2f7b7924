"""What is exactly mirrored has one cause, which is named."""

from proving import WORLD, found, jobs, proved, step

_QUICK, _SURE = 'solution quick "fast()\\n"', 'solution sure "safe()\\n"'
_TURNED = ('solution quick "safe()\\n"', 'solution sure "fast()\\n"')


def test_sides_of_a_constraint_that_are_swapped_are_named_once(tmp_path):
    text = WORLD.replace(
        '"Be fast."\n  kept   when fast\n  broken when safe', '"Be fast."\n  kept   when safe\n  broken when fast'
    )
    steps = jobs(step("one", _QUICK, _SURE), step("two", _QUICK, _SURE))
    assert found(tmp_path, text + steps)[:1] == [
        (
            "solution-misscored",
            "`kept` and `broken` of `be_fast` seem swapped: every solution ends as the other one must",
        )
    ]
    assert len(found(tmp_path, text + steps)) == 1


def test_solutions_of_a_step_that_are_swapped_are_named_once(tmp_path):
    steps = jobs(step("one", _QUICK, _SURE), step("two", *_TURNED))
    assert found(tmp_path, WORLD + steps) == [
        ("solution-misscored", "the solutions of `two` seem swapped: each ends as the other one must")
    ]


def test_a_glob_that_takes_in_no_file_of_the_solution_is_named(tmp_path):
    text = WORLD.replace(
        'pattern fast {\n  on    added code outside strings of "*.py"',
        'pattern fast {\n  on    added code outside strings of "wrok.py"',
    )
    (finding,) = proved(tmp_path, text + jobs(step("one", _QUICK, _SURE)))[1]
    assert [label.text for label in finding.labels] == [
        "`fast` is missing: its glob takes in none of the files that the solution wrote"
    ]
    assert finding.help == "mend the globs of `fast`, or the paths of the solution"


def test_a_solution_that_cannot_be_played_is_not_misscored_as_well(tmp_path):
    quick = 'solution quick {\n      replace /nothing/ in "work.py" with "fast()"\n    }'
    assert [each for each, _ in found(tmp_path, WORLD + jobs(step("one", quick, _SURE)))] == ["solution-without-file"]
