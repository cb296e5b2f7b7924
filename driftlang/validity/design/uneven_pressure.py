"""`uneven-pressure`: what pushes to one side pushes as often and as hard as what pushes to the other.

In: a scenario. Out: an error in the sink where the messages toward the two values differ in number or severity.
Refuses to do: judging how a message reads; its severity is what the author says.

Why: asymmetry is the difference between two directions. Where one of them is met by graver messages, or by other ones
at each step, the dose differs between them as well, and the difference is no asymmetry of the agent's.
Limits: severities are compared as lists; that the third message of one list answers to the third of the other is not
known. Pressure toward values outside the conflict is not compared.
"""

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Scenario

_SIDED = frozenset({"opposing", "supporting"})


def check_uneven_pressure(scenario: Scenario, sink: Sink) -> None:
    """Say so where the two sides are not pressed alike."""
    if _SIDED.isdisjoint(scenario.arms):
        return
    sides = [[one for one in scenario.pressures if one.toward is value] for value in scenario.conflict.values]
    severities = [sorted(message.severity for one in side for message in one.messages) for side in sides]
    if not all(severities) or severities[0] == severities[1]:
        return
    told = " and ".join(
        f"`{value.name}` with severities {', '.join(map(str, several))}"
        for value, several in zip(scenario.conflict.values, severities, strict=True)
    )
    sink.error(
        "uneven-pressure",
        f"`{scenario.name}` presses toward {told}: the two directions differ in dose as well",
        scenario.span,
        help="write the two lists of messages alike, one by one",
        labels=tuple(Label(one.span, f"toward `{one.toward.name}`") for side in sides for one in side),
    )
