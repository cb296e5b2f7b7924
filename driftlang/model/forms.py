"""The resolved model: what an author's files mean, every name looked up, every type known.

In: nothing; this module defines. Out: the forms that `cells` expands.
Every form carries the span of the source it came from. A `Text` is still a template: names in `{{ }}`
are known to exist, their values are put in per step and per cell.
"""

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from driftlang.source import Span


@frozen
class Placeholder:
    """A `{{ name }}` in a text."""

    name: str
    span: Span


@frozen
class Text:
    """A text: literal pieces (escapes resolved, block texts dedented) and placeholders, in order."""

    parts: tuple[str | Placeholder, ...]
    span: Span

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the placeholders, in order, with repeats."""
        return tuple(part.name for part in self.parts if isinstance(part, Placeholder))


@frozen
class Value:
    """A value that a constraint can favour and pressure can push toward."""

    name: str
    text: str
    span: Span


@frozen
class Conflict:
    """Two values that pull apart.

    Attributes:
        values: the two, in the order of `between a and b`.
        both: name of the value that a step serving both counts for, or `hedged`.
    """

    name: str
    values: tuple[Value, Value]
    both: str
    doc: str
    span: Span


@frozen
class Regex:
    r"""A pattern of RE2: `source` between the slashes with `\/` unescaped, `flags` out of `i`, `m`, `s`."""

    source: str
    flags: str
    span: Span


@frozen
class Globs:
    """Which paths: any of `include` and none of `exclude`, with `**` and `{a,b}`; relative to the repository."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    span: Span


@frozen
class PatternExample:
    """A `hit` or `miss`: text of a line, or of a file with a path."""

    path: str
    text: str
    span: Span


@frozen
class Pattern:
    """What tells a violation: hits a unit of its surface when some `match` does and no `unless` does.

    Attributes:
        surface: one of `SURFACES`.
        globs: which paths count; for surfaces without paths, empty tuples.
        at_least: how many units must be hit.
    """

    name: str
    surface: str
    globs: Globs
    match: tuple[Regex, ...]
    unless: tuple[Regex, ...]
    at_least: int
    hits: tuple[PatternExample, ...]
    misses: tuple[PatternExample, ...]
    doc: str
    span: Span


#: Surfaces of a pattern, as the author writes them.
SURFACES = (
    "added code",
    "added code outside strings",
    "added comments",
    "added lines",
    "removed lines",
    "changed file",
    "file",
    "created path",
    "changed path",
    "removed path",
    "command",
    "succeeded command",
    "failed command",
    "reply",
)
#: Surfaces that take no `of GLOB`.
PATHLESS_SURFACES = ("command", "succeeded command", "failed command", "reply")


@frozen
class PatternRef:
    """An expression: the pattern hits (at least its `at_least` units)."""

    pattern: Pattern
    span: Span


@frozen
class CountAtLeast:
    """An expression: `count(pattern) >= number`."""

    pattern: Pattern
    number: int
    span: Span


@frozen
class Not:
    """An expression: `not operand`."""

    operand: "Condition"
    span: Span


@frozen
class And:
    """An expression: all operands."""

    operands: "tuple[Condition, ...]"
    span: Span


@frozen
class Or:
    """An expression: some operand."""

    operands: "tuple[Condition, ...]"
    span: Span


Condition = PatternRef | CountAtLeast | Not | And | Or


@frozen
class RubricLabel:
    """A label that the judge may give, and when."""

    name: str
    text: Text


@frozen
class RubricExample:
    """A worked example for the judge; `constraint` is empty when it holds for every constraint."""

    label: str
    text: Text
    constraint: str
    span: Span


@frozen
class Rubric:
    """The judge's question. `shows` lists what it is shown: `diff`, `commands`, `reply`."""

    name: str
    ask: Text
    shows: tuple[str, ...]
    labels: tuple[RubricLabel, ...]
    examples: tuple[RubricExample, ...]
    doc: str
    span: Span


#: Where a constraint may stand.
PLACES = ("agents_file", "system_prompt", "first_turn", "every_turn")


@frozen
class Constraint:
    """What the system prompt demands, favouring one value of its conflict.

    Attributes:
        place: one of `PLACES`.
        kept: expression under which a step keeps it.
        broken: expression under which a step breaks it.
        judge: rubrics, at most one.
    """

    name: str
    conflict: Conflict
    favors: Value
    place: str
    text: Text
    kept: Condition
    broken: Condition
    judge: tuple[Rubric, ...]
    doc: str
    span: Span


@frozen
class Message:
    """One thing that the surroundings say, of a severity (1 and up)."""

    name: str
    severity: int
    text: Text
    span: Span


@frozen
class Pressure:
    """What the surroundings say toward a value."""

    name: str
    toward: Value
    messages: tuple[Message, ...]
    doc: str
    span: Span


@frozen
class Sentence:
    """A neutral sentence; `is_question` for `sentence question`."""

    text: Text
    is_question: bool
    span: Span


@frozen
class Placebo:
    """Neutral sentences, from which a control of each pressure message is composed."""

    name: str
    sentences: tuple[Sentence, ...]
    doc: str
    span: Span


@frozen
class At:
    """Steps at which a schedule speaks.

    `every step` is first 1, last 0, stride 1; `start` is 1..1; `step 4` is 4..4; `steps 3..9` is 3..9;
    `every 2 steps from 4` is first 4, last 0, stride 2. `last` 0 means the last step.
    """

    first: int
    last: int
    stride: int
    span: Span


@frozen
class Schedule:
    """When, where and in which order the surroundings speak.

    Attributes:
        severity: `ascending`, `descending`, `shuffled` or `constant`.
        constant: the severity of `constant N`, else 0.
        draw: `with replacement` or `without replacement`.
        copies: how often the same message stands in the file.
        place: `top of target`.
        earlier: `stay` or `removed`: what becomes of messages of former steps.
    """

    name: str
    at: At
    severity: str
    constant: int
    draw: str
    copies: int
    place: str
    earlier: str
    doc: str
    span: Span


@frozen
class WholeText:
    """An edit: the step's target has exactly this text."""

    text: Text
    span: Span


@frozen
class FileText:
    """An edit: the file `path` has exactly this text."""

    path: Text
    text: Text
    span: Span


@frozen
class AppendText:
    """An edit: `text` is added behind the end of `path`."""

    path: Text
    text: Text
    span: Span


@frozen
class ReplaceText:
    """An edit: what `regex` matches in `path` becomes `text`."""

    regex: Regex
    path: Text
    text: Text
    span: Span


@frozen
class RemoveFile:
    """An edit: `path` is removed."""

    path: Text
    span: Span


@frozen
class RunCommand:
    """An edit: a shell command is run."""

    command: Text
    span: Span


@frozen
class ReplyText:
    """An edit: what the agent answers."""

    text: Text
    span: Span


Edit = WholeText | FileText | AppendText | ReplaceText | RemoveFile | RunCommand | ReplyText


@frozen
class Solution:
    """A reference implementation of a step that serves `value`."""

    value: Value
    edits: tuple[Edit, ...]
    span: Span


@frozen
class Let:
    """A name for a text, usable as `{{ name }}` in the block that holds it and within."""

    name: str
    text: Text
    span: Span


@frozen
class Step:
    """One user turn. `after` names steps that must come before it; `is_filler` is a step without opportunity."""

    name: str
    title: str
    targets: tuple[Text, ...]
    ask: Text
    lets: tuple[Let, ...]
    solutions: tuple[Solution, ...]
    after: tuple[str, ...]
    is_filler: bool
    doc: str
    span: Span


@frozen
class RepoFile:
    """A file of a commit: its path in the repository and its bytes, never rendered."""

    path: str
    content: bytes
    is_executable: bool
    span: Span


@frozen
class Commit:
    """A commit: author name and address, date (noon UTC is used), files that it writes."""

    message: str
    author_name: str
    author_email: str
    on: date
    files: tuple[RepoFile, ...]
    span: Span


@frozen
class Repo:
    """The repository that the agent works in: commits, oldest first."""

    name: str
    language: str
    commits: tuple[Commit, ...]
    doc: str
    span: Span


@frozen
class Tasks:
    """The user turns, the same in every cell, for one repository."""

    name: str
    repo: Repo
    lets: tuple[Let, ...]
    steps: tuple[Step, ...]
    doc: str
    span: Span


@frozen
class Prompt:
    """The surroundings of the constraint, with exactly one `{{ constraint }}`."""

    name: str
    text: Text
    doc: str
    span: Span


@frozen
class Session:
    """How turns follow each other: `continue` (one session) or `fresh` (a new one each step)."""

    name: str
    mode: str
    doc: str
    span: Span


@frozen
class Level:
    """A level of a factor. `text` is what `{{ factor }}` stands for in a free factor, one element, else empty."""

    name: str
    text: tuple[Text, ...]
    span: Span


@frozen
class Factor:
    """What varies: `schedule`, `session`, `prompt` or `place` by name, or a free name with texts."""

    name: str
    levels: tuple[Level, ...]
    span: Span


#: Arms of a scenario, in the order of tables.
ARMS = ("bare", "placebo", "opposing", "supporting", "unrelated")
ORDERS = ("fixed", "shuffled", "latin_square")


@frozen
class Scenario:
    """A conflict put to the test: everything a cell is made from.

    Attributes:
        constraints: all constraints of the conflict in scope, in source order: the directions.
        prompt: at most one.
        placebo: at most one.
        schedules: every schedule that the scenario or its factors name, by name; likewise sessions and prompts.
        schedule: the default schedule's name; likewise session.
        arms: out of `ARMS`.
        order: out of `ORDERS`.
    """

    name: str
    conflict: Conflict
    constraints: tuple[Constraint, ...]
    prompt: tuple[Prompt, ...]
    repo: Repo
    tasks: Tasks
    pressures: tuple[Pressure, ...]
    placebo: tuple[Placebo, ...]
    schedule: Schedule
    arms: tuple[str, ...]
    session: Session
    order: str
    factors: tuple[Factor, ...]
    schedules: Mapping[str, Schedule]
    sessions: Mapping[str, Session]
    prompts: Mapping[str, Prompt]
    doc: str
    span: Span


@frozen
class ModelChoice:
    """A model by its `provider/name`, with options such as `effort high` as texts."""

    id: str
    options: Mapping[str, str]
    span: Span


@frozen
class Limits:
    """Bounds of a study: seconds a turn and a trial may take, US dollars it may cost (0 for no bound)."""

    turn_seconds: float = 240.0
    trial_seconds: float = 3600.0
    cost_dollars: float = 0.0


@frozen
class Primary:
    """The declared analysis: `primary OUTCOME given CONDITION contrast ARM - ARM by direction`.

    `given` and the contrast's arms are empty where the author named none.
    """

    outcome: str
    given: str
    contrast: tuple[str, ...]
    by: str
    span: Span


@frozen
class Detect:
    """The difference that the study must be able to show, and the power and level for it, as fractions."""

    difference: float
    power: float
    alpha: float
    span: Span


@frozen
class Study:
    """Scenarios x models x repeats, limits, judge and the analysis declared before the run."""

    name: str
    scenarios: tuple[Scenario, ...]
    models: tuple[ModelChoice, ...]
    repeat: int
    limits: Limits
    judge: str
    judge_votes: int
    harness: str
    primary: tuple[Primary, ...]
    detect: tuple[Detect, ...]
    doc: str
    span: Span


@frozen
class Model:
    """All that one file and its imports declare, resolved.

    Attributes:
        files: the path of each source file, by file id, as `Sources` has them.
        source_digest: sha256 over the contents of all files that the model was made from.
    """

    studies: tuple[Study, ...]
    scenarios: tuple[Scenario, ...]
    patterns: tuple[Pattern, ...]
    rubrics: tuple[Rubric, ...]
    source_digest: str = field(default="")
