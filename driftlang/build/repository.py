"""A concrete repository: history → the files of a folder with a work tree and `.git`.

In: a `History`. Out: an `Snapshot`: every file of the folder, by path; or the folder, written.
Refuses to do: anything that depends on when, where or by whom it is written. The index holds no state of files, there
are no reflogs, hooks, remotes or descriptions; objects are one pack, as after a clone.
"""

from collections.abc import Mapping
from pathlib import Path

from driftlang.build.index_file import IndexEntry, render_index
from driftlang.build.pack import render_pack
from driftlang.build.snapshot import Snapshot, StoredFile, write_snapshot
from driftlang.build.tree import EXECUTABLE, History

#: The branch that HEAD is on.
BRANCH = "main"
#: What `git init` writes on a file system with executable bits, and nothing of the machine.
CONFIG = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n"


#: Folders of `.git`, parents first.
GIT_FOLDERS = ("objects", "objects/info", "objects/pack", "refs", "refs/heads", "refs/tags")


def git_files(commit: str) -> Mapping[str, bytes]:
    """The files of `.git` beside index and pack, by path within it, when HEAD is `commit` (40 hex digits)."""
    return {
        "HEAD": f"ref: refs/heads/{BRANCH}\n".encode(),
        "config": CONFIG.encode(),
        f"refs/heads/{BRANCH}": f"{commit}\n".encode(),
    }


def snapshot_of(history: History) -> Snapshot:
    """The repository with its work tree."""
    pack = render_pack(history.objects.values())
    entries = (IndexEntry(path.encode(), file.mode, file.id) for path, file in history.files.items())
    name = f"objects/pack/pack-{pack.digest.hex()}"
    git = {**git_files(history.head.hex()), f"{name}.pack": pack.content, f"{name}.idx": pack.index}
    git["index"] = render_index(entries)
    files = {f".git/{path}": StoredFile(content) for path, content in git.items()}
    files |= {path: StoredFile(file.content, file.mode == EXECUTABLE) for path, file in history.files.items()}
    return Snapshot(files, tuple(f".git/{folder}" for folder in GIT_FOLDERS))


def write_repository(history: History, folder: Path) -> None:
    """Write the repository with its work tree into `folder`, which is made.

    Raises:
        OSError: when the file system refuses.
    """
    write_snapshot(snapshot_of(history), folder)
