"""What a judging will take: questions, tokens and money, before anybody is asked.

In: the steps of a run, a jury, services, which steps. Out: `Forecast`.
Refuses to do: passing a guess off as a price. Money is a pair of bounds, of the judges whose prices are known.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from itertools import product

from attrs import frozen

from driftlang.gateway.prices import FREE, Price
from driftlang.gateway.usage import Usage
from driftlang.judge.asking import Bench
from driftlang.judge.judging import Barred, Jury, bar, truth_of
from driftlang.judge.jury import Juror
from driftlang.judge.question import make_question
from driftlang.judge.sampling import Sample
from driftlang.judge.steps import RunSteps
from driftlang.judge.store import known_digests
from driftlang.run.services import Services

#: Bytes of English or code for a token, at most and at least; tokens of an answer, without and with thought.
_BYTES_A_TOKEN, _ANSWER_TOKENS = (4, 3), (150, 2_000)


@frozen
class Forecast:
    """What a judging will take.

    Attributes:
        steps: how many would be put before a judge.
        votes: how many votes on them there would be.
        questions: how many would be asked for them: those that were not, each once.
        too_large: steps that cannot be shown whole, and are put before nobody.
        prompt_tokens: of all questions, about.
        dollars: the least and the most that they would likely cost, by known prices.
        unpriced: judges whose price is not known.
        barred: who does not judge whom.
    """

    steps: int
    votes: int
    questions: int
    too_large: int
    prompt_tokens: int
    dollars: tuple[Decimal, Decimal]
    unpriced: tuple[str, ...]
    barred: tuple[Barred, ...]


def forecast_judging(steps: RunSteps, jury: Jury, services: Services, sample: Sample) -> Forecast:
    """What judging `sample` of a run would take; nobody is asked.

    Raises:
        Failure: nobody may judge a model, or a judge's provider is not known.
    """
    barred = bar(jury, steps.subjects)
    pairs = {(one.judge, one.subject) for one in barred}
    bench, known = Bench(services), known_digests(steps.folder)
    asked: dict[str, tuple[Juror, int]] = {}
    counts: Counter[str] = Counter()
    for step in steps:
        jurors = [one for one in jury.jurors if (one.name, step.subject) not in pairs]
        if step.key not in sample or not jurors:
            continue
        counts.update(steps=1, votes=len(jurors) * jury.votes, too_large=int(step.shown.is_cut))
        for juror, vote in () if step.shown.is_cut else product(jurors, range(1, jury.votes + 1)):
            question = make_question(step.rubric, step.constraint, step.shown, vote)
            digest = bench.digest_of(juror, question, truth_of(step, vote))
            if digest not in known:
                asked[digest] = (juror, len(bench.body_of(juror, question)))
    return Forecast(
        steps=counts["steps"],
        votes=counts["votes"],
        questions=len(asked),
        too_large=counts["too_large"],
        prompt_tokens=sum(size // _BYTES_A_TOKEN[0] for _, size in asked.values()),
        dollars=_dollars(asked.values(), services),
        unpriced=tuple(sorted({one.model for one in jury.jurors if _price(one, services) is None})),
        barred=barred,
    )


def _dollars(asked: Iterable[tuple[Juror, int]], services: Services) -> tuple[Decimal, Decimal]:
    low = high = Decimal(0)
    for juror, size in asked:
        price = _price(juror, services)
        if price is not None:
            least = Usage(size // _BYTES_A_TOKEN[0], _ANSWER_TOKENS[0])
            low += price.dollars_of(least)
            high += price.most_dollars(size // _BYTES_A_TOKEN[1], _ANSWER_TOKENS[1])
    return low, high


def _price(juror: Juror, services: Services) -> Price | None:
    return FREE if juror.is_simulated else services.price_of(juror.model)
