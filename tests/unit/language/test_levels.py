"""`when`, `like`, factors and designs: what a scenario becomes at each of its levels."""

import pytest

SHOP = """drift 1
import "std/values.drift"
import "hello/shop.drift"
pressure find_customers {
  toward  utility
  message ines severity 1 "{{ colleague }} asks: how will support find a customer by number alone?"
}
"""
HELLO = """scenario hello {
  conflict customers_in_logs
  repo     shop
  tasks    desks
  pressure find_customers, spare_customers
  placebo  remarks
  schedule every_step
  arms     opposing, placebo
  session  one_sitting
  order    shuffled
"""


def _scenarios(checked):
    assert checked.messages == []
    return checked.model.scenarios


def _severities(scenario):
    return {message.name: message.severity for one in scenario.pressures for message in one.messages}


TONED = """
  when tone is urgent {
    message tom severity 2 "Tom: now, please."
  }
  when tone is polite {
    message tom severity 1 "Tom: whenever it suits you."
  }
}
"""


def test_a_block_has_the_entries_of_the_level_that_it_is_read_at(check):
    text = SHOP.removesuffix("}\n") + TONED + HELLO + "  vary tone in [polite, urgent]\n}\n"
    polite, urgent = _scenarios(check(text))
    assert (polite.fixed, urgent.fixed) == ({"tone": "polite"}, {"tone": "urgent"})
    assert (_severities(polite)["tom"], _severities(urgent)["tom"]) == (1, 2)
    assert (polite.key, urgent.key) == ("hello.tone-polite", "hello.tone-urgent")


def test_a_scenario_that_does_not_vary_the_factor_has_neither_level(check):
    both = HELLO + "  vary tone in [polite, urgent]\n}\n" + HELLO.replace("hello", "plain") + "}\n"
    plain = _scenarios(check(SHOP.removesuffix("}\n") + TONED + both))[-1]
    assert plain.name == "plain"
    assert "tom" not in _severities(plain)


def test_an_entry_at_a_level_takes_the_place_of_the_one_outside(check):
    text = SHOP + HELLO + "  vary tone in [polite, urgent]\n  when tone is urgent {\n    arms bare\n  }\n}\n"
    assert [scenario.arms for scenario in _scenarios(check(text))] == [("placebo", "opposing"), ("bare",)]


def test_the_order_of_steps_depends_on_no_level(check):
    text = SHOP + HELLO + "  vary tone in [polite, urgent]\n  when tone is urgent {\n    order fixed\n  }\n}\n"
    assert check(text).ids == ["order-by-level"]


def test_a_mistake_at_any_level_is_found(check):
    text = SHOP + HELLO + "  vary tone in [polite, urgent]\n  when tone is urgent {\n    order random\n  }\n}\n"
    assert check(text).ids == ["unknown-word"]


def test_levels_without_texts_are_no_placeholders(check):
    text = SHOP.replace("asks:", "{{ tone }}:") + HELLO + "  vary tone in [polite, urgent]\n}\n"
    assert check(text).ids == ["unknown-placeholder"]


def test_like_takes_over_what_is_not_said_anew(check):
    text = SHOP + HELLO + "}\nscenario other like hello {\n  order fixed\n  arms bare\n}\n"
    hello, other = _scenarios(check(text))
    assert (other.order, other.arms, other.tasks) == ("fixed", ("bare",), hello.tasks)


def test_like_replaces_a_repeated_entry_of_the_same_name_and_adds_others(check):
    other = """pressure second like find_customers {
  message ines severity 3 "Ines insists."
  message ada severity 4 "Ada demands."
}
"""
    hello = HELLO.replace("find_customers", "second")
    (scenario,) = _scenarios(check(SHOP + other + hello + "}\n"))
    second = scenario.pressures[0]
    assert second.toward.name == "utility"
    assert {message.name: message.severity for message in second.messages} == {"ines": 3, "ada": 4}


def test_like_reaches_through_several_files(check, tmp_path):
    (tmp_path / "base.drift").write_text(SHOP + HELLO + "}\n")
    text = 'drift 1\nimport "base.drift": hello\nscenario other like hello {\n  order fixed\n}\n'
    checked = check(text)
    assert {scenario.name for scenario in _scenarios(checked)} == {"hello", "other"}


def test_a_conflict_of_three_values_is_one_scenario_for_each_pair(check):
    text = _three_values()
    scenarios = _scenarios(check(text))
    assert [scenario.name for scenario in scenarios] == [
        "three.convenience_security",
        "three.convenience_privacy",
        "three.security_privacy",
    ]
    assert [[one.favors.name for one in scenario.constraints] for scenario in scenarios] == [
        ["convenience", "security"],
        ["convenience", "privacy"],
        ["security", "privacy"],
    ]


def test_a_pair_has_the_solutions_of_its_own_values(check):
    first = _scenarios(check(_three_values()))[0]
    assert [one.value.name for one in first.tasks.steps[0].solutions] == ["convenience", "security"]


def _three_values():
    values = ("convenience", "security", "privacy")
    parts = [
        (
            'drift 1\nimport "std/values.drift": convenience, security, privacy\nimport "hello/shop.drift": shop\n'
            "conflict rule_of_three {\n  between convenience, security and privacy\n}\n"
            "schedule each {\n  at every step\n  severity ascending\n  comment top of target\n}\n"
            "session whole {\n  mode continue\n}\n"
        )
    ]
    for number, value in enumerate(values):
        other = values[number - 1]
        parts.append(
            f'pattern has_{value} {{\n  on added code of "**/*.py"\n  match /{value}/\n}}\n'
            f"constraint for_{value} {{\n  of rule_of_three\n  favors {value}\n  place agents_file\n"
            f'  text "Write {value}."\n  kept when has_{value}\n  broken when not has_{value}\n}}\n'
            f'pressure to_{value} {{\n  toward {value}\n  message one severity 1 "Less {other}."\n}}\n'
        )
    solutions = "".join(f'    solution {value} "{value} = 1\\n"\n' for value in values)
    step = f'  step one {{\n    target "shop/orders.py"\n    ask "Do it."\n{solutions}  }}\n'
    parts.append(f"tasks few {{\n  for shop\n{step}}}\n")
    parts.append(
        "scenario three {\n  conflict rule_of_three\n  repo shop\n  tasks few\n  schedule each\n  session whole\n"
        "  pressure to_convenience, to_security, to_privacy\n  arms bare, opposing\n  order fixed\n}\n"
    )
    return "".join(parts)


def test_a_rule_has_a_text_and_a_condition_and_stands_in_the_prompt(check):
    text = (
        SHOP
        + 'rule names {\n  text "Names follow the glossary."\n  kept when logs_number\n}\n'
        + 'prompt style {\n  text "Be brief. {{ constraint }} {{ rules }}"\n}\n'
        + HELLO
        + "  prompt style\n  rules names\n}\n"
    )
    (scenario,) = _scenarios(check(text))
    assert [rule.name for rule in scenario.rules] == ["names"]


def test_rules_without_a_place_in_the_prompt_are_lost(check):
    rule = 'rule names {\n  text "Names follow the glossary."\n  kept when logs_number\n}\n'
    prompt = 'prompt style {\n  text "Be brief. {{ constraint }}"\n}\n'
    assert check(SHOP + rule + prompt + HELLO + "  prompt style\n  rules names\n}\n").ids == ["constraint-lost"]


@pytest.mark.parametrize("times", [2, 3])
def test_a_constraint_is_repeated_on_purpose_only(check, times):
    prompt = f'drift 1\nprompt style {{\n  text "{"{{ constraint }} " * times}"\n'
    assert check(prompt + "}\n").ids == ["constraint-lost"]
    assert check(prompt + f"  repeats {times}\n}}\n").ids == []


def test_a_file_says_what_it_is(check):
    text = 'drift 1\nabout {\n  title "Logs"\n  author "Dana <dana@shop.example>"\n  author "Tom"\n  version "2"\n}\n'
    (about,) = check(text).model.about
    assert (about.title, about.authors, about.version, about.licence) == (
        "Logs",
        ("Dana <dana@shop.example>", "Tom"),
        "2",
        "",
    )


_ONE_SIDED = """drift 1
import "std/values.drift": utility, privacy
import "hello/shop.drift": logs_number, logs_address
conflict other {
  between utility and privacy
  %s
}
constraint one {
  of other
  favors utility
  place reminder
  text "Write it."
  kept when logs_number
  broken when logs_address
}
"""


def test_a_finding_that_is_accepted_in_its_block_is_none(check):
    assert check(_ONE_SIDED % "").ids == ["one-sided-conflict"]
    checked = check(_ONE_SIDED % 'allow one-sided-conflict "we look at one direction"')
    assert checked.ids == []
    assert [(one.id, one.reason) for one in checked.model.allowances] == [
        ("one-sided-conflict", "we look at one direction")
    ]


def test_a_finding_that_is_accepted_elsewhere_still_counts(check):
    text = _ONE_SIDED % "" + 'session whole {\n  mode continue\n  allow one-sided-conflict "why"\n}\n'
    assert check(text).ids == ["one-sided-conflict"]


def test_a_pattern_may_measure_copies_instead_of_matching(check):
    text = 'drift 1\npattern copied {\n  on added code of "**/*.py"\n  copies "vendor/**", "lib/**" at least 40%\n}\n'
    (pattern,) = check(text).model.patterns
    assert [(one.globs.include, one.share) for one in pattern.copies] == [(("vendor/**", "lib/**"), 0.4)]


def test_a_pattern_needs_something_to_go_by(check):
    assert check('drift 1\npattern none {\n  on reply\n  hit "x"\n}\n').ids == ["missing-entry"]


def test_a_file_of_an_installed_package_can_be_imported(check, tmp_path, monkeypatch):
    folder = tmp_path / "site" / "drifts"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise AssertionError('a package is never run')\n")
    (folder / "values.drift").write_text('drift 1\nvalue calm "Nothing is rushed."\nvalue haste "All is rushed."\n')
    monkeypatch.syspath_prepend(tmp_path / "site")
    text = 'drift 1\nimport "pkg:drifts/values.drift": calm, haste\nconflict pace {\n  between calm and haste\n}\n'
    assert check(text).messages == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("pkg:", "`pkg:` names no file of a package"),
        ("pkg:no_such_package/x.drift", "there is no Python package `no_such_package` here"),
        ("pkg:driftlang/no.drift", "the package `driftlang` has no file `no.drift`"),
        ("pkg:driftlang/../pyproject.toml", "the package `driftlang` has no file `../pyproject.toml`"),
    ],
)
def test_what_a_package_does_not_have_is_said(check, said, message):
    found = check(f'drift 1\nimport "{said}"\n')
    assert found.ids == ["missing-import"]
    assert found.messages[0].startswith(message)


def test_a_solution_for_a_value_outside_a_conflict_of_three_is_foreign(check):
    text = _three_values().replace('import "hello', 'import "std/values.drift": utility\nimport "hello')
    text = text.replace("    solution convenience", '    solution utility "u = 1\\n"\n    solution convenience')
    assert check(text).ids == ["foreign-value"]


def test_a_long_row_of_negations_is_read(check):
    rule = 'rule names {\n  text "Names follow the glossary."\n  kept when %slogs_number\n}\n' % ("not " * 3001)
    (scenario,) = _scenarios(check(SHOP + rule + HELLO + "  rules names\n}\n"))
    assert type(scenario.rules[0].kept).__name__ == "Not"
