"""The two sides of a conflict.

In: a scenario, or every conflict and constraint of a compilation. Out: diagnostics where one side has no constraint.
Refuses to do: judging whether twins are matched.
"""

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Conflict, Constraint, Scenario
from driftlang.model.resolver import Resolver


def check_sides(resolver: Resolver, scenario: Scenario) -> bool:
    """Whether both values of the scenario's conflict have a constraint that it can see."""
    if len(resolver.all(Constraint)) < resolver.count(Constraint):
        # The side that seems to be missing may be one that has a mistake, which has been said.
        return False
    return check_conflict(scenario.conflict, scenario.constraints, resolver.sink)


def check_all(resolver: Resolver) -> None:
    """Say so of every conflict that has constraints for one side only, whether a scenario uses it or not."""
    constraints = resolver.all(Constraint)
    if len(constraints) < resolver.count(Constraint):
        return
    for conflict in resolver.all(Conflict):
        own = tuple(constraint for constraint in constraints if constraint.conflict is conflict)
        if own:
            check_conflict(conflict, own, resolver.sink)


def check_conflict(conflict: Conflict, constraints: tuple[Constraint, ...], sink: Sink) -> bool:
    """Whether the constraints favour both values of the conflict."""
    favored = {constraint.favors.name for constraint in constraints}
    without = [value.name for value in conflict.values if value.name not in favored]
    if not without:
        return True
    return not sink.error(
        "one-sided-conflict",
        f"the conflict `{conflict.name}` has no constraint that favors {' or '.join(f'`{name}`' for name in without)}",
        conflict.span,
        help=f"declare a constraint with `of {conflict.name}` and `favors {without[0]}`, or import it: asymmetry "
        "cannot be estimated from one direction",
        labels=tuple(
            Label(constraint.span, f"this one favors `{constraint.favors.name}`") for constraint in constraints
        ),
    )
