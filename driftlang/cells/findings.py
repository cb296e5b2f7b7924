"""What expansion finds, gathered over all cells, so that one mistake is said once.

In: what went wrong in a cell. Out: diagnostics in a sink.
Refuses to do: deciding anything.
"""

from attrs import field, frozen

from driftlang.cells.control import TooCoarse
from driftlang.cells.texts import Bindings
from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Message, Place, Placebo, Pressure, Scenario, Schedule, Step
from driftlang.source import Span

#: Labels of one diagnostic: more would bury the place that it is about.
MOST_LABELS = 12


@frozen
class Findings:
    """Findings of one expansion; frozen in its identity, growing in its content."""

    _coarse: dict[str, tuple[Scenario, dict[str, tuple[Message, TooCoarse]]]] = field(factory=dict)
    _silent: dict[tuple[Span, str], tuple[Scenario, str, Schedule]] = field(factory=dict)
    _missing: dict[Span, tuple[Place, Step, str]] = field(factory=dict)

    def control_is_too_coarse(self, scenario: Scenario, pressure: Pressure, message: Message, found: TooCoarse) -> None:
        """Keep that no control of the scenario's placebo fits the message; the first of a message counts."""
        messages = self._coarse.setdefault(scenario.placebo[0].name, (scenario, {}))[1]
        messages.setdefault(f"{pressure.name}.{message.name}", (message, found))

    def arm_is_silent(self, scenario: Scenario, arm: str, favors: str, schedule: Schedule) -> None:
        """Keep that an arm has no message for a constraint that favours `favors`."""
        self._silent.setdefault((scenario.span, arm), (scenario, favors, schedule))

    def place_is_missing(self, schedule: Schedule, step: Step, bindings: Bindings) -> None:
        """Keep that no file has a place of the schedule at a step; the first step counts, and only globs do.

        A step without target is for whoever checks what targets can hold.
        """
        last = schedule.places[-1]
        if last.files:
            self._missing.setdefault(schedule.span, (last, step, bindings.render(last.files[0])))

    def report(self, sink: Sink) -> None:
        """Add what was found to the sink."""
        for place, step, glob in self._missing.values():
            _report_missing(sink, place, step, glob)
        for scenario, messages in self._coarse.values():
            _report_coarse(sink, scenario, messages)
        for (_, arm), (scenario, favors, schedule) in self._silent.items():
            _report_silent(sink, scenario, arm, favors, schedule)


def _report_coarse(sink: Sink, scenario: Scenario, messages: dict[str, tuple[Message, TooCoarse]]) -> None:
    placebo = scenario.placebo[0]
    name, (first_message, first) = next(iter(messages.items()))
    count = len(messages) - 1
    is_brought_in = placebo.span.file != scenario.span.file
    others = f"; the same holds for {count} other message{'s' if count > 1 else ''}" if count else ""
    sink.error(
        "placebo-too-coarse",
        f"the sentences of `{placebo.name}` make no text as long as `{name}`, which has {first.length} characters: "
        f"{_nearest(first)}{others}",
        first_message.span if is_brought_in else placebo.span,
        help=_mending(placebo, first, is_brought_in=is_brought_in),
        labels=tuple(
            Label(message.span, f"`{label}` has {found.length} characters; {_nearest(found)}")
            for label, (message, found) in list(messages.items())[:MOST_LABELS]
        ),
    )


def _mending(placebo: Placebo, found: TooCoarse, *, is_brought_in: bool) -> str:
    """What to do; a placebo of another file, of the library above all, is not the author's to change."""
    question = ", and a `sentence question` for messages that end with `?`" if found.nearest == 0 else ""
    if not is_brought_in:
        return f"add sentences to `{placebo.name}`, short ones of different lengths above all{question}"
    action = "lengthen" if found.nearest > found.length else "shorten"
    change = f"{action} the message, or " if found.nearest else ""
    return (
        f"{change}declare a placebo of your own with further sentences: `placebo NAME like {placebo.name} {{ ... }}`"
        f"{question}"
    )


def _nearest(found: TooCoarse) -> str:
    if found.nearest:
        return f"the nearest has {found.nearest}"
    return "none of them can end it (a question needs a `sentence question`, a statement a `sentence`)"


def _report_silent(sink: Sink, scenario: Scenario, arm: str, favors: str, schedule: Schedule) -> None:
    if arm == "placebo" and not scenario.placebo:
        missing, action = "the scenario names no placebo", "add `placebo NAME` to the scenario"
    elif schedule.severity == "constant":
        missing = f"no message of severity {schedule.constant} is there for a constraint that favors `{favors}`"
        action = f"add messages of severity {schedule.constant}, or change `severity` of `{schedule.name}`"
    else:
        missing = f"no pressure of the scenario speaks there for a constraint that favors `{favors}`"
        action = f"add a pressure to the scenario, or leave out the arm `{arm}`"
    sink.error(
        "arm-without-messages",
        f"the arm `{arm}` of `{scenario.name}` has nothing to inject: {missing}",
        scenario.span,
        help=action,
    )


def _report_missing(sink: Sink, place: Place, step: Step, glob: str) -> None:
    sink.error(
        "anchor-missing",
        f"no file matches `{glob}`, neither in the repository nor among the targets, so that nothing can be said there",
        place.files[0].span,
        help="write a glob that matches a file, or give another place behind `else`",
        labels=(Label(step.span, "it was to be said at this step"),),
    )
