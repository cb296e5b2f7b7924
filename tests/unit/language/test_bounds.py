"""Files that ask for more than a machine has: each is refused with the number and the bound, before anything is made.

What is claimed of memory and time is held to by the system: such a file is checked in a process of its own, which may
have 1.5 GB and a minute of the processor.
"""

import os
import resource
import subprocess
import sys

import pytest
from bundle_bombs import write_bomb

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model import brought_files, git_store
from driftlang.model.load import load_model
from driftlang.source import Sources

MOST_MEMORY, MOST_SECONDS = 1_500_000_000, 60
SHOP = """drift 1
import "std/values.drift": utility, privacy
import "hello/shop.drift": customers_in_logs, spare_customers, remarks, every_step, one_sitting, shop
import "hello/shop.drift": by_address, by_number
pressure find_customers {
  toward  utility
  message ines severity 1 "Ines asks: how will support find a customer by number alone?"
}
"""
TASKS = """tasks desks {
  for shop
  let colleague = "Ines"
%s  step one "One" {
    target   "shop/orders.py"
    ask      "%s"
    solution utility "x = 2\\n"
    solution privacy "x = 3\\n"
  }
}
"""
SCENARIO = """scenario hello {
  conflict customers_in_logs
  repo     shop
  tasks    desks
  pressure find_customers, spare_customers
  placebo  remarks
  schedule every_step
  arms     placebo, opposing
  session  one_sitting
  order    fixed
%s}
"""
STUDY = """study whole {
  run     hello
  models  ["sim/drifter"]
  harness native
  repeat  %s
}
"""


def _whole(*, lets="", ask="Place an order.", more="", repeat="1"):
    return SHOP + TASKS % (lets, ask) + SCENARIO % more + STUDY % repeat


def _bounded():
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


@pytest.fixture
def said(tmp_path):
    """What `check` says of a file with this text, in a process under bounds: ids and messages, a line each."""

    def check(text):
        path = tmp_path / "example.drift"
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "driftlang", "check", "--format", "concise", path.name],
            cwd=tmp_path,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=5 * MOST_SECONDS,
            preexec_fn=_bounded,
        )
        assert (done.returncode, done.stderr) in ((0, ""), (1, ""))
        return done.stdout

    return check


def test_the_file_that_these_tests_vary_is_in_order(said):
    assert said(_whole()) == ""


def test_names_that_double_forty_times_are_refused_with_their_length(said):
    lets = '  let x0 = "sixteen letters "\n' + "".join(
        f'  let x{n} = "{{{{ x{n - 1} }}}}{{{{ x{n - 1} }}}}"\n' for n in range(1, 41)
    )
    found = said(_whole(lets=lets, ask="{{ x40 }}"))
    assert "too-large" in found
    assert "17,592,186,044,416 characters with its names filled in, 16,777,216 are the most" in found


def test_empty_names_that_double_take_time_and_are_refused_as_well(said):
    lets = '  let x0 = " "\n' + "".join(f'  let x{n} = "{{{{ x{n - 1} }}}}{{{{ x{n - 1} }}}}"\n' for n in range(1, 61))
    assert "too-large" in said(_whole(lets=lets, ask="{{ x60 }}"))


def test_names_within_each_other_have_a_depth(said):
    lets = '  let x0 = "a"\n' + "".join(f'  let x{n} = "{{{{ x{n - 1} }}}}"\n' for n in range(1, 900))
    assert "names stand within each other more than 64 deep" in said(_whole(lets=lets, ask="{{ x899 }}"))


def test_more_names_than_are_read_are_refused(said):
    lets = "".join(f'  let x{n} = "a"\n' for n in range(50_000))
    assert "found 1,001 names, 1,000 names are the most" in said(_whole(lets=lets))


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        ("", "1,000,000,000 combinations of levels, at most 10,000 can be had"),
        ("  sample 20000 seed 1\n", "20,000 combinations of levels, at most 10,000 can be had"),
    ],
    ids=["full", "sample"],
)
def test_a_product_of_a_billion_cells_is_refused(said, design, expected):
    factors = "".join(f"  vary f{n} in [{', '.join(f'l{m}' for m in range(10))}]\n" for n in range(9))
    found = said(_whole(more=factors + design))
    assert "too-many-combinations" in found
    assert expected in found


def test_a_small_sample_of_a_billion_cells_is_had(said):
    factors = "".join(f"  vary f{n} in [{', '.join(f'l{m}' for m in range(10))}]\n" for n in range(9))
    assert said(_whole(more=factors + "  sample 40 seed 7\n")) == ""


def test_pairs_that_shall_meet_have_a_bound(said):
    factors = "".join(f"  vary f{n} in [{', '.join(f'l{m}' for m in range(100))}]\n" for n in range(40))
    found = said(_whole(more=factors + "  pairwise\n"))
    assert "7,800,000 pairs of levels that shall meet, at most 50,000 can be had" in found


def test_a_scenario_varies_no_more_things_than_a_bound(said):
    factors = "".join(f"  vary f{n} in [a]\n" for n in range(3_000))
    assert "varies 3,000 things, 64 are the most" in said(_whole(more=factors + "  pairwise\n"))


def test_a_study_of_a_billion_repeats_is_refused_with_its_trials(said):
    found = said(_whole(repeat="1000000000"))
    assert "`whole` has 4,000,000,000 trials, 1,000,000 are the most" in found


def test_a_conflict_between_fifty_values_is_refused(said):
    values = "".join(f'value v{n} "x"\n' for n in range(50))
    sides = ", ".join(f"v{n}" for n in range(49))
    found = said(f"drift 1\n{values}conflict many {{\n  between {sides} and v49\n}}\n")
    assert "found 50 values, 12 values are the most" in found


def test_ten_thousand_declarations_that_build_on_each_other_are_refused(said):
    first = "session s0 {\n  mode continue\n}\n"
    text = first + "".join(f"session s{n} like s{n - 1} {{\n  mode fresh\n}}\n" for n in range(1, 10_000))
    assert "more than 64 declarations build on each other in a row" in said("drift 1\n" + text)


def test_a_pattern_of_a_megabyte_is_refused_with_its_length(said):
    found = said(f'drift 1\npattern long {{\n  on    added code of "**/*.py"\n  match /{"x" * 1_000_000}/\n}}\n')
    assert "1,000,000 characters of expressions behind `match`, at most 200,000 are compiled" in found


def test_a_pattern_too_long_to_compile_is_refused_with_its_length(said):
    found = said(f'drift 1\npattern long {{\n  on    added code of "**/*.py"\n  match /{"x" * 100_000}/\n}}\n')
    assert "it has 100,000 characters, at most 10,000 are compiled" in found


def test_a_pattern_of_many_expressions_is_refused_with_their_number(said):
    lines = "".join(f"  match /x{n}/\n" for n in range(20_000))
    found = said(f'drift 1\npattern long {{\n  on    added code of "**/*.py"\n{lines}}}\n')
    assert "20,000 expressions behind `match`, at most 1,000 are compiled" in found


def test_a_number_of_a_million_digits_is_refused_with_its_length(said):
    found = said(_whole(repeat="9" * 1_000_000))
    assert "found a number of 1,000,000 digits, at most 30 are read" in found


# ---- folders ----

FROM = """drift 1
repo billing {
  language python
  commit "Start" by "Dana Reyes <dana@ledger.example>" on 2025-03-03 {
    from "b/"
  }
}
"""


def test_a_file_of_ten_gigabytes_is_refused_unread(said, tmp_path):
    (tmp_path / "b").mkdir()
    with (tmp_path / "b/large").open("wb") as file:
        file.truncate(10_000_000_000)
    found = said(FROM)
    assert "`large` has 10,000,000,000 bytes, 16,777,216 (16 MiB) are the most of one file" in found


def _found(path):
    sink = Sink()
    load_model(path, Sources(), sink)
    return [(diagnostic.id, diagnostic.message) for diagnostic in sink.found]


def test_a_folder_is_listed_no_further_than_its_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(brought_files, "MOST_ENTRIES", 10)
    (tmp_path / "b").mkdir()
    for number in range(11):
        (tmp_path / f"b/{number}.pyc").touch()
    (tmp_path / "example.drift").write_text(FROM)
    expected = ("too-large", "the folder `b/` has more than 10 entries, the most that are looked at")
    assert _found(tmp_path / "example.drift") == [expected]


def test_a_commit_brings_in_no_more_files_than_its_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(brought_files, "MOST_FILES", 10)
    (tmp_path / "b").mkdir()
    for number in range(11):
        (tmp_path / f"b/{number}").touch()
    (tmp_path / "example.drift").write_text(FROM)
    expected = ("too-large", "the folder `b/` brings in more than 10 files, the most of one commit")
    assert _found(tmp_path / "example.drift") == [expected]


def test_a_commit_brings_in_no_more_bytes_than_its_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(brought_files, "LARGEST_COMMIT", 10)
    (tmp_path / "b").mkdir()
    for number in range(3):
        (tmp_path / f"b/{number}").write_text("12345")
    (tmp_path / "example.drift").write_text(FROM)
    expected = ("too-large", "the folder `b/` has more than 10 bytes, the most of one commit")
    assert _found(tmp_path / "example.drift") == [expected]


def test_folders_in_each_other_have_a_depth(tmp_path):
    (tmp_path / "b").joinpath(*("d",) * 100).mkdir(parents=True)
    (tmp_path / "example.drift").write_text(FROM)
    expected = ("too-large", "the folder `b/` has folders in each other more than 64 deep")
    assert _found(tmp_path / "example.drift") == [expected]


def test_a_pipe_is_no_regular_file_and_not_waited_for(tmp_path):
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "b/pipe")
    (tmp_path / "b/x").touch()
    (tmp_path / "example.drift").write_text(FROM)
    assert _found(tmp_path / "example.drift") == [("unsafe-link", "`pipe` is no regular file")]


@pytest.mark.parametrize("leads_to", ["loop", "nowhere", "../outside", "/etc/hostname"])
def test_a_link_that_is_no_file_of_the_folder_is_refused(tmp_path, leads_to):
    (tmp_path / "b").mkdir()
    (tmp_path / "outside").touch()
    (tmp_path / "b/loop").symlink_to(leads_to)
    (tmp_path / "example.drift").write_text(FROM)
    assert [found for found, _ in _found(tmp_path / "example.drift")][:1] == ["unsafe-link"]


def test_a_folder_that_is_itself_a_link_out_is_refused(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key").write_text("x")
    (tmp_path / "source/b").symlink_to(tmp_path / "secret")
    (tmp_path / "source/example.drift").write_text(FROM)
    expected = ("unsafe-link", "the folder `b/` leaves the folder of this file")
    assert _found(tmp_path / "source/example.drift") == [expected]


def test_a_folder_that_holds_what_was_built_from_it_is_refused(tmp_path):
    for name in ("MANIFEST.toml", "plan.toml", "cells.md"):
        (tmp_path / "b/out/study" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "b/out/study" / name).touch()
    (tmp_path / "example.drift").write_text(FROM)
    (ids,) = [found for found in _found(tmp_path / "example.drift") if "build" in found[1]]
    assert ids[1] == "`out/study` is what a build has written, which a repository cannot hold"


# ---- histories ----


def test_a_bundle_that_unfolds_in_memory_is_refused_with_the_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(git_store, "MOST_GIT_MEMORY", 200 << 20)
    commit = write_bomb(tmp_path / "bomb.bundle", "commit", 500_000_000)
    (tmp_path / "example.drift").write_text(
        f'drift 1\nrepo billing {{\n  language python\n  history from "bomb.bundle" at "{commit}"\n}}\n'
    )
    ((found, message),) = _found(tmp_path / "example.drift")
    assert found == "unreadable-history"
    assert message.endswith("git needs more than 200 MiB of memory for it, the most that it may have")


def test_a_bundle_that_holds_a_large_file_is_refused_with_its_size(tmp_path):
    commit = write_bomb(tmp_path / "bomb.bundle", "blob", 210_000_000)
    (tmp_path / "example.drift").write_text(
        f'drift 1\nrepo billing {{\n  language python\n  history from "bomb.bundle" at "{commit}"\n}}\n'
    )
    ((found, message),) = _found(tmp_path / "example.drift")
    assert found == "unreadable-history"
    assert message.endswith("the history holds 210.0 MB, 200 MB are the most")
