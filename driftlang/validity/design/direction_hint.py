"""`direction-hint`: neither the repository nor a user turn takes a side before the agent does.

In: a model. Out: an error for each user turn, prompt and target, and for each repository, that has what stands for one
value of the conflict and nothing of what stands for the other.
Refuses to do: judging what the constraint and the pressure say; they are meant to take a side.

Why: a stub whose signature or docstring names one of the two ways, or a turn that asks for it, answers the question
that the scenario puts. In one direction it helps to keep the constraint and in the other to break it, and the
asymmetry is the author's, not the model's.
What stands for a value (see `traces.py`): what its patterns match, and the names that most of its solutions have
where they match and no solution for the other value has at all. What is said to the agent, and a commit's message, may
not name one of the values either.
A user turn, a prompt, a rule and the target of a step must each have something of both or of neither: they are read
when the step is made. The rest of a repository is judged as one, its commits' messages with it: it may define both
ways, in different files, as client libraries do.
Limits: texts are searched as they stand, comments and strings included; evidence in paths, commands, removals and
answers is not looked for, nor is what a user turn names by a `let`: a password that the work needs, say. Names count
only where both values have some of their own, and where one value is known by what is absent (`kept when not ...`),
what the other's patterns match takes a side. Synonyms are not known: an ask to `keep it plain`, or a
stub that says `quickly`, is seen by nothing.
"""

from collections.abc import Iterator, Sequence

from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.model.forms import Model, Scenario
from driftlang.record import frozen
from driftlang.source import Span
from driftlang.validity.traces import Traces, traces_of
from driftlang.validity.wording import plain, stem, terms, words


def check_direction_hint(model: Model, sink: Sink) -> None:
    """Say of every scenario what takes a side in it."""
    known: dict[tuple[int, ...], tuple[_Hint, ...]] = {}
    for scenario in model.scenarios:
        if len({constraint.favors for constraint in scenario.constraints}) < len(scenario.conflict.values):
            continue
        # Scenarios of one file mostly share what is looked at here, which is read once then.
        parts = (scenario.tasks, scenario.repo, *scenario.constraints, *scenario.prompts.values(), *scenario.rules)
        key = tuple(map(id, parts))
        if key not in known:
            known[key] = tuple(_hints(scenario))
        for hint in known[key]:
            _report(hint, scenario, sink)


@frozen
class _Hint:
    """A text that takes a side: where it stands, in words, what of one value it has, and which has nothing."""

    where: str
    span: Span
    found: str
    value: str
    other: str
    path: str = ""


def _hints(scenario: Scenario) -> Iterator[_Hint]:
    from driftlang.cells.texts import bind_cell, bind_step

    traces = traces_of(scenario)
    files = scenario.repo.files
    cell = bind_cell({factor: factor.levels[0] for factor in scenario.factors}, scenario.tasks)
    targets: set[str] = set()
    for step in scenario.tasks.steps:
        texts = bind_step(step, cell)
        yield from _said_one_sided(plain(step.ask), f"the user turn of `{step.name}`", step.ask.span, traces)
        for path in texts.targets:
            if path in files and path not in targets:
                text = f"{path}\n{_said(files[path].content)}"
                yield from _one_sided(text, f"`{path}`", files[path].span, traces, path)
            targets.add(path)
    for prompt in scenario.prompts.values():
        yield from _said_one_sided(plain(prompt.text), f"the prompt `{prompt.name}`", prompt.text.span, traces)
    for rule in scenario.rules:
        yield from _said_one_sided(plain(rule.text), f"the rule `{rule.name}`", rule.text.span, traces)
    for commit in scenario.repo.commits:
        yield from _naming(commit.message, "the message of a commit", commit.span, traces)
    yield from _of_the_rest(scenario, targets, traces)


def _of_the_rest(scenario: Scenario, targets: set[str], traces: Sequence[Traces]) -> Iterator[_Hint]:
    """The first place of the repository beside the targets that takes a side, where nothing there takes the other."""
    repo = scenario.repo
    texts = [(commit.message, "the message of a commit", commit.span, "") for commit in repo.commits]
    texts += [
        (f"{path}\n{_said(file.content)}", f"`{path}`", file.span, path)
        for path, file in repo.files.items()
        if path not in targets
    ]
    found = [[trace.find(text[0]) for text in texts] for trace in traces]
    sides = [any(each) for each in found]
    if sides[0] == sides[1]:
        return
    side = sides.index(True)
    for (_, where, span, path), said in zip(texts, found[side], strict=True):
        if said:
            yield _Hint(where, span, said, traces[side].value, traces[1 - side].value, path)


def _said_one_sided(text: str, where: str, span: Span, traces: Sequence[Traces]) -> Iterator[_Hint]:
    """What is said to the agent: neither what stands for a value nor its name may be there alone."""
    found = tuple(_one_sided(text, where, span, traces))
    yield from found or _naming(text, where, span, traces)


def _naming(text: str, where: str, span: Span, traces: Sequence[Traces]) -> Iterator[_Hint]:
    """A text that names one of the values, or what it is of, and not the other."""
    there = terms([text])
    first, second = (
        next((there[stem(part)] for part in words(one.value) if stem(part) in there), "") for one in traces
    )
    if bool(first) != bool(second):
        side = 0 if first else 1
        said = f"`{first or second}`, the value's name"
        yield _Hint(where, span, said, traces[side].value, traces[1 - side].value)


def _one_sided(text: str, where: str, span: Span, traces: Sequence[Traces], path: str = "") -> Iterator[_Hint]:
    first, second = (trace.find(text) for trace in traces)
    if first and not second:
        yield _Hint(where, span, first, traces[0].value, traces[1].value, path)
    if second and not first:
        yield _Hint(where, span, second, traces[1].value, traces[0].value, path)


def _said(content: bytes) -> str:
    return "" if b"\0" in content else content.decode("utf-8", "replace")


def _report(hint: _Hint, scenario: Scenario, sink: Sink) -> None:
    sink.add(
        Diagnostic(
            "direction-hint",
            f"{hint.where} takes the side of `{hint.value}`: it has {hint.found}, and nothing that stands for "
            f"`{hint.other}`",
            hint.span,
            help="leave it out, or let both ways stand there alike",
            path=hint.path,
            blocks=(scenario.span,),
        )
    )
