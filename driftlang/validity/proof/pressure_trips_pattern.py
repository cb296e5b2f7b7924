"""`pressure-trips-pattern`: what is injected, and the untouched repository, are no evidence of what the agent did.

In: a scenario and its cells. Out: an error in the sink for each message, and for a repository, that a constraint is
kept or broken by without the agent.
Refuses to do: another way of scoring. Everything goes through the code that scores runs.

Why: a message that its own constraint's patterns hit makes a violation of every step that it stands in, in the one arm
that it is in, and the difference between the arms is then that between the texts.
What is tried, in the first place that takes the message: a step in which nothing happened but the injection; and one in
which the agent only wrote the message's lines once more, as it does when it moves code and comments about, so that they
are lines it added. The second must end as it does with a neutral remark in the message's place: what such a step comes
to by what it lacks is no fault of the message.
Limits: a message in a user turn or a commit stands in no file. Messages are tried in files as the repository has
them, one at a time; the texts of the first level of a factor are those that cells have.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from driftlang.cells.forms import Cell, Injection, Spot
from driftlang.diagnostics.diagnostic import Diagnostic, Label, Sink
from driftlang.inject.comments import comment_block, style_of
from driftlang.inject.forms import Inserted
from driftlang.inject.insert import insert
from driftlang.model.evidence import patterns_of
from driftlang.model.forms import Constraint, Pattern, Scenario
from driftlang.model.schedules import OUTSIDE_FILES
from driftlang.observe.forms import Change, StepObservation, TrialObservation
from driftlang.score.bank import compile_expression
from driftlang.score.forms import Outcome, Scorer, StepOutcome
from driftlang.score.outcomes import score_trial
from driftlang.score.scorer import make_scorer
from driftlang.source import Span
from driftlang.validity.proof.patterns import excerpt
from driftlang.validity.proof.plays import untouched

#: What a step with nothing to say finds in the message's place.
_NEUTRAL = "The order is that of last year."
#: Surfaces that a text can complete a match in without being matched itself.
_WHOLE_FILES = frozenset({"file", "changed file"})
_REPLY = "Done."

Files = Mapping[str, bytes]


def check_pressure_trips_pattern(scenario: Scenario, cells: Sequence[Cell], sink: Sink) -> None:
    """Score a step without the agent for the untouched repository, and for each message of the cells."""
    stage = _Stage(scenario, make_scorer(scenario), untouched(scenario.repo))
    resting = [stage.rest(constraint) for constraint in scenario.constraints]
    for constraint, ended in zip(scenario.constraints, resting, strict=True):
        if ended.outcome.is_exercised:
            _report_repository(stage, constraint, ended, sink)
    if any(ended.outcome.is_exercised for ended in resting):
        return
    may_trip = _may_trip(scenario)
    known: dict[tuple[str, str], bool] = {}
    for injection in _injections(scenario, cells):
        if not any(map(may_trip, _forms(injection))):
            continue
        key = (injection.message, injection.text)
        if not known.get(key):
            known[key] = _try(stage, injection, sink)


def _forms(injection: Injection) -> Iterator[str]:
    """The message as it may stand in a file: as it is, and as a comment in the file's language."""
    yield injection.text
    for spot in injection.spots:
        style = style_of(spot.path) if spot.path else None
        if style is not None:
            yield "\n".join(comment_block(injection.text, style))


def _injections(scenario: Scenario, cells: Sequence[Cell]) -> tuple[Injection, ...]:
    """Each message at each place, once."""
    return tuple(
        dict.fromkeys(
            injection
            for cell in cells
            if cell.variant == scenario.key
            for script in cell.scripts
            for turn in script.turns
            for injection in turn.injections
        )
    )


class _MayTrip:
    """Whether a text can matter to a pattern: an expression matches it, or a pattern looks at whole files."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._always = any(pattern.surface in _WHOLE_FILES for pattern in patterns)
        self._searches = [compile_expression(one.name, regex.flagged) for one in patterns for regex in one.match]
        self._known: dict[str, bool] = {}

    def __call__(self, text: str) -> bool:
        if text not in self._known:
            self._known[text] = self._always or any(search(text) for search in self._searches)
        return self._known[text]


def _may_trip(scenario: Scenario) -> _MayTrip:
    return _MayTrip(_patterns(scenario))


def _patterns(scenario: Scenario) -> tuple[Pattern, ...]:
    sides = [side for one in scenario.constraints for side in (one.kept, one.broken)]
    return tuple(dict.fromkeys(pattern for side in sides for pattern in patterns_of(side)))


@frozen
class _Stage:
    """Where steps without an agent are scored."""

    scenario: Scenario
    scorer: Scorer
    base: Files

    def rest(self, constraint: Constraint) -> StepOutcome:
        """How a step ends in which nothing happens."""
        return self._score((), (), constraint)

    def found(self, path: str, content: bytes, constraint: Constraint) -> StepOutcome:
        """How a step ends before which the file got that content, and nothing happens."""
        return self._score((Change(path, self.base.get(path), content),), (), constraint)

    def repeated(self, path: str, content: bytes, constraint: Constraint) -> StepOutcome:
        """How a step ends in which the agent writes the lines that the file got once more, behind its end."""
        left = self.base.get(path, b"").splitlines()
        lines = content.splitlines()
        said = [line for line in lines if line.strip() and not _taken(left, line)]
        after = b"\n".join((*lines, b"", *said, b""))
        injected = Change(path, self.base.get(path), content)
        return self._score((injected,), (Change(path, content, after),), constraint)

    def _score(self, injected: Sequence[Change], changes: Sequence[Change], constraint: Constraint) -> StepOutcome:
        step = StepObservation(
            position=1,
            step="",
            targets=tuple(change.path for change in injected),
            changes=tuple(changes),
            injected=tuple(injected),
            commands=(),
            reply=_REPLY,
            error="",
        )
        return score_trial(TrialObservation("proof", self.base, (step,)), self.scorer, constraint.name).steps[0]


def _taken(lines: list[bytes], line: bytes) -> bool:
    """Whether the line is one of those, which has one fewer of it then."""
    if line in lines:
        lines.remove(line)
        return True
    return False


def _try(stage: _Stage, injection: Injection, sink: Sink) -> bool:
    """Whether the message tells of a side by itself under some constraint; says so."""
    for spot, content, neutral in _placed(stage.base, injection):
        for constraint in stage.scenario.constraints:
            found = stage.found(spot.path, content, constraint)
            if found.outcome.is_exercised:
                _report(stage, injection, _Trip(constraint, found, f"as it stands at {spot.words}"), sink)
                return True
            again, expected = (stage.repeated(spot.path, one, constraint) for one in (content, neutral))
            if again.outcome.is_exercised and again.outcome is not expected.outcome:
                where = f"when an agent does no more than write it once more in `{spot.path}`"
                _report(stage, injection, _Trip(constraint, again, where), sink)
                return True
    return False


def _placed(base: Files, injection: Injection) -> Iterator[tuple[Spot, bytes, bytes]]:
    """The first of its places that takes the message, the file with it there, and with a neutral remark there."""
    for spot in injection.spots:
        if spot.place in OUTSIDE_FILES:
            return
        source = base.get(spot.path, b"\n")
        texts = (injection.text, _NEUTRAL)
        found = [insert(source, spot.path, text, spot.place, anchor=spot.anchor) for text in texts]
        message, neutral = found
        if isinstance(message, Inserted) and isinstance(neutral, Inserted):
            yield spot, message.source, neutral.source
            return


@frozen
class _Trip:
    """A constraint that is kept or broken without the agent, and by what."""

    constraint: Constraint
    ended: StepOutcome
    where: str


def _report(stage: _Stage, injection: Injection, trip: _Trip, sink: Sink) -> None:
    scenario = stage.scenario
    sink.add(
        Diagnostic(
            "pressure-trips-pattern",
            f"{_what(injection)} ends a step as {_ending(trip.ended.outcome, trip.constraint)} by itself, "
            f"{trip.where}: {_hits(trip.ended)}",
            _span(scenario, injection),
            help="say it without what the pattern looks for, or narrow the pattern",
            labels=_labels(scenario, trip.ended),
            blocks=(scenario.span,),
        )
    )


def _report_repository(stage: _Stage, constraint: Constraint, ended: StepOutcome, sink: Sink) -> None:
    scenario = stage.scenario
    paths = [hit.path for hit in ended.hits if hit.path]
    path = paths[0] if paths else ""
    files = scenario.repo.files
    sink.add(
        Diagnostic(
            "pressure-trips-pattern",
            f"the untouched repository ends a step as {_ending(ended.outcome, constraint)} by itself: {_hits(ended)}",
            files[path].span if path in files else scenario.repo.span,
            help="leave it out of the repository, or let the pattern look at what a step adds",
            labels=_labels(scenario, ended),
            path=path,
            blocks=(scenario.span,),
        )
    )


def _what(injection: Injection) -> str:
    source, _, name = injection.message.partition(".")
    return f"the message `{name}`" if name else f"a control of `{source}` (`{excerpt(injection.text)}`)"


def _ending(outcome: Outcome, constraint: Constraint) -> str:
    return f"{outcome.value} under `{constraint.name}`"


def _hits(ended: StepOutcome) -> str:
    first = ended.hits[0] if ended.hits else None
    return f"`{first.pattern}` hits `{excerpt(first.text)}`" if first else ended.reason


def _span(scenario: Scenario, injection: Injection) -> Span:
    """Where an author wrote what is said."""
    source, _, name = injection.message.partition(".")
    spans = [placebo.span for placebo in scenario.placebo if placebo.name == source and not name]
    spans += [
        message.text.span
        for pressure in scenario.pressures
        if pressure.name == source
        for message in pressure.messages
        if message.name == name
    ]
    return (*spans, scenario.span)[0]


def _labels(scenario: Scenario, ended: StepOutcome) -> tuple[Label, ...]:
    names = {hit.pattern for hit in ended.hits}
    found = [pattern for pattern in _patterns(scenario) if pattern.name in names]
    return tuple(Label(pattern.span, "this pattern") for pattern in found[:1])
