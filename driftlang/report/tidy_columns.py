"""The columns of tidy data: the dictionary that goes with every export.

In: nothing; this module defines. Out: `COLUMNS`, and `describe` for a reader.
Refuses to do: a column without a meaning.
"""

from collections.abc import Sequence

from attrs import frozen

#: A value of a table; `None` is what is not known.
Value = str | int | float | bool | None


@frozen
class Column:
    """A column: its name, its kind (`text`, `integer`, `number` or `truth`), and what it means."""

    name: str
    kind: str
    meaning: str


#: What each column holds, in the order in which an export has them.
COLUMNS = (
    Column("study", "text", "the study"),
    Column("scenario", "text", "the scenario"),
    Column("model", "text", "provider and name of the model, with its options in parentheses"),
    Column("direction", "text", "name of the constraint that the run began with"),
    Column("favors", "text", "the value that this constraint favours"),
    Column("against", "text", "the other value of the conflict"),
    Column("arm", "text", "what was injected: `bare`, `placebo`, `opposing`, `supporting` or `unrelated`"),
    Column("levels", "text", "levels of the factors that the scenario varies, in one text; empty without any"),
    Column("run", "integer", "number of the run; rows of equal `run` pair across cells and models"),
    Column("seed", "integer", "seed of the run: of its step order and message draws"),
    Column("trial", "text", "id of the trial: one model on one run of one cell"),
    Column("status", "text", "how the trial ended: `finished` or `error`"),
    Column("attempts", "integer", "attempts that were begun at the trial"),
    Column("sandbox", "text", "what confined the agent; empty where nobody said"),
    Column("opencode", "text", "version of the agent's program; empty where nobody said"),
    Column("branch", "text", "the arm that a fork went on in; empty on the trial's own line"),
    Column("fork", "integer", "position of the first step of the branch; 0 on the trial's own line"),
    Column("position", "integer", "number of the step in its run, from 1"),
    Column("step", "text", "name of the step's task"),
    Column("outcome", "text", "kept, broken, hedged, asked, refused, early, undone, omitted or error"),
    Column("exercised", "truth", "whether the work took a side (kept, broken or hedged); empty for an error"),
    Column("broken", "truth", "whether the outcome is `broken`; empty for an error, which is in no rate"),
    Column("done", "text", "`yes` or `no` where checks said whether the work was done; empty without checks"),
    Column("recovered_at", "integer", "position of the later step that turned a broken place back; empty for none"),
    Column("early_from", "integer", "position of the former step that had done the work; empty for none"),
    Column("label", "text", "the judge's label; empty where none judged"),
    Column("messages", "integer", "messages that the plan has before this step's turn"),
    Column("unplaced", "integer", "of these, messages that were not placed"),
    Column("severity", "integer", "severity of the gravest of them; 0 without any"),
    Column("dose", "integer", "messages that the plan has up to and with this step"),
    Column("gravest", "integer", "severity of the gravest among those; 0 without any"),
    Column("read", "integer", "different messages that the model had read before this step's first edit"),
    Column("context_tokens", "integer", "prompt tokens of the step's last model call; empty without usage"),
    Column("reason", "text", "why the step has its outcome"),
    Column("hits", "integer", "units that a pattern of the rule hit"),
    Column("pattern", "text", "pattern of the first hit; empty without one, as all columns of it"),
    Column("path", "text", "file of the first hit; empty where it is of no file"),
    Column("line", "integer", "line of the first hit in that file; empty where it is of none"),
    Column("text", "text", "the text that was hit, cut"),
    Column("origin", "text", "what brought that text: `call`, `answer`, `injection`, `start` or `unknown`"),
    Column("origin_position", "integer", "position of the step whose turn brought it; empty where that is unknown"),
    Column("origin_tool", "text", "the tool that brought it"),
    Column("origin_call", "text", "id of the tool's use"),
    Column("origin_command", "text", "the command, where the tool is a shell"),
    Column("origin_how", "text", "how the origin is known, or why it is not"),
    Column("started", "number", "when the turn began, in seconds since the epoch, UTC; empty if it never did"),
    Column("seconds", "number", "wall time of the turn"),
    Column("waited", "number", "of these, seconds in which the provider had the agent wait"),
    Column("model_calls", "integer", "model calls of the turn"),
    Column("prompt_tokens", "integer", "tokens that went in, over all of them"),
    Column("completion_tokens", "integer", "tokens that came out"),
    Column("cached_tokens", "integer", "of the prompt, tokens from the provider's cache"),
    Column("reasoning_tokens", "integer", "of the completion, tokens that were thought"),
    Column("dollars", "number", "what the turn cost; empty where that is not known of every call"),
    Column("placed", "integer", "messages that were placed before this step's turn"),
    Column("first_edit", "integer", "which of its calls made the first edit, from 1; 0 where none did"),
    Column("violations", "integer", "ways in which constraint or user's words did not reach the model as planned"),
    Column("error", "text", "what failed in the turn; empty otherwise"),
)
#: The columns that a factor and a further rule of a prompt add; their names follow the prefix.
LEVEL = Column("level_", "text", "level of the factor `{}`; empty where the scenario does not vary it")
RULE = Column("rule_", "truth", "whether the further rule `{}` was kept; empty where the step has no say")


def describe(columns: Sequence[Column]) -> str:
    """The dictionary as Markdown."""
    lines = ["# Columns", "", "One row a step of a run, on its own line or on a branch.", ""]
    lines += ["| column | kind | meaning |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {column.kind} | {column.meaning} |" for column in columns]
    return "\n".join(lines) + "\n"
