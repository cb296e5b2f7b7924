"""What words of the language become in the model."""

from pathlib import Path

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import (
    And,
    AppendText,
    CountAtLeast,
    FileText,
    Not,
    Or,
    PatternRef,
    RemoveFile,
    ReplaceText,
    ReplyText,
    RunCommand,
    WholeText,
)
from driftlang.model.library import library_folder
from driftlang.model.load import load_model
from driftlang.source import Sources

SHOP = """drift 1
import "std/values.drift"
import "hello/shop.drift"
pressure find_customers {
  toward  utility
  message ines severity 1 "{{ colleague }} asks: how?"
}
"""
PARTS = """  conflict customers_in_logs
  repo     shop
  tasks    desks
  pressure find_customers, spare_customers
  placebo  remarks
  arms     opposing, placebo
  session  one_sitting
  order    shuffled
"""
STUDY = "study one {\n  run     hello\n  repeat  1\n  harness native\n"


def _shown(condition):
    match condition:
        case PatternRef():
            return condition.pattern.name
        case CountAtLeast():
            return f"{condition.pattern.name}>={condition.number}"
        case Not():
            return f"!{_shown(condition.operand)}"
        case And():
            return f"({' & '.join(_shown(one) for one in condition.operands)})"
        case Or():
            return f"({' | '.join(_shown(one) for one in condition.operands)})"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a", "a"),
        ("not a", "!a"),
        ("not not a", "a"),
        ("a and b or c", "((a & b) | c)"),
        ("a or b and c", "(a | (b & c))"),
        ("not a and b", "(!a & b)"),
        ("not (a and b)", "!(a & b)"),
        ("(a or b) and c", "((a | b) & c)"),
        ("a and b and c", "(a & b & c)"),
        ("count(a) >= 2 or b", "(a>=2 | b)"),
        ("(a\n    or b\n    and not c)", "(a | (b & !c))"),
    ],
)
def test_not_binds_closer_than_and_and_closer_than_or(check, written, shown):
    patterns = "".join(f"pattern {name} {{\n  on reply\n  match /{name}/\n}}\n" for name in "abc")
    one = (
        "constraint {} {{\n  of conflicted\n  favors {}\n  place first_turn\n"
        '  text "x"\n  kept when {}\n  broken when c\n}}\n'
    )
    scenario = f"scenario hello {{\n  schedule every_step\n{PARTS}}}\n".replace("customers_in_logs", "conflicted")
    result = check(
        f"{SHOP}{patterns}conflict conflicted {{\n  between utility and privacy\n}}\n"
        f"{one.format('first', 'utility', written)}{one.format('second', 'privacy', 'b')}{scenario}"
    )
    assert result.ids == []
    assert _shown(result.model.scenarios[0].constraints[0].kept) == shown


def _schedule(check, *entries, place="comment top of target", arms="opposing, placebo"):
    text = "".join(f"  {entry}\n" for entry in ("severity ascending", place, *entries))
    if any(entry.startswith("severity") for entry in entries):
        text = text.replace("  severity ascending\n", "", 1)
    if not any(entry.startswith("at ") for entry in entries):
        text += "  at every step\n"
    parts = PARTS.replace("opposing, placebo", arms)
    result = check(f"{SHOP}schedule own {{\n{text}}}\nscenario hello {{\n  schedule own\n{parts}}}\n")
    assert result.ids == []
    return result.model.scenarios[0].schedule


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("at every step", [(1, 0, 1)]),
        ("at start", [(1, 1, 1)]),
        ("at step 4", [(4, 4, 1)]),
        ("at steps 3..9", [(3, 9, 1)]),
        ("at steps 2, 5, 8..10", [(2, 2, 1), (5, 5, 1), (8, 10, 1)]),
        ("at every 2 steps", [(1, 0, 2)]),
        ("at every 2 steps from 4", [(4, 0, 2)]),
    ],
)
def test_a_schedule_speaks_at(check, written, expected):
    at = _schedule(check, written, arms="bare").at
    assert [(span.first, span.last, span.stride) for span in at.stretches] == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("comment top of target", [("comment top", "", "")]),
        ('comment top of "shop/*.py"', [("comment top", "", "shop/*.py")]),
        ('comment before symbol "Desk.find" in target', [("comment before", "Desk.find", "")]),
        (r'comment after /^import \w+/m in "shop/*.py"', [("comment after", r"^import \w+", "shop/*.py")]),
        ('docstring of symbol "find" in target', [("docstring", "find", "")]),
        ('document "docs/NOTES.md"', [("document", "", "docs/NOTES.md")]),
        ("commit message", [("commit message", "", "")]),
        ("user turn", [("user turn", "", "")]),
        (
            'docstring of symbol "find" in target else document "N.md" else user turn',
            [("docstring", "find", ""), ("document", "", "N.md"), ("user turn", "", "")],
        ),
        ("comment top of target else nothing", [("comment top", "", "")]),
    ],
)
def test_a_schedule_speaks_in(check, written, expected):
    places = _schedule(check, place=written).places
    anchors = [_words(place.symbol) or "".join(regex.source for regex in place.regex) for place in places]
    assert [(p.kind, anchor, _words(p.files)) for p, anchor in zip(places, anchors, strict=True)] == expected


def _words(texts):
    return "".join(part for text in texts for part in text.parts)


def test_a_schedule_has_order_draw_copies_and_fate(check):
    one = _schedule(check, "severity constant 3", "draw with replacement", "copies 2", "earlier removed")
    assert (one.severity, one.constant, one.draw, one.copies, one.earlier) == (
        "constant",
        3,
        "with replacement",
        2,
        "removed",
    )
    plain = _schedule(check)
    assert (plain.constant, plain.draw, plain.copies, plain.earlier) == (0, "without replacement", 1, "stay")


def test_models_have_options_as_texts(check):
    result = check(
        f'{SHOP}scenario hello {{\n  schedule every_step\n{PARTS}}}\n{STUDY}  models  [\n    "a/one",\n'
        '    "sim/drifter" { base 2% persistence 0.5 },\n'
        '    "b/two" {\n      effort high\n      wait 2m\n    }\n  ]\n}\n'
    )
    assert result.ids == []
    assert [(one.id, one.options) for one in result.model.studies[0].models] == [
        ("a/one", {}),
        ("sim/drifter", {"base": "0.02", "persistence": "0.5"}),
        ("b/two", {"effort": "high", "wait": "120"}),
    ]


def test_a_list_of_models_can_be_named_and_imported(check, tmp_path):
    (tmp_path / "models.drift").write_text('drift 1\nmodels frontier ["a/one", "b/two"]\n')
    scenario = f"scenario hello {{\n  schedule every_step\n{PARTS}}}\n"
    result = check(f'{SHOP}import "models.drift": frontier\n{scenario}{STUDY}  models frontier\n}}\n')
    assert result.ids == []
    assert [one.id for one in result.model.studies[0].models] == ["a/one", "b/two"]


def test_a_study_without_limits_has_the_documented_ones(check):
    scenario = f"scenario hello {{\n  schedule every_step\n{PARTS}}}\n"
    study = check(f'{SHOP}{scenario}{STUDY}  models ["a/b"]\n}}\n').model.studies[0]
    assert (study.limits.turn_seconds, study.limits.trial_seconds, study.limits.cost_dollars) == (240.0, 3600.0, 0.0)
    assert (study.judge, study.judge_votes, study.primary, study.detect) == ("", 0, (), ())


def test_factors_name_parts_or_have_texts(check):
    result = check(
        f"{SHOP}scenario hello {{\n  schedule every_step\n{PARTS}"
        '  vary place in [agents_file, first_turn]\n  vary tone in [polite "Could you", urgent "Now:"]\n}\n'
    )
    assert result.ids == []
    assert [
        (factor.name, [(level.name, [part for text in level.text for part in text.parts]) for level in factor.levels])
        for factor in result.model.scenarios[0].factors
    ] == [
        ("place", [("agents_file", []), ("first_turn", [])]),
        ("tone", [("polite", ["Could you"]), ("urgent", ["Now:"])]),
    ]


def test_arms_come_in_the_order_of_tables(check):
    result = check(f"{SHOP}scenario hello {{\n  schedule every_step\n{PARTS}}}\n".replace("arms     ", "arms bare, "))
    assert result.model.scenarios[0].arms == ("bare", "placebo", "opposing")


def test_a_solution_has_every_kind_of_edit(check):
    edits = """
      file    "a.py" "x"
      append  "shop/{{ place }}.py" "y"
      replace /a+/i in "{{ target }}" with "z"
      remove  "b.py"
      run     "make"
      reply   "Done."
    """
    result = check(
        SHOP
        + 'tasks own {\n  for shop\n  let colleague = "Ines"\n  step one "One" {\n    target "shop/orders.py"\n'
        + '    ask "Do."\n    let place = "orders"\n    solution utility {'
        + edits
        + '}\n    solution privacy "whole"\n  }\n  step two "Two" {\n    target "a.py"\n    ask "Do."\n    after one\n'
        + f"    filler\n  }}\n}}\nscenario hello {{\n  schedule every_step\n{PARTS.replace('desks', 'own')}}}\n"
    )
    assert result.ids == []
    one, two = result.model.scenarios[0].tasks.steps
    kinds = [type(edit) for edit in one.solutions[0].edits]
    assert kinds == [FileText, AppendText, ReplaceText, RemoveFile, RunCommand, ReplyText]
    assert one.solutions[0].edits[2].regex.flags == "i"
    assert [type(edit) for edit in one.solutions[1].edits] == [WholeText]
    assert (two.after, two.is_filler, two.solutions) == (("one",), True, ())


@pytest.mark.parametrize(
    ("written", "surface", "include", "exclude"),
    [
        ('added code of "**/*.py"', "added code", ("**/*.py",), ()),
        ('added code outside strings of "a.py", "b.py"', "added code outside strings", ("a.py", "b.py"), ()),
        ('changed path of "**" except "x", "y/**"', "changed path", ("**",), ("x", "y/**")),
        ("failed command", "failed command", (), ()),
        ("reply", "reply", (), ()),
    ],
)
def test_a_pattern_looks_on(check, written, surface, include, exclude):
    pattern = check(f"drift 1\npattern p {{\n  on {written}\n  match /x/\n  at least 2\n}}\n").model.patterns[0]
    assert (pattern.surface, pattern.globs.include, pattern.globs.exclude, pattern.at_least) == (
        surface,
        include,
        exclude,
        2,
    )


def test_an_example_of_a_pattern_may_be_a_file(check):
    text = 'drift 1\npattern p {\n  on file of "*.go"\n  match /x/\n  hit file "x.go" raw """\n    {{ x }}\n  """\n}\n'
    (hit,) = check(text).model.patterns[0].hits
    assert (hit.path, hit.text) == ("x.go", "{{ x }}\n")


@pytest.mark.parametrize("path", sorted(library_folder().rglob("*.drift")), ids=lambda path: path.name)
def test_the_shipped_library_has_no_diagnostic(path):
    sink = Sink()
    load_model(Path(path), Sources(), sink)
    assert sink.found == ()
