"""A concrete repository: history → a folder with a work tree and `.git`.

In: a `History` and a folder that does not exist yet. Out: files.
Refuses to do: anything that depends on when, where or by whom it is written. The index holds no state of files, there
are no reflogs, hooks, remotes or descriptions; objects are one pack, as after a clone.
"""

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from driftlang.build.index_file import IndexEntry, render_index
from driftlang.build.tree import EXECUTABLE, GitObject, History

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


def write_repository(history: History, folder: Path) -> None:
    """Write the repository with its work tree into `folder`, which is made.

    Raises:
        OSError: when the file system refuses.
    """
    git = folder / ".git"
    for inner in GIT_FOLDERS:
        (git / inner).mkdir(parents=True)
    for path, content in git_files(history.head.hex()).items():
        (git / path).write_bytes(content)
    _write_pack(history.objects.values(), git / "objects/pack")
    entries = (IndexEntry(path.encode(), file.mode, file.id) for path, file in history.files.items())
    (git / "index").write_bytes(render_index(entries))
    for parent in sorted({Path(path).parent for path in history.files}):
        (folder / parent).mkdir(parents=True, exist_ok=True)
    for path, file in history.files.items():
        target = folder / path
        target.write_bytes(file.content)
        if file.mode == EXECUTABLE:
            target.chmod(0o755)


def _write_pack(objects: Iterable[GitObject], folder: Path) -> None:
    from gitdb import OStream
    from gitdb.pack import PackEntity

    streams = [OStream(item.id, item.kind.encode(), len(item.content), BytesIO(item.content)) for item in objects]
    pack, index = BytesIO(), BytesIO()
    digest, _ = PackEntity.write_pack(streams, pack.write, index.write, len(streams), 1)
    for suffix, content in (("pack", pack), ("idx", index)):
        (folder / f"pack-{digest.hex()}.{suffix}").write_bytes(content.getvalue())
