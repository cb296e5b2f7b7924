"""Declarations of studies and lists of models → forms.

In: a declaration. Out: its form, or None where a needed part is missing or broken, which has been said then.
Refuses to do: power analysis and prices.
"""

from decimal import Decimal

from driftlang.diagnostics.diagnostic import Label
from driftlang.model.bounds import LARGEST_COST, LONGEST_TRIAL, LONGEST_TURN, MOST_VOTES
from driftlang.model.fields import Fields
from driftlang.model.forms import ARMS, Detect, Limits, ModelChoice, Primary, Scenario, Study
from driftlang.model.frontier import ModelList, model_name, read_models
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.row import Row
from driftlang.model.simulated import SIMULATED_JUDGES
from driftlang.model.study_size import check_size
from driftlang.model.vocabulary import STUDY
from driftlang.source import Span
from driftlang.syntax.ast import Duration, Listing, Money, Percent, Quoted, Sign, Word

#: Outcomes of a step that an analysis can be about.
OUTCOMES = ("kept", "broken", "hedged", "asked", "refused", "early", "undone", "omitted")
_LIMITS = ("turn", "trial", "cost")
_HARNESSES = ("native", "neutral")


def read_model_list(resolver: Resolver, declared: Declared) -> ModelList | None:
    """`models NAME [...]`."""
    row = declared.row()
    listing = row.take(Listing, "a list of models")
    row.end()
    if listing is None:
        return None
    return ModelList(declared.name, read_models(listing, resolver.sink), declared.span)


def read_study(resolver: Resolver, declared: Declared) -> Study | None:
    """A study."""
    fields = declared.fields(STUDY)
    scenarios, is_whole = _read_run(resolver, fields)
    models = _read_models(resolver, fields)
    repeat_row = fields.row("repeat")
    repeat = repeat_row.whole() if repeat_row else 1
    if repeat_row:
        repeat_row.end()
    judge, votes = _read_judge(resolver, fields)
    harness_row = fields.row("harness")
    harness = harness_row.choice(_HARNESSES, "harness") if harness_row else ""
    if harness_row:
        harness_row.end()
    primary = _read_primary(resolver, fields, scenarios)
    detect = _read_detect(fields)
    limits = _read_limits(resolver, fields)
    if not scenarios or not is_whole or not models:
        return None
    study = Study(
        name=declared.name,
        scenarios=scenarios,
        models=models,
        repeat=repeat,
        limits=limits,
        judge=judge,
        judge_votes=votes,
        harness=harness or "native",
        primary=primary,
        detect=detect,
        doc=declared.doc,
        span=declared.span,
    )
    return study if check_size(study, resolver.sink) else None


def _read_run(resolver: Resolver, fields: Fields) -> tuple[tuple[Scenario, ...], bool]:
    """The scenarios, each once, and whether all that are named could be made."""
    row = fields.row("run")
    if row is None:
        return (), False
    found: dict[str, Scenario] = {}
    is_whole = True
    for word in row.listed(Word, "a scenario"):
        scenario = resolver.find(word, Scenario)
        if word.text in found:
            resolver.sink.error(
                "doubled-entry", f"`{word.text}` is named twice in `run`", word.span, help="name it once"
            )
        elif scenario is not None:
            found[word.text] = scenario
        is_whole = is_whole and scenario is not None
    row.end()
    return tuple(variant for scenario in found.values() for variant in scenario.variants), is_whole


def _read_models(resolver: Resolver, fields: Fields) -> tuple[ModelChoice, ...]:
    row = fields.row("models")
    if row is None:
        return ()
    if row.has(Listing):
        listing = row.take(Listing)
        row.end()
        return read_models(listing, resolver.sink) if listing else ()
    word = row.take(Word, "a list of models or the name of one")
    row.end()
    named = resolver.find(word, ModelList)
    return named.models if named else ()


def _read_judge(resolver: Resolver, fields: Fields) -> tuple[str, int]:
    row = fields.row("judge")
    if row is None:
        return "", 0
    text = row.take(Quoted, "the judge's model, as a text")
    votes = row.whole(most=MOST_VOTES) if row.keyword("votes") else 1
    row.end()
    if text is None:
        return "", votes
    return model_name(text, resolver.sink, what="simulated judge", simulated=SIMULATED_JUDGES), votes


def _read_limits(resolver: Resolver, fields: Fields) -> Limits:
    places: dict[str, Span] = {}
    amounts: dict[str, float] = {"turn": 240.0, "trial": 3600.0, "cost": 0.0}
    for entry, row in fields.rows("limit"):
        what = row.choice(_LIMITS, "limit")
        amount = _read_amount(row, what)
        row.end()
        if not what or amount is None:
            continue
        if what in places:
            resolver.sink.error(
                "doubled-entry",
                f"`limit {what}` is given twice",
                entry.span,
                help="remove one of the two",
                labels=(Label(places[what], "given here first"),),
            )
            continue
        places[what] = entry.span
        amounts[what] = float(amount)
    return Limits(amounts["turn"], amounts["trial"], amounts["cost"])


def _read_amount(row: Row, what: str) -> Decimal | None:
    """Seconds or dollars, more than none."""
    if what == "cost":
        money = row.take(Money, "an amount such as `$2.50`")
        if money is not None and money.dollars <= 0:
            row.fail("an amount above `$0`", money)
        elif money is not None:
            row.at_most(money.dollars, LARGEST_COST, money.span, " dollars")
        return money.dollars if money and not row.failed else None
    time = row.take(Duration, "a time such as `240s` or `60m`")
    if time is not None and time.seconds <= 0:
        row.fail("a time above `0s`", time)
    elif time is not None:
        row.at_most(time.seconds, LONGEST_TRIAL if what == "trial" else LONGEST_TURN, time.span, " seconds")
    return time.seconds if time and not row.failed else None


def _read_primary(resolver: Resolver, fields: Fields, scenarios: tuple[Scenario, ...]) -> tuple[Primary, ...]:
    row = fields.row("primary")
    if row is None:
        return ()
    outcome = row.choice(OUTCOMES, "outcome")
    given = row.choice(("exercised",), "condition") if row.keyword("given") else ""
    contrast = _read_contrast(resolver, row, scenarios)
    by = ""
    if row.keyword("by"):
        factors = {factor.name for scenario in scenarios for factor in scenario.factors}
        by = row.choice(("direction", *sorted(factors)), "thing to tell results apart by")
    row.end()
    return (Primary(outcome, given, contrast, by, row.span),) if outcome and not row.failed else ()


def _read_contrast(resolver: Resolver, row: Row, scenarios: tuple[Scenario, ...]) -> tuple[str, ...]:
    """`contrast ARM - ARM`, two different arms that every scenario has."""
    if not row.keyword("contrast"):
        return ()
    first = row.take(Word, "an arm")
    minus = row.take(Sign, "`-`")
    if minus is not None and minus.text != "-":
        row.fail("`-`", minus)
    second = row.take(Word, "an arm")
    if first is None or second is None:
        return ()
    for word in (first, second):
        if not row.known(word.text, word.span, ARMS, "arm"):
            return ()
        lacking = next((scenario for scenario in scenarios if word.text not in scenario.arms), None)
        if lacking is not None:
            resolver.sink.error(
                "unknown-word",
                f"`{lacking.name}` has no arm `{word.text}`",
                word.span,
                help=f"contrast two of its arms, or add `{word.text}` to them",
                labels=(Label(lacking.span, f"its arms are {', '.join(f'`{arm}`' for arm in lacking.arms)}"),),
            )
    if first.text == second.text:
        row.fail("an arm other than the first", second)
    return (first.text, second.text)


def _read_detect(fields: Fields) -> tuple[Detect, ...]:
    row = fields.row("detect")
    if row is None:
        return ()
    difference = _share(row)
    row.expect("power")
    power = _share(row)
    row.expect("alpha")
    alpha = _share(row)
    row.end()
    return () if row.failed else (Detect(difference, power, alpha, row.span),)


def _share(row: Row) -> float:
    """A share above none and below all."""
    share = row.take(Percent, "a share such as `20%`")
    if share is not None and not 0 < share.fraction < 1:
        row.fail("a share above `0%` and below `100%`", share)
    return float(share.fraction) if share is not None else 0.0
