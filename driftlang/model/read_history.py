"""An existing history → commits: those up to a commit of a clone or a bundle, by its first parents.

In: a clone's folder or a bundle, and the id of a commit. Out: `Commit`s, oldest first, with their messages, persons,
times and zones; or diagnostics.
Refuses to do: merges. The history is made linear: of a merge, the first parent alone is kept, and the commit brings
what its tree has; so each commit's tree is that of the original. Signatures and notes are left out. A history without
merges and signatures keeps the ids of its commits.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import LARGEST_HISTORY
from driftlang.model.forms import Commit, RepoFile, Stamp, Stamps
from driftlang.model.git_store import MOST_NAMED, Store, StoreError, open_store
from driftlang.model.git_trees import TreeChange, Trees
from driftlang.model.paths import check_path
from driftlang.record import frozen
from driftlang.source import Span

#: Commits that a history may have.
MOST_COMMITS = 2000
_WHOLE_ID = re.compile(r"[0-9a-f]{40}")
_PREFIX = re.compile(r"[0-9a-f]{4,39}")
_PERSON = re.compile(r"(?P<name>.*?) ?<(?P<email>[^<>]*)> (?P<seconds>[0-9]{1,12}) (?P<zone>[+-][0-9]{4})")
#: The last second of the year 9999.
_LAST_SECOND = 253_402_300_799


@frozen
class _Raw:
    """A commit as git keeps it."""

    id: str
    tree: str
    parents: tuple[str, ...]
    stamps: Stamps
    message: str


def read_history(source: Path, name: str, commit: str, span: Span, sink: Sink) -> tuple[Commit, ...]:
    """The commits of `source` up to `commit`; none where they cannot be had, which has been said then.

    Raises:
        Failure: there is no git.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="history-") as scratch:
            store = open_store(source, Path(scratch))
            commits = tuple(_read(store, name, commit, span))
    except StoreError as trouble:
        sink.error(trouble.id, f"`{name}`: {trouble.message}", span, help=trouble.help)
        return ()
    except OSError as trouble:
        reason = (trouble.strerror or str(trouble)).lower()
        sink.error("unreadable-history", f"`{name}` cannot be read: {reason}", span, help="make it readable")
        return ()
    paths = sorted({file.path for made in commits for file in made.files})
    return commits if all(check_path(path, span, sink) for path in paths) else ()


def _read(store: Store, name: str, commit: str, span: Span) -> Iterator[Commit]:
    _require_commit(store, name, commit)
    ids = store.first_parents(commit, MOST_COMMITS)
    if len(ids) > MOST_COMMITS:
        raise StoreError(
            "unreadable-history",
            f"the history has {store.count(commit):,} commits, {MOST_COMMITS:,} are the most",
            "give a bundle or clone of a younger history, or an earlier commit",
        )
    size = sum(size for _, size in store.sizes(ids).values())
    if size > LARGEST_HISTORY:
        raise StoreError(
            "unreadable-history",
            f"its commits alone have {size / 1e6:,.1f} MB, {LARGEST_HISTORY / 1e6:.0f} MB are the most",
            "give a younger history",
        )
    raw = [_parse(name, content) for name, content in store.read(ids, "commit").items()]
    parents = [one.parents[:1] for one in raw]
    if parents != [*((name,) for name in ids[1:]), ()]:
        raise StoreError("unreadable-history", "its commits do not follow each other", "mend the clone or bundle")
    trees = Trees(store, [one.tree for one in raw])
    before = ""
    changes: list[TreeChange] = []
    for one in reversed(raw):
        changes.append(trees.change(before, one.tree, f"commit `{one.id[:12]}`"))
        before = one.tree
    blobs = _read_blobs(store, changes, trees.total)
    for one, change in zip(reversed(raw), changes, strict=True):
        yield _commit(one, change, blobs, span)


def _require_commit(store: Store, name: str, commit: str) -> None:
    """See that `commit` is the whole id of a commit that is there; if not, say which there are."""
    if _WHOLE_ID.fullmatch(commit):
        kind = store.sizes([commit]).get(commit, ("", 0))[0]
        if kind == "commit":
            return
        what = f"is a {kind}, no commit" if kind else f"is no commit of `{name}`"
    elif _PREFIX.fullmatch(commit):
        what = "is no whole id of a commit, which has 40 digits"
    else:
        what = "is no id of a commit, expected 40 digits of 0-9 and a-f"
    kinds = store.sizes(list(store.tips))
    tips = [tip for tip in store.tips if kinds.get(tip, ("", 0))[0] == "commit"]
    near = [tip for tip in tips if store.tips[tip].split("/", 2)[-1] == commit]
    if not near and re.match(r"[0-9a-f]{4}", commit):
        near = next((found for digits in (40, 7, 4) if (found := store.commits_like(commit[:digits]))), [])
    near = near or tips[:MOST_NAMED]
    shown = ", ".join(f"`{one}`" + (f" (`{store.tips[one]}`)" if one in store.tips else "") for one in near)
    raise StoreError(
        "unknown-commit",
        f"`{commit}` {what}",
        f"write a whole id, such as {shown}" if shown else "write the whole id of a commit",
    )


def _parse(name: str, content: bytes) -> _Raw:
    head, _, message = content.partition(b"\n\n")
    # Lines that begin with a blank go on with the header above, a signature for instance.
    lines = [line.partition(b" ") for line in head.split(b"\n") if not line.startswith(b" ")]
    fields: dict[str, list[bytes]] = {}
    for key, _, value in lines:
        fields.setdefault(key.decode("ascii", "replace"), []).append(value)
    encoding = fields.get("encoding", [b"utf-8"])[0].decode("ascii", "replace")
    try:
        author, committer = (_stamp(_decode(fields[role][0], encoding)) for role in ("author", "committer"))
        tree = fields["tree"][0].decode("ascii")
    except (KeyError, ValueError) as damage:
        raise StoreError(
            "unreadable-history", f"the commit `{name[:12]}` names no author or date that can be read", "leave it out"
        ) from damage
    parents = tuple(value.decode("ascii", "replace") for value in fields.get("parent", ()))
    return _Raw(name, tree, parents, Stamps(author, committer), _decode(message, encoding))


def _stamp(text: str) -> Stamp:
    found = _PERSON.fullmatch(text)
    if found is None or int(found["seconds"]) > _LAST_SECOND:
        raise ValueError(text)
    return Stamp(found["name"], found["email"], int(found["seconds"]), found["zone"])


def _decode(content: bytes, encoding: str) -> str:
    """Text in the encoding that the commit names; git itself takes it for UTF-8, and never refuses it."""
    for one in (encoding, "utf-8"):
        try:
            text = content.decode(one)
            text.encode()
        except (LookupError, ValueError):
            continue
        return text
    return content.decode("latin-1")


def _read_blobs(store: Store, changes: Sequence[TreeChange], already: int) -> Mapping[str, bytes]:
    ids = list(dict.fromkeys(file.blob for change in changes for file in change.written))
    total = already + sum(size for _, size in store.sizes(ids).values())
    if total > LARGEST_HISTORY:
        raise StoreError(
            "unreadable-history",
            f"the history holds {total / 1e6:,.1f} MB, {LARGEST_HISTORY / 1e6:.0f} MB are the most",
            "give a younger history, or one without its large files",
        )
    return store.read(ids, "blob")


def _commit(raw: _Raw, change: TreeChange, blobs: Mapping[str, bytes], span: Span) -> Commit:
    author = raw.stamps.author
    return Commit(
        message=raw.message,
        author_name=author.name,
        author_email=author.email,
        on=datetime.fromtimestamp(author.seconds, UTC).date(),
        files=tuple(RepoFile(file.path, blobs[file.blob], file.is_executable, span) for file in change.written),
        span=span,
        removed=change.removed,
        exact=(raw.stamps,),
    )
