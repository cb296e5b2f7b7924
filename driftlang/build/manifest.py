"""The manifest: what a build wrote, by digest.

In: files and repositories. Out: TOML.
Refuses to do: itself; a manifest does not hold its own digest.
"""

from collections.abc import Mapping
from hashlib import sha256

from driftlang.build.tree import History

#: Version of the manifest's form.
MANIFEST_FORMAT = 1


def render_manifest(files: Mapping[str, bytes], repositories: Mapping[str, History]) -> str:
    """The manifest of files (contents by path) and repositories (by path), relative to the plan's folder.

    A repository stands by the commit id of its HEAD and by the digest of its files (see `tree_digest`): its pack is
    compressed, and compression may differ between machines.
    """
    import tomli_w

    return tomli_w.dumps(
        {
            "format": MANIFEST_FORMAT,
            "files": {path: sha256(files[path]).hexdigest() for path in sorted(files)},
            "repositories": {
                path: {"commit": repositories[path].head.hex(), "tree": tree_digest(repositories[path])}
                for path in sorted(repositories)
            },
        }
    )


def tree_digest(history: History) -> str:
    """The sha256 over a line `MODE SHA256 PATH` for each file at HEAD, in git's order; nothing in it rests on sha1."""
    lines = (f"{file.mode:o} {sha256(file.content).hexdigest()} {path}\n" for path, file in history.files.items())
    return sha256("".join(lines).encode()).hexdigest()
