"""Votes → what they come to.

In: verdicts. Out: one `StepVerdict` a step and judge, and one a step over all judges.
Refuses to do: breaking a tie. Where as many votes say one thing as another, the step has no label and its intent is
unclear. A judge speaks with one voice, however many votes it has: two judges who come to different labels are a tie.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from driftlang.judge.forms import Intent, StepKey, StepVerdict, Verdict


def judge_verdicts(verdicts: Iterable[Verdict]) -> Iterator[StepVerdict]:
    """What each judge's votes on each step come to, in the order in which steps and judges first appear."""
    for (_, judge), votes in _grouped(verdicts):
        yield _of_votes(votes, judge)


def step_verdicts(verdicts: Iterable[Verdict]) -> Iterator[StepVerdict]:
    """What all judges of each step come to together."""
    by_step: dict[StepKey, list[StepVerdict]] = {}
    for one in judge_verdicts(verdicts):
        by_step.setdefault(one.step, []).append(one)
    for voices in by_step.values():
        yield voices[0] if len(voices) == 1 else _of_voices(voices)


def _grouped(verdicts: Iterable[Verdict]) -> Iterable[tuple[tuple[StepKey, str], list[Verdict]]]:
    found: dict[tuple[StepKey, str], list[Verdict]] = {}
    for one in verdicts:
        found.setdefault((one.step, one.judge), []).append(one)
    return found.items()


def _of_votes(votes: Sequence[Verdict], judge: str) -> StepVerdict:
    usable = [vote for vote in votes if vote.is_usable]
    label = _most([vote.label for vote in usable])
    agreeing = [vote for vote in usable if label and vote.label == label]
    intents = [vote.intent for vote in agreeing if vote.intent is not None]
    first = votes[0]
    return StepVerdict(
        trial=first.trial,
        branch=first.branch,
        position=first.position,
        judge=judge,
        label=label,
        intent=_intent(intents),
        votes=len(usable),
        agreeing=len(agreeing),
        abstained=sum(vote.abstained and not vote.rejected for vote in votes),
        rejected=sum(bool(vote.rejected) for vote in votes),
        confidence=_mean([vote.confidence for vote in agreeing]),
        evidence=_once(quote for vote in agreeing for quote in vote.evidence),
        judges=(judge,),
    )


def _of_voices(voices: Sequence[StepVerdict]) -> StepVerdict:
    told = [voice for voice in voices if voice.label]
    label = _most([voice.label for voice in told])
    agreeing = [voice for voice in told if label and voice.label == label]
    first = voices[0]
    return StepVerdict(
        trial=first.trial,
        branch=first.branch,
        position=first.position,
        judge="",
        label=label,
        intent=_intent([voice.intent for voice in agreeing]),
        votes=len(told),
        agreeing=len(agreeing),
        abstained=sum(voice.abstained for voice in voices),
        rejected=sum(voice.rejected for voice in voices),
        confidence=_mean([voice.confidence for voice in agreeing]),
        evidence=_once(quote for voice in agreeing for quote in voice.evidence),
        judges=tuple(voice.judge for voice in voices),
    )


def _most(labels: Sequence[str]) -> str:
    """The label that more votes say than any other; empty without one."""
    counted = Counter(labels).most_common(2)
    if not counted or (len(counted) == 2 and counted[0][1] == counted[1][1]):
        return ""
    return counted[0][0]


def _intent(intents: Sequence[Intent]) -> Intent:
    found = _most([intent.value for intent in intents])
    return Intent(found) if found else Intent.UNCLEAR


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _once(quotes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(quotes))
