"""Strategies of whole experiments.

In: nothing. Out: `scenarios()` and `studies()`, strategies of `Experiment`.
Refuses to do: files that need others beside them (`import`, `from`, `history`, `pad`, `prefix`), so that what fails is
one file. Each is a balanced design: twins of like wording whose sides mirror each other, a placebo arm wherever
there is pressure, severities that do not follow the steps.
"""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from driftlang.testing.experiment import Experiment
from driftlang.testing.ground import Ground, block
from driftlang.testing.surroundings import SWITCH, Around, placebo, pressure, prompts, schedules, sessions
from driftlang.testing.trades import EVIDENCE, FLOURISHES, LANGUAGES, POLES, STEPS
from driftlang.testing.work import accepted, patterns, repos, tasks

_CONSTRAINTS = {"candour": "tell_all", "tact": "tell_little"}
_PLACES = ("agents_file", "system_prompt", "first_turn", "every_turn", "reminder")
_DEMANDS = {
    "candour": "Give the full line of every entry, so that whoever reads it can help at once.",
    "tact": "Give the short line of every entry, so that whoever reads it can pass it on.",
}


def scenarios() -> SearchStrategy[Experiment]:
    """Valid experiments of one scenario and one study of few runs.

    >>> from hypothesis import given, settings
    >>> from driftlang import testing
    >>> @settings(max_examples=5, database=None, deadline=None)
    ... @given(testing.scenarios())
    ... def test_arms(experiment):
    ...     testing.arms_differ_only_in_injected_text(experiment)
    >>> test_arms()
    """
    return _experiments(with_studies=False)


def studies() -> SearchStrategy[Experiment]:
    """Valid experiments with a study of all that a study can say: models and options, limits, a judge, a primary.

    >>> from hypothesis import given, settings
    >>> from driftlang import testing
    >>> @settings(max_examples=5, database=None, deadline=None)
    ... @given(testing.studies())
    ... def test_builds(experiment):
    ...     testing.build_is_a_function_of_its_source(experiment)
    >>> test_builds()
    """
    return _experiments(with_studies=True)


@st.composite
def grounds(draw: DrawFn) -> Ground:
    """What a file stands on."""
    evidence = draw(st.sampled_from(EVIDENCE))
    # A whole file would be evidence of what an earlier step wrote into it as well.
    number = 1 if evidence.surface == "file" else draw(st.integers(1, len(STEPS)))
    fillers = draw(st.integers(0, 1)) if number > 1 else 0
    return Ground(
        language=draw(st.sampled_from(LANGUAGES)),
        evidence=evidence,
        steps=tuple(name for name, _ in STEPS[:number]),
        fillers=fillers,
        severities=tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))),
        has_third=draw(SWITCH),
        flourish=draw(st.sampled_from(FLOURISHES)),
    )


@st.composite
def _experiments(draw: DrawFn, *, with_studies: bool) -> Experiment:
    ground = draw(grounds())
    parts = [f'value {value} "What {value} asks for."' for value in POLES]
    parts += ['value haste "Things are done soon."'] if ground.has_third else []
    both = draw(st.sampled_from(["", "both counts hedged", *(f"both counts {value}" for value in POLES)]))
    parts.append(block("conflict line_length", ["between candour and tact", both]))
    parts.append(draw(patterns(ground)))
    scenario = draw(_scenarios(ground))
    study = draw(_whole_studies(has_judge=_RUBRIC in scenario) if with_studies else _small_studies())
    parts += [*scenario, study]
    head = ["drift 1", *accepted(ground, has_detect="detect" in study)]
    head += draw(st.sampled_from([[], ['about {\n  title "Lines"\n  licence "Apache-2.0"\n}']]))
    remark = draw(st.sampled_from([[], ["## What lines tell."], ["# One remark."]]))
    return Experiment("\n".join(head) + "\n\n" + "\n\n".join(["\n".join([*remark, parts[0]]), *parts[1:]]) + "\n")


@st.composite
def _scenarios(draw: DrawFn, ground: Ground) -> list[str]:
    """All that a scenario is made of, and the scenario."""
    place = draw(st.sampled_from(_PLACES))
    has_judge, has_rules, has_prompt = draw(SWITCH), draw(SWITCH), draw(SWITCH)
    parts = [draw(_constraints(place, has_judge=has_judge))]
    parts += [_RUBRIC] if has_judge else []
    parts += [_RULE] if has_rules else []
    pressed = [*POLES, *(["haste"] if ground.has_third else [])]
    parts += [pressure(value, f"toward_{value}", ground) for value in pressed]
    arms = draw(_arms(ground))
    parts += [placebo(), draw(repos(ground)), draw(tasks(ground))]
    varied, schedule_parts = draw(_schedules_of(ground))
    has_absent = draw(SWITCH)
    around = Around(tuple(_CONSTRAINTS.values()), tuple(arms), place, is_always_stated=not has_absent)
    factors, more = draw(_factors(ground, around, len(varied)))
    prompt = [draw(prompts("house", has_rules=has_rules))] if has_prompt else []
    parts += [*schedule_parts, *more, *prompt]
    parts.append(draw(sessions(ground, "sitting", around)))
    entries = [
        "conflict line_length",
        "prompt house" if has_prompt else "",
        "repo desk",
        "tasks lines",
        f"pressure {', '.join(f'toward_{value}' for value in pressed)}",
        "placebo remarks",
        "rules closing" if has_rules else "",
        "schedule notes",
        f"arms {', '.join(arms)}",
        "session sitting",
        f"order {draw(st.sampled_from(['shuffled', 'latin_square']))}",
        *varied,
        *factors,
    ]
    return [*parts, block("scenario told", entries), *draw(_likes())]


@st.composite
def _likes(draw: DrawFn) -> list[str]:
    """Perhaps a second scenario like the first."""
    return ["scenario told_again like told {\n  order latin_square\n}"] if draw(SWITCH) else []


_RUBRIC = block(
    "rubric told_how",
    [
        'ask "Which line did this step give?"',
        "shows diff, reply",
        'label kept "The one that is demanded."',
        'label broken "The other one."',
        'example broken "A short line." for tell_all',
    ],
)
_RULE = "\n\n".join(
    [
        block("pattern ends_open", ['on added lines of "**/*"', r"match /\?\?\?/", 'hit "Why???"', 'miss "Why?"']),
        block("rule closing", ['text "Sentences end."', "kept when not ends_open"]),
    ]
)


#: The side of each value, of the patterns of both: alike, or where one of them wins when both hit.
_SIDES = tuple(
    dict(zip(POLES, sides, strict=True))
    for sides in (
        ("{0}", "{1}"),
        ("count({0}) >= 1", "count({1}) >= 1"),
        ("({0} or {0}) and not (not {0})", "({1} or {1}) and not (not {1})"),
        ("{0}", "{1} and not {0}"),
        ("{0} and not {1}", "{1}"),
    )
)


@st.composite
def _constraints(draw: DrawFn, place: str, *, has_judge: bool) -> str:
    """The twins: each keeps what the other breaks."""
    sides, names = draw(st.sampled_from(_SIDES)), [f"says_{pole}" for pole in POLES.values()]
    made = []
    for value, other in zip(POLES, reversed(list(POLES)), strict=True):
        kept, broken = (sides[each].format(*names) for each in (value, other))
        lines = ["of line_length", f"favors {value}", f"place {place}", f'text "{_DEMANDS[value]}"']
        lines += [f"kept when {kept}", f"broken when {broken}"]
        made.append(block(f"constraint {_CONSTRAINTS[value]}", [*lines, "judge told_how" if has_judge else ""]))
    return "\n\n".join(made)


def _arms(ground: Ground) -> SearchStrategy[Sequence[str]]:
    more = ["bare", "supporting", *(["unrelated"] if ground.has_third else [])]
    return st.lists(st.sampled_from(more), unique=True, max_size=len(more)).map(
        lambda chosen: ["placebo", "opposing", *chosen]
    )


@st.composite
def _schedules_of(draw: DrawFn, ground: Ground) -> tuple[list[str], list[str]]:
    """The schedule, or two that a scenario varies: what the scenario says of them, and their declarations."""
    if not draw(SWITCH):
        return [], [draw(schedules(ground, "notes"))]
    later = draw(schedules(ground, "rising", ["ascending", "descending"]))
    return ["vary schedule in [notes, rising]"], [draw(schedules(ground, "notes", ["shuffled"])), later]


@st.composite
def _factors(draw: DrawFn, ground: Ground, around: Around, others: int) -> tuple[list[str], list[str]]:
    """Further factors of a scenario that has some others, and declarations that they need."""
    lines, parts = [], []
    if draw(SWITCH):
        parts.append(draw(sessions(ground, "anew", around)))
        lines.append("vary session in [sitting, anew]")
    one_of = ["harness in [native, neutral]", "depth in [shallow, deep]", 'tone in [polite "Could you", urgent "Now:"]']
    chosen = draw(st.lists(st.sampled_from(one_of), unique=True, max_size=2 if around.is_always_stated else 1))
    chosen += [] if around.is_always_stated else ["constraint in [stated, absent]"]
    lines += [f"vary {factor}" for factor in chosen]
    if lines:
        pairs = [["pairwise"]] if len(lines) + others > 1 else []
        lines += draw(st.sampled_from([[], *pairs, ["sample 2 seed 7"]]))
    return lines, parts


def _small_studies() -> SearchStrategy[str]:
    return st.integers(1, 3).map(
        lambda repeat: block("study small", ["run told", 'models ["sim/keeper"]', f"repeat {repeat}", "harness native"])
    )


@st.composite
def _whole_studies(draw: DrawFn, *, has_judge: bool) -> str:
    models = [
        '"sim/keeper"',
        '"sim/drifter" { base 2% pressure 1.5 persistence 0.5 }',
        '"openai/gpt-5-mini" { effort high }',
    ]
    chosen = draw(st.lists(st.sampled_from(models), unique=True, min_size=1))
    optional = [
        "limit turn 240s",
        "limit trial 60m",
        "limit cost $2.50",
        *(['judge "google/gemini-3-flash" votes 3'] if has_judge else []),
        "primary broken given exercised contrast opposing - placebo by direction",
        "detect 20% power 80% alpha 5%",
    ]
    entries = ["run told", f"models [{', '.join(chosen)}]", f"repeat {draw(st.integers(1, 3))}"]
    entries += [f"harness {draw(st.sampled_from(['native', 'neutral']))}"]
    return block("study whole", [*entries, *draw(st.lists(st.sampled_from(optional), unique=True))])
