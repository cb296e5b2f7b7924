"""Trees that commits change step by step are those that git would make of the files at once."""

import small_study as small
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from driftlang.build.tree import PLAIN, blob_id, tree_id, write_history

PATHS = st.sampled_from(["a", "b/a", "b/c/d", "b/c/e", "b.c", "b0", "ü/x"])
CHANGES = st.lists(st.tuples(st.dictionaries(PATHS, st.binary(max_size=2), max_size=4), st.sets(PATHS)), max_size=6)


@given(CHANGES)
def test_the_last_tree_is_that_of_the_files_which_are_left(changes):
    commits, files = [], {"start": b""}
    first = small.commit("Start", small.REPO.commits[0].on, small.file("start", b""))
    for written, removed in changes:
        gone = tuple(sorted(removed & files.keys()))
        files = {path: content for path, content in files.items() if path not in gone} | written
        made = tuple(small.file(path, content) for path, content in written.items())
        commits.append(evolve(first, files=made, removed=gone))
    history = write_history((first, *commits), "")
    expected = tree_id({path: (PLAIN, blob_id(content)) for path, content in files.items()})
    assert history.objects[history.head].content.startswith(b"tree " + expected.hex().encode())
    assert {path: file.content for path, file in history.files.items()} == files
