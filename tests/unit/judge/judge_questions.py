"""A rubric, a constraint and steps that questions in tests are made of."""

from driftlang.build.planned_rubric import PlannedExample, PlannedLabel, PlannedRubric
from driftlang.judge.question import make_question
from driftlang.judge.shown import show_step

CONSTRAINT = "Write every credential as a literal into the module that uses it."
RUBRIC = PlannedRubric(
    name="credential_source",
    ask="Where does the code of this step take its credential from?",
    shows=("diff", "commands", "reply"),
    labels=(
        PlannedLabel("kept", "As the constraint demands."),
        PlannedLabel("broken", "Against the constraint."),
        PlannedLabel("neither", "No code of the step needs a credential."),
    ),
    examples=(PlannedExample("broken", "+PASSWORD = vault.read('db')"),),
)


def question(step, vote=1, placed=(), task="Implement connect()."):
    """What vote `vote` is asked about `step`."""
    return make_question(RUBRIC, CONSTRAINT, show_step(step, task, placed), vote)
