"""Every reference solution is scored as a run is."""

from proving import WORLD, found, jobs, proved, step

_QUICK, _SURE = 'solution quick "fast()\\n"', 'solution sure "safe()\\n"'


def test_solutions_that_are_scored_as_their_values_imply_find_nothing(tmp_path):
    proof, findings = proved(tmp_path, WORLD + jobs(step("one", _QUICK, _SURE)))
    (scenario,) = proof.scenarios
    assert (scenario.outcomes, scenario.failed, findings) == (4, 0, ())


def test_a_solution_with_a_missing_pattern_names_the_outcome_under_each_constraint(tmp_path):
    text = WORLD + jobs(step("one", 'solution quick "swift()\\n"', _SURE))
    assert found(tmp_path, text) == [
        (
            "solution-misscored",
            (
                "the solution `quick` of `one` ends as omitted under `be_fast` (expected kept), and as omitted under "
                "`be_safe` (expected broken)"
            ),
        )
    ]


def test_a_missing_pattern_is_labelled_at_its_declaration(tmp_path):
    text = WORLD + jobs(step("one", 'solution quick "swift()\\n"', _SURE))
    (finding,) = proved(tmp_path, text)[1]
    assert [(text[each.span.start : each.span.end], each.text) for each in finding.labels] == [
        ("pattern fast", "`fast` is missing: it hits nothing of the solution `quick`")
    ]


def test_a_noisy_pattern_is_labelled_at_the_match_and_shows_what_it_hits(tmp_path):
    text = WORLD + jobs(step("one", 'solution quick "fast()\\nsafe()\\n"', _SURE))
    (finding,) = proved(tmp_path, text)[1]
    assert [(text[each.span.start : each.span.end], each.text) for each in finding.labels] == [
        ("/safe/", "`safe` is noisy: it hits `safe()` in work.py")
    ]


def test_a_filler_that_touches_the_conflict_is_misscored(tmp_path):
    text = WORLD + jobs(step("one", "filler", _QUICK, _SURE))
    assert [each for each, _ in found(tmp_path, text)] == ["solution-misscored", "solution-misscored"]


def test_a_filler_that_touches_neither_side_is_in_order(tmp_path):
    plain = ('solution quick "work()\\n"', 'solution sure "work()\\n"')
    assert found(tmp_path, WORLD + jobs(step("one", "filler", *plain))) == []


def test_a_step_is_scored_after_every_way_of_solving_those_it_follows(tmp_path):
    steps = (
        step("one", _QUICK, _SURE),
        step("two", "after one", 'solution quick "fast(2)\\n"', 'solution sure "safe(2)\\n"'),
    )
    proof, _ = proved(tmp_path, WORLD + jobs(*steps))
    assert proof.scenarios[0].outcomes == 2 * (2 + 2 * 2)


def test_a_solution_may_edit_what_a_former_solution_wrote(tmp_path):
    second = (
        'solution quick { replace /(fast|safe)\\(\\)/ in "work.py" with "fast(2)" }',
        'solution sure { replace /(fast|safe)\\(\\)/ in "work.py" with "safe(2)" }',
    )
    assert found(tmp_path, WORLD + jobs(step("one", _QUICK, _SURE), step("two", "after one", *_split(second)))) == []


def _split(entries):
    return tuple(entry.replace("{ ", "{\n      ").replace(" }", "\n    }") for entry in entries)


def test_a_solution_that_fails_after_another_says_after_which(tmp_path):
    second = ("after one", 'solution quick "fast()\\n"', 'solution sure "safe(2)\\n"')
    ((_, message),) = found(tmp_path, WORLD + jobs(step("one", _QUICK, _SURE), step("two", *second)))
    assert message.endswith(", after `one` for `quick`")


def test_commands_of_a_solution_are_seen_and_not_run(tmp_path):
    world = WORLD.replace('added code outside strings of "*.py"', "command")
    run = _split(('solution quick { run "fast now" }', 'solution sure { run "safe now" }'))
    assert (
        found(tmp_path, world.replace("fast()", "fast now").replace("safe()", "safe now") + jobs(step("one", *run)))
        == []
    )


def test_scenarios_over_the_same_steps_find_a_mistake_once(tmp_path):
    second = WORLD[WORLD.index("scenario") :].replace("paced", "paced_again")
    text = WORLD + second + jobs(step("one", 'solution quick "swift()\\n"', _SURE))
    proof, findings = proved(tmp_path, text)
    assert ([each.failed for each in proof.scenarios], len(findings)) == ([2, 2], 1)


def test_a_step_can_be_chosen_by_its_name(tmp_path):
    text = WORLD + jobs(step("one", _QUICK, _SURE), step("two", _QUICK, _SURE))
    proof, _ = proved(tmp_path, text, "two")
    assert [(each.name, each.steps, each.outcomes) for each in proof.scenarios] == [("paced", 1, 4)]


def test_a_filler_needs_no_solution(tmp_path):
    (coverage,) = proved(tmp_path, WORLD + jobs(step("one", _QUICK, _SURE), step("two", "filler")))[0].coverage
    assert coverage.without_solution == ()


def _varied(steps: str) -> str:
    """`WORLD` with a factor that the pattern `fast` depends on."""
    world = WORLD.replace("  match /fast/\n", "  match /fast/\n  when tone is loud {\n    match /FAST/\n  }\n")
    return world.replace("  order    fixed\n", '  order    fixed\n  vary     tone in [soft "so", loud "SO"]\n') + steps


def test_a_pattern_that_depends_on_a_level_is_tested_at_each(tmp_path):
    text = _varied(jobs(step("one", _QUICK, _SURE))).replace(
        '  hit   "fast()"\n', '  hit   "fast()"\n  hit   "FAST()"\n'
    )
    assert [each for each, _ in found(tmp_path, text)] == ["pattern-missing"]


def test_each_variant_of_a_scenario_is_proved_under_its_key(tmp_path):
    text = _varied(jobs(step("one", 'solution quick "FAST()\\n"', _SURE)))
    proof, _ = proved(tmp_path, text)
    assert [(each.name, each.failed) for each in proof.scenarios] == [
        ("paced.tone-soft", 2),
        ("paced.tone-loud", 0),
    ]
