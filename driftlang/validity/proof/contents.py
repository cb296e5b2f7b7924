"""What a repository must not hold.

In: a repository of the model. Out: whether it can be written; findings in the sink.
Refuses to do: changing it.
"""

from pathlib import PurePosixPath

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Repo, RepoFile

#: Instruction files that an agent's tools read wherever they stand, beside the agents file at the root.
_INSTRUCTION_FILES = ("AGENTS.md", "CLAUDE.md")
#: Files that configure the agent.
_CONFIGURATIONS = ("opencode.json", "opencode.jsonc")
_EPOCH_YEAR = 1970


def check_contents(repo: Repo, sink: Sink) -> bool:
    """Whether the repository can be written and leaks nothing into the agent's prompt; says why not."""
    before = sink.found
    if not repo.commits:
        sink.error("missing-entry", f"`{repo.name}` has no commit", repo.span, help="add a `commit` with its files")
    for commit in repo.commits:
        if commit.on.year < _EPOCH_YEAR:
            sink.error(
                "bad-date",
                f"git knows no date before {_EPOCH_YEAR}, found {commit.on.isoformat()}",
                commit.span,
                help="give a later date",
            )
        for file in commit.files:
            _check_path(file, sink)
    at_head = {PurePosixPath(path): file for path, file in repo.files.items()}
    for path, file in at_head.items():
        _check_leak(file, sink)
        _check_parents(path, file, at_head, sink)
    return sink.found == before


def is_plain_path(path: str) -> bool:
    """Whether a file of a repository may have this path."""
    return not any(part in ("", ".", "..") or part.lower() == ".git" for part in path.split("/")) and not (
        "\\" in path or "\0" in path
    )


def _check_path(file: RepoFile, sink: Sink) -> None:
    if not is_plain_path(file.path):
        sink.error(
            "bad-path",
            f"`{file.path}` is no path within a repository",
            file.span,
            help="write a relative path with `/`, without `..` and `.git`",
        )


def _check_leak(file: RepoFile, sink: Sink) -> None:
    *folders, name = file.path.split("/")
    is_nested = bool(folders) and name in _INSTRUCTION_FILES
    if is_nested or name in _CONFIGURATIONS or ".opencode" in folders:
        sink.error(
            "leaking-file",
            f"`{file.path}` would reach the agent beside the constraint: its tools read such files by themselves",
            file.span,
            help="leave the file out, or move its text to an AGENTS.md at the root",
        )


def _check_parents(path: PurePosixPath, file: RepoFile, seen: dict[PurePosixPath, RepoFile], sink: Sink) -> None:
    for parent in path.parents:
        if parent in seen:
            sink.error(
                "bad-path",
                f"`{file.path}` stands in a folder `{parent}`, which is a file as well",
                file.span,
                help="rename one of the two",
            )
