"""A history that the real git makes: two people, zones, a removal, a mode, a merge."""

import os
import subprocess
from pathlib import Path


def git(folder: Path, *arguments: str, stdin: bytes = b"", **environment: str) -> str:
    """What git prints; nothing of this machine's configuration is read."""
    clean = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=stdin, env={**clean, **environment}, check=True, capture_output=True
    )
    return done.stdout.decode().strip()


def commit(folder: Path, message: str, author: str, date: str) -> str:
    """Commit all that is there by one person, an hour later by another one."""
    name, email = author.split(" <")
    people = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email.rstrip(">"), "GIT_AUTHOR_DATE": date}
    people |= {"GIT_COMMITTER_NAME": "Mira Lund", "GIT_COMMITTER_EMAIL": "mira@ledger.example"}
    git(folder, "add", "-A")
    arguments = ("commit", "-q", "--cleanup=verbatim", "--allow-empty", "-F", "-")
    git(folder, *arguments, stdin=message.encode(), **people, GIT_COMMITTER_DATE=date.replace("T1", "T2"))
    return git(folder, "rev-parse", "HEAD")


def write(folder: Path, path: str, content: str, mode: int = 0o644) -> None:
    """Write a file."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(content)
    (folder / path).chmod(mode)


def make_clone(folder: Path) -> Path:
    """A linear history of four commits."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "trunk")
    write(folder, "ledger/book.py", "x = 1\n")
    write(folder, "ledger/größe.py", "y = 1\n")
    write(folder, "run", "#!/bin/sh\n")
    commit(folder, "Start\n\n  of it\n", "Dana Reyes <dana@ledger.example>", "2024-02-29T10:00:00 +0530")
    (folder / "ledger/größe.py").unlink()
    (folder / "run").chmod(0o755)
    commit(folder, "Remove what nobody reads\n", "Jörg Ø. <jorg@ledger.example>", "2024-03-01T11:00:00 -0800")
    (folder / "run").unlink()
    write(folder, "run/all.sh", "#!/bin/sh\n", 0o755)
    write(folder, "ledger/book.py", "x = 2\n")
    commit(folder, "Make a folder of it\n", "Dana Reyes <dana@ledger.example>", "2024-03-02T12:00:00 +0000")
    commit(folder, "Nothing\n", "Dana Reyes <dana@ledger.example>", "2024-03-02T13:00:00 +0000")
    return folder


def merge_another(folder: Path) -> str:
    """A side branch, merged; the id of the merge."""
    git(folder, "checkout", "-q", "-b", "side", "HEAD~2")
    write(folder, "side.py", "z = 1\n")
    commit(folder, "Aside\n", "Dana Reyes <dana@ledger.example>", "2024-03-03T10:00:00 +0000")
    git(folder, "checkout", "-q", "trunk")
    people = {f"GIT_{role}_{key}": "m@ledger.example" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    people |= dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2024-03-04T10:00:00 +0100")
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge aside", "side", **people)
    return git(folder, "rev-parse", "HEAD")
