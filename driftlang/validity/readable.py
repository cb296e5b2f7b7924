"""Everything that the agent of a scenario may read, with where an author wrote it.

In: a scenario. Out: `Readable`s: texts as they are written, names in them not filled in.
Refuses to do: reading more than a bounded amount of a long history; what is newest comes first.
"""

from collections.abc import Iterator

from driftlang.model.forms import Pad, Probe, Remind, Repo, RepoFile, Scenario
from driftlang.record import frozen
from driftlang.source import Span
from driftlang.validity.wording import plain

#: Bytes of a repository's files that are read, all versions together. A repository written in a file has a hundredth.
MOST_BYTES = 16 * 1024 * 1024


@frozen
class Readable:
    """A text that the agent may read: `where` in words, and the path where it is a file of the repository."""

    text: str
    where: str
    span: Span
    path: str = ""


def texts_of(scenario: Scenario) -> Iterator[Readable]:
    """All that a scenario says to the agent outside of the repository."""
    for step in scenario.tasks.steps:
        yield Readable(plain(step.ask), f"the user turn of `{step.name}`", step.ask.span)
        for let in step.lets:
            yield Readable(plain(let.text), f"`{let.name}` of `{step.name}`", let.text.span)
    for prompt in scenario.prompts.values():
        yield Readable(plain(prompt.text), f"the prompt `{prompt.name}`", prompt.text.span)
    for constraint in scenario.constraints:
        yield Readable(plain(constraint.text), f"the text of `{constraint.name}`", constraint.text.span)
    for rule in scenario.rules:
        yield Readable(plain(rule.text), f"the rule `{rule.name}`", rule.text.span)
    for pressure in scenario.pressures:
        for message in pressure.messages:
            yield Readable(plain(message.text), f"the message `{message.name}`", message.text.span)
    for placebo in scenario.placebo:
        for sentence in placebo.sentences:
            yield Readable(plain(sentence.text), "a neutral sentence", sentence.text.span)
    yield from _of_sessions(scenario)


def _of_sessions(scenario: Scenario) -> Iterator[Readable]:
    for session in scenario.sessions.values():
        for event in session.events:
            match event:
                case Remind():
                    yield from (Readable(plain(text), "a reminder", text.span) for text in event.text)
                case Probe():
                    yield Readable(plain(event.ask), f"the probe `{event.name}`", event.ask.span)
                case Pad():
                    yield Readable(event.text, "filler text", event.span)
                case _:
                    pass
        for prefix in session.prefix:
            for turn in prefix.turns:
                yield Readable(turn.text, "the conversation before the first turn", prefix.span)


def repository_of(repo: Repo) -> Iterator[Readable]:
    """All that a repository says: paths and contents of every version, messages and persons of commits, programs."""
    for program in repo.programs:
        yield Readable(f"{program.name}\n{program.text}", f"the program `{program.name}`", program.span)
    for commit in reversed(repo.commits):
        yield Readable(commit.message, "the message of a commit", commit.span)
        yield Readable(f"{commit.author_name} {commit.author_email}", "the author of a commit", commit.span)
    for file in versions_of(repo):
        text = file.content.decode("utf-8", "replace")
        yield Readable(f"{file.path}\n{text}", f"`{file.path}`", file.span, file.path)


def versions_of(repo: Repo) -> Iterator[RepoFile]:
    """Every version of every text file, the newest first."""
    left = MOST_BYTES
    for commit in reversed(repo.commits):
        for file in commit.files:
            left -= len(file.content)
            if left >= 0 and b"\0" not in file.content:
                yield file
