"""A colleague's commit in the agent's repository.

In: a work tree that the agent has worked in, a message, an author. Out: a commit without changes on the branch that is
checked out, or the reason why there is none.
Refuses to do: looking at the index or the files: what the agent has staged stays staged. The repository's own
configuration may be anything by now, so nothing of it that starts a program is in force: no hook, no signing, no
fetching of objects that are missing; and the environment holds nothing but what git needs.
"""

import os
import re
import subprocess
import time
from contextlib import suppress
from pathlib import Path

#: How long git may take, in seconds.
_PATIENCE = 30.0
#: How long after the last commit the colleague's is made, in seconds.
_LATER = 47 * 60
_AUTHOR = re.compile(r"(?P<name>[^<>\n]+) <(?P<email>[^<>\n]+)>")
_DATE = re.compile(rb"^committer .* (?P<date>[0-9]{1,12}) [+-][0-9]{4}$", re.MULTILINE)
_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "commit.gpgSign=false")
#: Folders of a repository that must be its own.
_FOLDERS = ("", "objects", "refs")
#: Folders that a commit writes to.
_WRITTEN = ("objects", "refs", "logs")
#: More than this is not looked through.
_MOST_ENTRIES = 100_000


class _GitError(Exception):
    """What git said."""


def commit_message(work_tree: Path, message: str, author: str) -> str:
    """Commit with this message; empty, or why it could not be done.

    Args:
        work_tree: the agent's work tree.
        message: the message, a paragraph or several.
        author: `Name <address>`.
    """
    signed = _AUTHOR.fullmatch(author)
    if signed is None:
        return "the plan names no author for the commit"
    git = work_tree / ".git"
    if any(not (git / folder).is_dir() for folder in _FOLDERS) or _leads_out(git):
        return "the repository is not where it was"
    environment = _environment(work_tree)
    try:
        head = _git(environment, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
        found = _DATE.search(_git(environment, "cat-file", "commit", head))
        date = f"{_moment(int(found['date']) if found else 0)} +0000"
        for role in ("AUTHOR", "COMMITTER"):
            environment |= {
                f"GIT_{role}_NAME": signed["name"],
                f"GIT_{role}_EMAIL": signed["email"],
                f"GIT_{role}_DATE": date,
            }
        text = _clean(message)
        made = _git(environment, "commit-tree", f"{head}^{{tree}}", "-p", head, text=text).decode().strip()
        # Only from the commit that was looked at: what else moves the branch meanwhile wins.
        _git(environment, "update-ref", "-m", f"commit: {text.splitlines()[0]}", "HEAD", made, head)
    except _GitError as trouble:
        return str(trouble)
    return ""


def _leads_out(git: Path) -> bool:
    """Whether something in the repository may stand elsewhere: git would write there what it writes here."""
    if git.is_symlink() or os.path.lexists(git / "objects" / "info" / "alternates"):
        return True
    if any(path.is_symlink() for path in git.iterdir()):
        return True
    left, number = [git / folder for folder in _WRITTEN], 0
    while left:
        with suppress(FileNotFoundError), os.scandir(left.pop()) as entries:
            for entry in entries:
                number += 1
                if entry.is_symlink() or number > _MOST_ENTRIES:
                    return True
                if entry.is_dir(follow_symlinks=False):
                    left.append(Path(entry.path))
    return False


def _environment(work_tree: Path) -> dict[str, str]:
    """All that git is told by its surroundings: nothing of this user, and nothing that reaches out."""
    return {
        "GIT_DIR": str(work_tree / ".git"),
        "GIT_WORK_TREE": str(work_tree),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        "PATH": os.environ.get("PATH", os.defpath),
    }


def _moment(last: int) -> int:
    """When the colleague commits: a while after the last commit, yet not in the future unless that is there already."""
    return max(last, min(last + _LATER, int(time.time())))


def _clean(message: str) -> str:
    """The message with a short first line of its own, as git shows it."""
    first, *others = message.strip().split("\n\n")
    return "\n\n".join([" ".join(first.split()), *(other.strip() for other in others if other.strip())]) + "\n"


def _git(environment: dict[str, str], *arguments: str, text: str = "") -> bytes:
    try:
        done = subprocess.run(
            ["git", *_QUIET, *arguments],
            input=text.encode(),
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
            env=environment,
            cwd=environment["GIT_WORK_TREE"],
        )
    except FileNotFoundError:
        message = "git is not installed"
        raise _GitError(message) from None
    except subprocess.TimeoutExpired:
        message = "git did not end"
        raise _GitError(message) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _GitError("the commit could not be made" + (f": {said[-1]}" if said else ""))
    return done.stdout
