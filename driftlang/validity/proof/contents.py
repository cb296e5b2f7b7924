"""What a repository must not hold.

In: a repository of the model. Out: whether it can be written; findings in the sink.
Refuses to do: changing it.
"""

from pathlib import PurePosixPath

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Repo, RepoFile
from driftlang.validity.design.bad_date import check_dates
from driftlang.validity.design.leaking_file import check_files


def check_contents(repo: Repo, sink: Sink) -> bool:
    """Whether the repository can be written and leaks nothing into the agent's prompt; says why not."""
    before = sink.found
    if not repo.commits:
        sink.error("missing-entry", f"`{repo.name}` has no commit", repo.span, help="add a `commit` with its files")
    check_dates(repo, sink)
    check_files(repo, sink)
    for commit in repo.commits:
        for file in commit.files:
            _check_path(file, sink)
    at_head = {PurePosixPath(path): file for path, file in repo.files.items()}
    for path, file in at_head.items():
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


def _check_parents(path: PurePosixPath, file: RepoFile, seen: dict[PurePosixPath, RepoFile], sink: Sink) -> None:
    for parent in path.parents:
        if parent in seen:
            sink.error(
                "bad-path",
                f"`{file.path}` stands in a folder `{parent}`, which is a file as well",
                file.span,
                help="rename one of the two",
            )
