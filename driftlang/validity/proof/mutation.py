"""Mutants of every reference solution, scored as runs are, beside what each must end as.

In: a scenario, and its solutions as they were played. Out: the rows of its confusion table; findings in the sink.
Refuses to do: mutants of a solution that is misscored itself, and of a `filler`. Each solution has its mutants once at
each level, after the first way of solving the steps that it follows.

What they must be: reformatted, renamed, requoted, split, wrapped as the solution; nothing where nothing is done, and
where the solution stands in a comment or a string; both at once hedged, or what `both counts` says; half of it not the
other side. Limits:
- A pattern of comments (`added comments`) is not held against what stands in a comment.
- A pattern of whole files sees their strings, and so does one that needs what stands in strings. One whose `match`
  finds the solution outside of strings as well need not, by `added code outside strings`: that is listed, and no
  finding, since no agent was seen to hide its work in a string.
- Where a side holds by what is absent or stood before (`not`, `unless`, whole files, what was removed), half a solution
  may rightly be the other.
- Where the two sides exclude each other by their own expressions, both at once is either.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import evolve, field, frozen

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Constraint, Pattern, Scenario
from driftlang.observe.forms import CommandRun, TrialObservation
from driftlang.score.forms import Outcome, Scorer, StepOutcome
from driftlang.score.outcomes import score_trial
from driftlang.score.probe import probe
from driftlang.score.scorer import bank_pattern
from driftlang.validity.proof.blame import Blame
from driftlang.validity.proof.blame import blame as find_blame
from driftlang.validity.proof.deviation import Deviation, report
from driftlang.validity.proof.expectation import expected_of, is_as_expected
from driftlang.validity.proof.forms import ConfusionRow
from driftlang.validity.proof.mutants.forms import Subject, Work
from driftlang.validity.proof.mutants.kinds import KINDS, Demand, Kind
from driftlang.validity.proof.plays import Play, changes_between


@frozen
class Tally:
    """Outcomes by kind and expectation, growing in its content."""

    _ended: dict[tuple[str, str], Counter[str]] = field(factory=dict)
    _wrong: Counter[tuple[str, str]] = field(factory=Counter)
    _not_made: Counter[tuple[str, str]] = field(factory=Counter)

    def add(self, kind: str, expected: str, outcome: Outcome, *, is_right: bool) -> None:
        """Count an outcome."""
        self._ended.setdefault((kind, expected), Counter())[outcome.value] += 1
        self._wrong[kind, expected] += not is_right

    def miss(self, kind: str, expected: str) -> None:
        """Count what could not be made."""
        self._ended.setdefault((kind, expected), Counter())
        self._not_made[kind, expected] += 1

    def rows(self) -> tuple[ConfusionRow, ...]:
        """The rows, by kind, in the order of outcomes."""
        order = [outcome.value for outcome in Outcome]
        return tuple(
            ConfusionRow(
                *key,
                {name: counts[name] for name in order if counts[name]},
                self._wrong[key],
                self._not_made[key],
            )
            for key, counts in self._ended.items()
        )


@frozen
class _Bench:
    """Where mutants are scored."""

    scenario: Scenario
    scorer: Scorer
    plays: tuple[Play, ...]
    tally: Tally
    wrong: list[Deviation] = field(factory=list)
    in_strings: set[str] = field(factory=set)

    def try_kind(self, kind: Kind, play: Play) -> None:
        """Score the mutants of a kind of one solution under every constraint."""
        works = tuple(kind.make(_subject(play, self.plays)))
        for constraint in self.scenario.constraints:
            expected = expected_of(kind.demand, play, constraint, self.scorer)
            if not works:
                self.tally.miss(kind.name, expected)
            for work in works:
                self._score(kind, play, work, constraint, expected)

    def _score(self, kind: Kind, play: Play, work: Work, constraint: Constraint, expected: str) -> None:
        observation = _observed(play, work)
        ended = score_trial(observation, self.scorer, constraint.name).steps[-1]
        is_right = is_as_expected(ended.outcome, expected)
        if not is_right:
            found = Deviation(kind, play, constraint, expected, ended, _blame(kind.demand, constraint, expected, ended))
            mutant = evolve(play, observation=observation, tree=work.files)
            left = _without_excused(found.blame, kind, play, mutant)
            is_right = bool(found.blame.noisy) and left == Blame()
            if not is_right and kind.name == "in a string":
                self.in_strings.update(pattern.name for pattern in left.noisy)
                is_right = True
            if not is_right:
                self.wrong.append(evolve(found, blame=left))
        self.tally.add(kind.name, expected, ended.outcome, is_right=is_right)


def prove_mutants(
    scenario: Scenario, scorer: Scorer, plays: Sequence[Play], tally: Tally, sink: Sink
) -> tuple[str, ...]:
    """Score mutants of the solutions that were played, which are scored as they should be themselves.

    Returns the patterns that hit a solution in a string, and need not.
    """
    bench = _Bench(scenario, scorer, tuple(plays), tally)
    first = _first_plays(play for play in plays if not play.step.is_filler)
    for kind in KINDS:
        steps = set()
        for play in first:
            if kind.is_of_step and (play.step.span, play.levels) in steps:
                continue
            steps.add((play.step.span, play.levels))
            bench.try_kind(kind, play)
    report(bench.wrong, sink)
    return tuple(sorted(bench.in_strings))


def _first_plays(plays: Iterator[Play]) -> tuple[Play, ...]:
    """Each solution at each level once."""
    found: dict[tuple[object, ...], Play] = {}
    for play in plays:
        found.setdefault((play.solution.span, play.levels), play)
    return tuple(found.values())


def _subject(play: Play, plays: Sequence[Play]) -> Subject:
    alike = (play.step.span, play.before, play.levels)
    others = (each for each in plays if (each.step.span, each.before, each.levels) == alike)
    other = next((_work(each) for each in others if each.solution.value != play.solution.value), None)
    targets = play.observation.steps[-1].targets
    return Subject(play.found, _work(play), () if other is None else (other,), targets)


def _work(play: Play) -> Work:
    step = play.observation.steps[-1]
    return Work(play.tree, tuple(run.command for run in step.commands), step.reply)


def _observed(play: Play, work: Work) -> TrialObservation:
    *former, last = play.observation.steps
    step = evolve(
        last,
        changes=changes_between(play.found, work.files),
        commands=tuple(CommandRun(command, 0) for command in work.commands),
        reply=work.reply,
    )
    return evolve(play.observation, steps=(*former, step))


def _blame(demand: Demand, constraint: Constraint, expected: str, ended: StepOutcome) -> Blame:
    hits = Counter(hit.pattern for hit in ended.hits)
    kept, broken = expected == "kept", expected == "broken"
    match demand:
        case Demand.BOTH:
            kept = broken = True
        case Demand.NOT_OTHER:
            side = constraint.broken if expected == "not broken" else constraint.kept
            return find_blame(side, should_hold=False, hits=hits)
        case _:
            pass
    found = find_blame(constraint.kept, should_hold=kept, hits=hits).and_(
        find_blame(constraint.broken, should_hold=broken, hits=hits)
    )
    # Where nothing was done, what hit is at fault, and not what might have kept it from counting.
    return evolve(found, missing=()) if demand is Demand.NOTHING and found.noisy else found


def _without_excused(blame: Blame, kind: Kind, play: Play, mutant: Play) -> Blame:
    """Who is to blame but for patterns that can do no better."""
    noisy = tuple(pattern for pattern in blame.noisy if not _is_excused(kind, pattern, play, mutant))
    return evolve(blame, noisy=noisy)


def _is_excused(kind: Kind, pattern: Pattern, play: Play, mutant: Play) -> bool:
    """Whether a pattern cannot but hit what only speaks of a solution."""
    if kind.name == "in a comment":
        return pattern.surface == "added comments"
    if kind.name != "in a string" or pattern.surface.endswith("command"):
        return False
    if pattern.surface in ("changed file", "file"):
        return True
    bank = bank_pattern(pattern)
    outside = evolve(bank, surface="added code outside strings")
    hitting = {
        position
        for each in probe(bank, mutant.observation.steps[-1], mutant.tree)
        if each.match and not each.unless
        for position in each.match
    }
    needless = {position for each in probe(outside, play.observation.steps[-1], play.tree) for position in each.match}
    return hitting.isdisjoint(needless)
