"""Texts of agents and repositories stay texts, in the markup, in the data and in what the script shows."""

import pytest
from attrs import evolve
from report_pages import visit, write_report

from driftlang.cells.forms import Injection
from driftlang.report.forms import CommandShown, DiffLine
from driftlang.score.forms import Hit, Outcome
from tests.unit.report import drifting

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "--></style></title><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "{{ 7*7 }}{% for %}",
    "javascript:alert(1)",
    "\u2028\u2029\u0000\u202e]]>&lt;",
    "\ud800",
)


@pytest.fixture(scope="module")
def study():
    text = " ".join(HOSTILE)
    gathered = drifting.gathered(drifting.trials(models=("sim/breaker",), runs=1, steps=len(HOSTILE)))
    trial = gathered.details[0]
    steps = tuple(_hostile(step, one, text) for step, one in zip(trial.steps, HOSTILE, strict=True))
    cell = evolve(trial.cell, model=text, direction=text, scenario=text, arm=text, levels=((text, text),))
    changed = evolve(trial, reason=text, steps=steps, cell=cell)
    scored = tuple(
        evolve(one, cell=cell, steps=tuple(step.outcome for step in steps)) if one.trial == trial.trial else one
        for one in gathered.trials
    )
    runs = tuple(evolve(run, folder=text, study=text, source=text, primary=text) for run in gathered.runs)
    return evolve(gathered, runs=runs, trials=scored, details=(changed, *gathered.details[1:]))


def _hostile(step, one, text):
    hits = (Hit(one, text, 3, one), Hit(one, "", 0, one))
    outcome = evolve(step.outcome, step=one, outcome=Outcome.BROKEN, hits=hits, reason=text, side_rules={one: True})
    return evolve(
        step,
        outcome=outcome,
        turn=one,
        targets=(one,),
        injections=((Injection(one, text, one, text, 1, one), text),),
        diff=(DiffLine("file", f"{text} (changed)"), DiffLine("added", one, 3), DiffLine("note", text)),
        commands=(CommandShown(one, 0),),
        reply=one,
    )


@pytest.fixture(scope="module")
def address(study, tmp_path_factory):
    return write_report(study, tmp_path_factory.mktemp("hostile"))


def test_the_page_of_hostile_texts_does_nothing_but_show_them(browser, address, study):
    with visit(browser, address) as opened:
        opened.page.evaluate(f"location.hash = 'trial-{study.details[0].trial}'")
        text = opened.shown()
        opened.page.evaluate("location.hash = 'cell-1-broken'")
        opened.page.wait_for_function("document.querySelector('#reader .proof')?.textContent")
        assert opened.trouble == []
        assert [one for one in HOSTILE[:6] if one not in text] == []
        assert opened.page.locator("script").count() == 4
        assert opened.page.locator("img, iframe, object, embed, svg[onload]").count() == 0


def test_an_address_made_up_by_somebody_opens_nothing(browser, address):
    for made_up in (
        "%3Cimg%20src=x%20onerror=alert(1)%3E",
        "__proto__",
        "constructor",
        "cell-999",
        "trial-0",
        "%E0%A4%A",
    ):
        with visit(browser, f"{address}#{made_up}") as opened:
            opened.page.wait_for_load_state("load")
            assert opened.trouble == []
            assert not opened.page.locator("#reader").is_visible()


def test_the_policy_stops_a_script_that_would_be_put_in(browser, address):
    with visit(browser, address) as opened:
        ran = opened.page.evaluate(
            """() => {
              const one = document.createElement("script");
              try { one.textContent = "window.ran = 1"; } catch { }
              document.body.append(one);
              return window.ran || 0;
            }"""
        )
        assert ran == 0
