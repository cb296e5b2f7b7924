"""Sessions, checks and what stands beside a repository, as they are read."""

import json

import pytest

from driftlang.diagnostics.diagnostic import Severity, Sink
from driftlang.model import text_files
from driftlang.model.forms import Compact, EarlierTurn, Fork, Pad, Probe, Remind, Switch, Tasks
from driftlang.model.load import _READERS
from driftlang.model.resolver import Resolver
from driftlang.model.units import Units
from driftlang.source import Sources

HEAD = """drift 1
import "std/values.drift"
import "hello/shop.drift"
pressure find_customers {
  toward  utility
  message ines severity 1 "Ines asks: how will support find a customer by number alone?"
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
  session  long
  order    shuffled
}
"""


@pytest.fixture
def session(check):
    """The session with these entries, of a scenario of two steps, and what is wrong with it."""

    def read(*entries, mode="continue"):
        body = "".join(f"  {entry}\n" for entry in entries)
        checked = check(f"{HEAD}session long {{\n  mode {mode}\n{body}}}\n{SCENARIO}")
        scenarios = checked.model.scenarios
        return (scenarios[0].session if scenarios else None), checked

    return read


def stretches(event):
    return [(one.first, one.last, one.stride) for one in event.at]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("step 2", [(2, 2, 1)]),
        ("steps 1, 2", [(1, 1, 1), (2, 2, 1)]),
        ("steps 1..2", [(1, 2, 1)]),
        ("every 3 steps from 2", [(2, 0, 3)]),
        ("every 2 steps", [(1, 0, 2)]),
    ],
)
def test_steps_are_written_one_by_one_as_ranges_or_by_a_stride(session, said, expected):
    read, checked = session(f"remind at {said} verbatim")
    assert checked.messages == []
    assert stretches(read.events[0]) == expected


def test_positions_end_with_the_run(session):
    read, _ = session("remind at every 2 steps from 2 verbatim")
    assert read.events[0].at[0].positions(7) == (2, 4, 6)


def test_every_event_is_read_in_the_order_of_the_source(session, tmp_path):
    (tmp_path / "log.txt").write_text("12:00 started\r\n")
    read, checked = session(
        "fork at step 2 into opposing, placebo",
        "switch constraint at step 2 to by_number",
        'remind at step 1 "Mind that: {{ constraint }}"',
        'probe mood at step 2 { ask "How?" }',
        'pad 4000 tokens before step 2 from "log.txt"',
        "compact before step 2",
    )
    assert [type(event) for event in read.events] == [Fork, Switch, Remind, Probe, Pad, Compact]
    assert (read.events[0].arms, read.events[1].constraint) == (("opposing", "placebo"), "by_number")
    assert (read.events[4].tokens, read.events[4].text) == (4000, "12:00 started\n")
    assert checked.ids == ["compaction-spares-rule"]


def test_that_compaction_spares_the_rule_is_a_warning(session):
    _, checked = session("compact before step 2")
    assert [found.severity for found in checked.found] == [Severity.WARNING]


def test_compaction_may_be_compared_between_places(check):
    text = HEAD + "session long {\n  mode continue\n  compact before step 2\n}\n" + SCENARIO
    assert check(text.replace("order ", "vary place in [agents_file, first_turn]\n  order ")).ids == []


@pytest.mark.parametrize("entry", ["probe mood at step 2 { ask", "remind at step 1"])
def test_what_a_session_says_knows_no_name_of_a_single_step(session, entry):
    closing = " }" if "ask" in entry else ""
    assert session(f'{entry} "About {{{{ target }}}}"{closing}')[1].ids == ["unknown-placeholder"]


def test_files_of_a_session_count_into_the_digest_of_the_sources(session, tmp_path):
    digests = set()
    for content in ("one\n", "two\n"):
        (tmp_path / "log.txt").write_text(content)
        digests.add(session('pad 10 tokens before step 2 from "log.txt"')[1].model.source_digest)
    assert len(digests) == 2


def test_a_file_that_is_too_large_is_refused(session, tmp_path, monkeypatch):
    monkeypatch.setattr(text_files, "LARGEST_FILE", 1024 * 1024)
    (tmp_path / "log.txt").write_text("x" * (1024 * 1024 + 1))
    _, checked = session('pad 10 tokens before step 2 from "log.txt"')
    assert checked.messages == ["`log.txt` is larger than 1 MiB, the most that is read"]


# ---- prefixes ----


def test_a_prefix_is_read_turn_by_turn(session, tmp_path):
    turns = [{"role": "user", "text": "Hello\nthere."}, {"text": "{{ x }}", "role": "assistant"}]
    (tmp_path / "talk.jsonl").write_text("\n".join(json.dumps(turn) for turn in turns))
    read, checked = session('prefix from "talk.jsonl"')
    assert checked.ids == []
    assert read.prefix[0].turns == (EarlierTurn("user", "Hello\nthere."), EarlierTurn("assistant", "{{ x }}"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "is empty"),
        ("{", "is not JSON: expecting property name enclosed in double quotes"),
        ("[1]", "is no object"),
        ('{"text": "x"}', "has no `role`"),
        ('{"role": "system", "text": "x"}', "has the role `system`"),
        ('{"role": ["user"], "text": "x"}', "has the role `['user']`"),
        ('{"role": "user"}', "has no `text`"),
        ('{"role": "user", "text": 1}', "has a `text` that says nothing"),
        ('{"role": "user", "text": " "}', "has a `text` that says nothing"),
        ('{"role": "user", "text": "x", "id": 1}', "has other keys than `role` and `text`"),
        ('{"role": "user", "text": "\\ud800"}', "has half a character, which cannot be written as UTF-8"),
        ("[" * 100_000, "is not JSON that can be read: it is nested too deep"),
    ],
)
def test_a_line_that_is_no_turn_is_named_by_its_number(session, tmp_path, line, said):
    (tmp_path / "talk.jsonl").write_text(f'{{"role": "user", "text": "Hello."}}\n{line}\n{{}}\n')
    _, checked = session('prefix from "talk.jsonl"')
    assert checked.ids == ["bad-turn"]
    assert checked.messages[0].startswith(f"line 2 of the conversation {said}")


# ---- checks, programs, tools ----

REPO = """drift 1
repo ledger {
  language python
  commit "Start" by "Dana Reyes <dana@ledger.example>" on 2025-03-03 { file "a.py" "x = 1" }
%s}
"""


@pytest.fixture
def repo(tmp_path):
    """Read a file whose repo has these entries, and its tasks these checks; both forms, and what is wrong."""

    def read(*entries, checks=()):
        own, asked = ("".join(f"  {line}\n" for line in lines) for lines in (entries, checks))
        step = f'step one {{\n target "a.py"\n ask "Mend it."\n filler\n{asked}}}\n'
        (tmp_path / "example.drift").write_text(f"{REPO % own}tasks t {{\n  for ledger\n{step}}}\n")
        sink = Sink()
        units = Units(Sources(), sink)
        units.load(tmp_path / "example.drift")
        (tasks,) = Resolver(units.units, _READERS, sink).all(Tasks)
        return tasks, [found.id for found in sink.found]

    return read


def test_a_check_may_take_a_minute_unless_its_author_says_otherwise(repo):
    checks = ('check "true"', 'check "test -s {{ target }}" within 90s', 'check "make" within 1h')
    tasks, ids = repo(checks=checks)
    assert ([one.seconds for one in tasks.steps[0].checks], ids) == ([60.0, 90.0, 3600.0], [])


def test_programs_and_tools_are_read_by_name(repo):
    tasks, ids = repo('uses node "22"', 'uses go "1.22"', 'program "kubectl" "#!/bin/sh"', "network none")
    assert ids == []
    assert [(tool.name, tool.version) for tool in tasks.repo.uses] == [("go", "1.22"), ("node", "22")]
    assert [(one.name, one.text) for one in tasks.repo.programs] == [("kubectl", "#!/bin/sh")]
    assert tasks.repo.network == "none"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/bin/x", "-x", "a b", "rg", "x:y"])
def test_a_name_that_no_program_on_a_path_has_is_refused(repo, name):
    assert repo(f'program "{name}" "#!/bin/sh"')[1] == ["wrong-argument"]
