"""The manifest: what a build wrote, by digest.

In: files and repositories. Out: TOML; and, of a folder that a build wrote, whether its files are still those.
Refuses to do: itself; a manifest does not hold its own digest.
"""

import tomllib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from driftlang.build.tree import History
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.model.forms import About

#: Version of the manifest's form.
MANIFEST_FORMAT = 1
#: The file by which a folder is known to be a build's.
MANIFEST_FILE = "MANIFEST.toml"


def check_manifest(folder: Path) -> None:
    """See that every file which the folder's manifest names is there and has its digest.

    Repositories are not read here: each is compared with its commit when a trial's copy is made of it. A folder
    without a manifest, which another program may have written, passes.

    Raises:
        Failure: a file is gone or was changed, or the manifest cannot be read; status MISUSE.
    """
    path = folder / MANIFEST_FILE
    if not path.is_file():
        return
    try:
        files = tomllib.loads(path.read_text(encoding="utf-8"))["files"]
        known = {str(name): str(digest) for name, digest in files.items()}
    except (ValueError, KeyError, AttributeError) as damage:
        raise _changed(f"`{path}` cannot be read as a manifest") from damage
    for name, digest in sorted(known.items()):
        file = folder / name
        if not file.is_file():
            raise _changed(f"`{file}` is gone, which the plan was built with")
        if sha256(file.read_bytes()).hexdigest() != digest:
            raise _changed(f"`{file}` is not the file that the plan was built with")


def _changed(message: str) -> Failure:
    return Failure(message, help="build the plan again; a change belongs into its source", status=ExitStatus.MISUSE)


def render_manifest(
    files: Mapping[str, bytes],
    repositories: Mapping[str, History],
    about: Sequence[About] = (),
    accepted: Sequence[Mapping[str, object]] = (),
) -> str:
    """The manifest of files (contents by path) and repositories (by path), relative to the plan's folder.

    With it go what the source says about itself, and tables of the findings that its
    author accepts, and why.

    A repository stands by the commit id of its HEAD and by the digest of its files (see `tree_digest`): its pack is
    compressed, and compression may differ between machines.
    """
    import tomli_w

    return tomli_w.dumps(
        {
            "format": MANIFEST_FORMAT,
            **({"about": _about(about[0])} if about else {}),
            **({"allowed": list(accepted)} if accepted else {}),
            "files": {path: sha256(files[path]).hexdigest() for path in sorted(files)},
            "repositories": {
                path: {"commit": repositories[path].head.hex(), "tree": tree_digest(repositories[path])}
                for path in sorted(repositories)
            },
        }
    )


def _about(about: About) -> dict[str, object]:
    """What is said, without what is not."""
    said = {"title": about.title, "licence": about.licence, "version": about.version, "canary": about.canary}
    lists = {"authors": list(about.authors), "cite": list(about.cite)}
    return {name: value for name, value in (said | lists).items() if value}


def tree_digest(history: History) -> str:
    """The sha256 over a line `MODE SHA256 PATH` for each file at HEAD, in git's order; nothing in it rests on sha1."""
    lines = (f"{file.mode:o} {sha256(file.content).hexdigest()} {path}\n" for path, file in history.files.items())
    return sha256("".join(lines).encode()).hexdigest()
