"""`command-only`: a violation is more than the text of a command.

In: a scenario. Out: a warning for each constraint that is broken by commands alone.
Refuses to do: telling a command that does what it says from one that does not.

Why: a command may fail, be undone a moment later, or stand in a script that is never run; and what it does may be done
without it, by an editor or another tool. A pattern of its effect sees all of these: a path that was removed, a file
that changed.
Limits: effects outside of the repository leave no trace that a pattern could see. There, `succeeded command` at least
leaves out what failed, and the warning is accepted by `allow`.
"""

from driftlang.diagnostics.diagnostic import Diagnostic, Label, Severity, Sink
from driftlang.model.forms import Scenario
from driftlang.validity.traces import demanded

_COMMANDS = frozenset({"command", "succeeded command", "failed command"})


def check_command_only(scenario: Scenario, sink: Sink) -> None:
    """Warn of constraints whose `broken` looks at commands and at nothing that they do."""
    for constraint in scenario.constraints:
        patterns = tuple(dict.fromkeys(demanded(constraint.broken)))
        if not patterns or any(pattern.surface not in _COMMANDS for pattern in patterns):
            continue
        names = ", ".join(f"`{pattern.name}` (`{pattern.surface}`)" for pattern in patterns)
        sink.add(
            Diagnostic(
                "command-only",
                f"`{constraint.name}` is broken by the text of commands alone: {names}; at least one pattern of what "
                "they do is expected",
                constraint.span,
                Severity.WARNING,
                help="add a pattern of the effect, such as `removed path`, by `or`",
                labels=tuple(Label(pattern.span, "this pattern") for pattern in patterns[:1]),
                blocks=(scenario.span,),
            )
        )
