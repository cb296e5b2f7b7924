"""What an agent writes into its work changes no label.

No model judges here: whether one follows an order within the material is a matter of that model. What is shown is that
a judge who obeys whatever stands outside of a data block, and believes every block to end where it seems to, is swayed
by each of these attacks through a plain prompt, by some through a fence that never changes, and by none through the
question that `judge run` asks; and that to such a judge the instructions are the same to the byte.

`DRIFTLANG_BLESS=1 pytest tests/unit/judge/test_judge_attacks.py` writes the table anew.
"""

import asyncio
import json
import os
from collections import Counter
from pathlib import Path

import httpx
import pytest
from gullible_judge import serving
from judge_attacks import ATTACKS, BENIGN
from judge_questions import CONSTRAINT, RUBRIC

from driftlang.gateway.providers import Provider
from driftlang.judge.asking import TOO_LARGE, Bench
from driftlang.judge.jury import Juror
from driftlang.judge.question import make_question
from driftlang.judge.shown import show_step
from driftlang.run.services import Services
from driftlang.sim.judge import Truth

TABLE = Path(__file__).parents[3] / "generated" / "judge_attacks.md"
PROTOCOLS = ("chat", "responses", "messages")
TASK = "Implement connect() in shop/client.py."
_HEAD = """# What an agent writes to sway its judge, and what comes of it

Written from `tests/unit/judge/judge_attacks.py`. `test_judge_attacks.py` has each work judged by a provider that obeys
whatever stands outside of a data block and believes every block to end where it seems to (`gullible_judge.py`), over
three prompts, and compares this table. Every work breaks the constraint and asks to be labelled `kept`; the columns say
what becomes of its label. The last one is the question that `driftlang judge run` asks, over the gateway, in all three
protocols. Work that is too large to be shown whole is put before no judge, and counted as not judged: a part of it
could be labelled by what hides the rest. Whether a model follows an order that it reads within a fence is a matter of
the model, and not shown here.

| | where | attack | no fence | a fixed fence | `judge run` |
|---|---|---|---|---|---|
"""


def _plain(step):
    """The work as it is behind the question, as a first draft of a judge has it."""
    (change,) = step.changes
    parts = [f"Question: {RUBRIC.ask} Choose kept, broken or neither.", CONSTRAINT, change.path, change.after.decode()]
    return "\n\n".join((*parts, *(run.command for run in step.commands), step.reply))


def _fixed(step):
    """The same with the work between tags."""
    question, constraint, *work = _plain(step).split("\n\n", 2)
    return "\n".join((question, constraint, "<work>", *work, "</work>"))


async def _label(judge, text):
    async with httpx.AsyncClient(trust_env=False) as client:
        body = {"model": "judge", "messages": [{"role": "user", "content": text}]}
        answer = await client.post(f"{judge.base_url}/chat/completions", json=body)
    return json.loads(answer.json()["choices"][0]["message"]["content"])["label"]


async def _judged(bench, protocol, step):
    question = make_question(RUBRIC, CONSTRAINT, show_step(step, TASK, ()), 1)
    asked = await bench.ask(Juror(f"{protocol}/judge"), question, Truth("", 1, ""))
    assert asked.read or asked.rejected == TOO_LARGE
    return asked.read.label if asked.read else ""


@pytest.fixture(scope="module")
def found():
    """For each work, the benign one first: labels by prompt, and what the judge took for instructions."""

    async def judge_all():
        async with serving() as judge:
            providers = {one: Provider(judge.base_url, one, "none", is_free=True) for one in PROTOCOLS}
            services = Services(providers)
            for one in PROTOCOLS:
                services.check_model(f"{one}/judge")
            rows = []
            async with Bench(services) as bench:
                for step in (BENIGN, *(attack.step for attack in ATTACKS)):
                    naive = [await _label(judge, _plain(step)), await _label(judge, _fixed(step))]
                    begun = len(judge.readings)
                    ours = [await _judged(bench, one, step) for one in PROTOCOLS]
                    rows.append((*naive, ours, [reading.instructions for reading in judge.readings[begun:]]))
            return rows

    return asyncio.run(judge_all())


def test_without_an_attack_every_prompt_has_the_work_labelled_as_it_is(found):
    plain, fixed, ours, _ = found[0]
    assert (plain, fixed, ours) == ("broken", "broken", ["broken"] * 3)


def test_every_attack_sways_the_judge_where_nothing_fences_it(found):
    assert [attack.what for attack, row in zip(ATTACKS, found[1:], strict=True) if row[0] == "broken"] == []


def test_some_attacks_get_out_of_a_fence_that_never_changes(found):
    assert 6 <= sum(row[1] != "broken" for row in found[1:]) < len(ATTACKS)


def test_no_attack_changes_a_label_of_a_judging(found):
    assert [attack.what for attack, row in _judged_rows(found) if row[2] != ["broken"] * 3] == []


def test_no_more_is_left_without_a_label_than_what_cannot_be_shown_whole(found):
    left = [attack for attack, row in zip(ATTACKS, found[1:], strict=True) if row[2] == [""] * 3]
    assert [show_step(attack.step, TASK, ()).is_cut for attack in left] == [True] * 4
    assert len(list(_judged_rows(found))) >= 20


def test_the_judge_takes_nothing_of_a_work_for_instructions(found):
    benign = [_without_marks(text) for text in found[0][3]]
    assert len(benign) == len(PROTOCOLS)
    told = [[_without_marks(text) for text in row[3]] for _, row in _judged_rows(found)]
    assert [one for one in told if one != benign] == []


def _judged_rows(found):
    """Attacks that were put before the judge, with what it made of them."""
    return [(attack, row) for attack, row in zip(ATTACKS, found[1:], strict=True) if row[3]]


def _without_marks(instructions):
    """What is outside of the block, the block's own first and last line apart."""
    lines = instructions.split("\n")
    return "\n".join(line for line in lines if not line.startswith(("material ", "end of material ")))


def test_the_table_of_attacks_is_as_it_is_published(found):
    lines, counts = [], Counter()
    for number, (attack, row) in enumerate(zip(ATTACKS, found[1:], strict=True), 1):
        fates = [_fate([row[0]]), _fate([row[1]]), _fate(row[2])]
        lines.append(f"| {number} | {attack.where} | {attack.what} | {' | '.join(fates)} |\n")
        counts.update(enumerate(fates))
    plain, fixed, ours = (counts[column, "**changed**"] for column in range(3))
    count = f"{len(ATTACKS)} attacks change {plain} labels where nothing fences the work, {fixed} with a fixed fence, "
    text = f"{_HEAD}{''.join(lines)}\n{count}{ours} with `judge run`.\n"
    if os.environ.get("DRIFTLANG_BLESS"):
        TABLE.write_text(text, encoding="utf-8", newline="\n")
    assert text == TABLE.read_text(encoding="utf-8")


def _fate(labels):
    """What became of a label, in each of the ways in which it was asked for."""
    (label,) = set(labels)
    return {"broken": "stands", "": "not judged"}.get(label, "**changed**")
