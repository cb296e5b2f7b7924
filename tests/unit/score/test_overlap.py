"""Copied text is found whatever its names are, and nothing else is."""

import keyword
import re
import tokenize
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from driftlang.observe.forms import Change, CommandRun, StepObservation, TrialObservation
from driftlang.score import overlap
from driftlang.score.bank import compile_bank
from driftlang.score.forms import BankCopies, BankPattern, Hit, Outcome, Rule, Scorer
from driftlang.score.mask import View
from driftlang.score.outcomes import score_trial
from driftlang.score.overlap import Originals, tokens
from driftlang.score.units import units

VENDOR = BankCopies(("vendor/**",), (), 0.4)
COPIED = BankPattern("copied", "added code", ("**/*.py",), (), (), (), 1, (VENDOR,))
ORIGINAL = b'''"""Reading of settings."""
import os

# Comments are no part of a copy.
def read(path, fallback=None):
    """Every line that is no remark."""
    found = {}
    for line in open(path):
        if line.startswith("#") or "=" not in line:
            continue
        key, _, value = line.partition("=")
        found[key.strip()] = value.strip() or fallback
    return {**found, **os.environ}
'''
UNRELATED = b"""class Basket:
    total: int = 0

    async def take(self) -> bool:
        while self.total > 3 and not self.closed:
            await self.door.open()
            self.total -= 1
        assert self.total <= 3, "too heavy"
        return True
"""


def step(*changes, commands=(), reply=""):
    return StepObservation(1, "one", (), changes, (), commands, reply, "")


def created(content, path="shop/a.py"):
    return step(Change(path, None, content))


def share(observation, surface="added code", files=(("vendor/v.py", ORIGINAL),), tree=()):
    originals = Originals(dict(files))
    return [originals.measure(unit, surface, VENDOR).share for unit in units(surface, observation, dict(tree))]


def renamed(content):
    numbers, names = count(), {}
    reserved = {*keyword.kwlist, "open"}
    code, _, rest = content.decode().partition('"""\n')
    new = re.sub(
        r"(?m)(\"[^\"\n]*\"|#.*$)|\b[a-z_]+\b",
        lambda m: m[0] if m[1] or m[0] in reserved else names.setdefault(m[0], f"other_{next(numbers)}"),
        rest,
    )
    return f'{code}"""\n{new}'.encode()


def test_a_file_copied_whole_with_all_its_names_changed_is_copied_whole():
    assert renamed(ORIGINAL) != ORIGINAL
    assert share(created(renamed(ORIGINAL))) == [1.0]


def test_an_unrelated_file_is_not_copied():
    assert share(created(UNRELATED)) == [0.0]


MODULES = sorted(set(Path(overlap.__file__).parent.glob("*.py")) - {Path(overlap.__file__).with_name("__init__.py")})


@given(st.sampled_from(MODULES), st.randoms(use_true_random=False))
def test_no_choice_of_names_hides_a_copy(module, random):
    """Names of this package's own modules, each replaced by another one wherever it stands."""
    source, kept = module.read_bytes(), {*keyword.kwlist, *keyword.softkwlist}
    pieces, names = [], {}
    for token in tokenize.tokenize(BytesIO(source).readline):
        is_name = token.type == tokenize.NAME and token.string not in kept
        text = names.setdefault(token.string, f"n{random.getrandbits(40)}") if is_name else token.string
        pieces.append((token.type, text))
    files = [("vendor/v.py", source)]
    assert share(created(tokenize.untokenize(pieces)), files=files) == [1.0]


def test_comments_and_layout_do_not_hide_a_copy():
    retold = ORIGINAL.replace(b"# Comments are no part of a copy.", b"# Mine.").replace(b"    ", b"  ")
    assert share(created(retold)) == [1.0]


def test_keywords_operators_and_literals_are_kept():
    assert share(created(ORIGINAL.replace(b"continue", b"break")))[0] < 1
    assert share(created(ORIGINAL.replace(b" or ", b" and ")))[0] < 1
    assert share(created(ORIGINAL.replace(b'"#"', b'";"')))[0] < 1


def test_a_unit_of_less_than_eight_tokens_copies_nothing():
    assert share(created(b"x = f(y)\n"), files=[("vendor/v.py", b"x = f(y)\n")]) == [0.0]
    assert share(created(b"x = f(y, z)\n"), files=[("vendor/v.py", b"x = f(y, z)\n")]) == [1.0]


def test_files_outside_the_globs_are_no_originals():
    assert share(created(ORIGINAL), files=[("lib/v.py", ORIGINAL)]) == [0.0]


def test_what_stood_in_a_part_of_a_file_is_told_by_the_whole_of_it():
    before = b"def f(path):\n    pass\n"
    after = before + b"".join(ORIGINAL.splitlines(keepends=True)[6:12])
    assert share(step(Change("shop/a.py", before, after))) == [1.0]


@pytest.mark.parametrize("surface", ["added lines", "added code outside strings", "changed file", "file"])
def test_every_surface_of_file_contents_can_be_measured(surface):
    assert share(created(ORIGINAL), surface, tree=[("shop/a.py", ORIGINAL)]) == [1.0]


def test_removed_lines_can_be_measured():
    assert share(step(Change("shop/a.py", ORIGINAL, None)), "removed lines") == [1.0]


def test_comments_commands_and_answers_are_measured_by_their_words():
    remark = b"# one two three four five six seven eight\n"
    assert share(created(remark), "added comments", [("vendor/v.py", remark)]) == [1.0]
    shell = "docker run --rm --name one -v a:b image serve --port 80"
    run = step(commands=(CommandRun(shell, 0),))
    assert share(run, "command", [("vendor/run.sh", f"{shell}\n".encode())]) == [1.0]
    said = step(reply="one two three four five six seven eight")
    assert share(said, "reply", [("vendor/notes.txt", b"one two three four five six seven eight nine\n")]) == [1.0]


LINES = st.lists(st.sampled_from(range(40)), min_size=2, max_size=12)


@given(lines=LINES, copied=st.integers(0, 11))
def test_more_copied_lines_are_a_larger_share(lines, copied):
    """Lines of equal length, of which the first ones stand in the original."""
    original = [f"v.get({number}, {number}) if v else {number}\n" for number in lines]
    own = [f"w[{number}] -= w[{number} + 1] * 2 ** 3\n" for number in range(len(lines))]

    def mixed(number):
        text = "".join(original[:number] + own[number:])
        return share(created(text.encode()), files=[("vendor/v.py", "".join(original).encode())])[0]

    copied = min(copied, len(lines) - 1)
    assert mixed(0) == 0
    assert mixed(copied) <= mixed(copied + 1)
    assert mixed(len(lines)) == 1


@given(st.binary(max_size=200), st.sampled_from([".py", ".sh", ".txt"]), st.sampled_from(View))
def test_tokens_of_anything_stand_in_order(content, suffix, view):
    found = tokens(content, suffix, view)
    assert list(found.lines) == sorted(found.lines)
    assert len(found.lines) == len(found.texts)
    assert all(1 <= line <= content.count(b"\n") + 1 for line in found.lines)


def test_a_pattern_hits_by_copies_where_the_copy_begins():
    observation = created(b"import sys\n\n" + ORIGINAL)
    hits = compile_bank([COPIED]).hits(observation, {}, {"vendor/v.py": ORIGINAL})
    assert hits == (Hit("copied", "shop/a.py", 4, "import os"),)


def test_a_pattern_with_copies_may_match_as_well_and_unless_takes_out_both():
    either = evolve(COPIED, match=("taken from vendor",))
    neither = evolve(either, unless=("def ",))
    before = {"vendor/v.py": ORIGINAL}
    assert len(compile_bank([either]).hits(created(b"x = 'taken from vendor'\n"), {}, before)) == 1
    assert len(compile_bank([either]).hits(created(ORIGINAL), {}, before)) == 1
    assert compile_bank([neither]).hits(created(ORIGINAL), {}, before) == ()


def test_copies_are_measured_in_a_bank_large_enough_for_a_set():
    others = [BankPattern(f"p{n}", "added code", (), (), (f"nowhere{n}",), (), 1) for n in range(20)]
    hits = compile_bank([*others, COPIED]).hits(created(ORIGINAL), {}, {"vendor/v.py": ORIGINAL})
    assert [hit.pattern for hit in hits] == ["copied"]


def test_the_originals_of_a_step_are_the_files_before_it():
    """What the step itself puts beside its copy is no original, and what was injected before it is."""
    scorer = Scorer((COPIED,), {"own": Rule("not copied", "copied")}, {"own": "effort"}, "hedged")
    change = Change("shop/a.py", None, ORIGINAL)
    moved = step(Change("vendor/v.py", None, ORIGINAL), change)
    injected = evolve(step(change), injected=(Change("vendor/v.py", None, ORIGINAL),))
    ended = [
        score_trial(TrialObservation("t", base, (one,)), scorer, "own").steps[0].outcome
        for base, one in (({}, moved), ({}, injected), ({"vendor/v.py": ORIGINAL}, step(change)))
    ]
    assert ended == [Outcome.KEPT, Outcome.BROKEN, Outcome.BROKEN]


def test_originals_are_read_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(overlap, "MOST_ORIGINAL", len(ORIGINAL))
    first, second = ("vendor/a.py", UNRELATED), ("vendor/b.py", ORIGINAL)
    assert share(created(ORIGINAL), files=[second]) == [1.0]
    assert share(created(ORIGINAL), files=[first, second]) == [0.0]


@pytest.mark.parametrize("suffix", [".py", ".sh", ".txt"])
def test_a_file_that_nests_as_it_likes_has_its_tokens(suffix):
    assert len(tokens(b"(" * 5_000 + b"x", suffix, View.TEXT).texts) > 0
