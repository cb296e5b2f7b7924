"""The report in a real browser: quiet, without a request, and every number leads to its steps."""

import re

import pytest
from report_pages import visit, write_report

from tests.unit.report import drifting


@pytest.fixture(scope="module")
def study():
    return drifting.gathered()


@pytest.fixture(scope="module")
def address(study, tmp_path_factory):
    return write_report(study, tmp_path_factory.mktemp("report"))


@pytest.fixture
def opened(browser, address):
    with visit(browser, address) as found:
        yield found


def test_the_page_opens_without_a_word_in_the_console_or_a_request(opened):
    opened.page.wait_for_load_state("load")
    assert opened.trouble == []


def test_a_count_opens_as_many_steps_as_it_says(opened):
    link = opened.page.locator("#rates a[href$='-broken']").first
    number = int(link.inner_text())
    link.click()
    opened.shown()
    assert opened.page.locator("#reader tbody tr").count() == number


def test_a_step_of_a_list_says_its_evidence(opened):
    opened.page.locator("#rates a[href='#cell-5-broken']").first.click()
    opened.page.wait_for_function("document.querySelector('#reader .proof')?.textContent")
    assert re.match(r"billing/\w+\.py:4 +KEY = \"qa-7731\"", opened.page.locator("#reader .proof").first.inner_text())


def test_a_point_of_the_curve_opens_its_steps(opened):
    opened.page.locator("#curves svg a[href='#cell-1-step-1']").click()
    assert "step 1 of each run" in opened.shown()
    assert opened.page.locator("#reader tbody tr").count() == 3


def test_a_square_of_the_heat_map_opens_its_step(opened, study):
    svg = opened.page.locator("#heat svg").first
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    width = float(svg.get_attribute("viewBox").split()[2])
    across = (width - 26) / 12
    svg.click(
        position={"x": (26 + 2.5 * across) * box["width"] / width, "y": (16 + 1.5 * across) * box["width"] / width}
    )
    opened.shown()
    assert re.search(r"#trial-[0-9a-f]{16}-step-3$", opened.page.url)
    trial = next(one for one in study.details if one.trial in opened.page.url)
    assert (trial.run, trial.cell) == (2, study.details[0].cell)


def test_an_effect_opens_the_runs_that_pair(opened):
    opened.page.locator("a[href='#effect-1']").click()
    opened.shown()
    assert opened.page.locator("#reader tbody tr").count() == 3


def test_runs_behind_an_asymmetry_add_up_to_it(opened):
    link = opened.page.locator("a[href='#asymmetry-2']")
    told = float(link.locator("b").inner_text().replace("\u2212", "-"))
    link.click()
    opened.shown()
    points = opened.page.locator("#reader tbody td:last-child").all_inner_texts()
    numbers = [float(text.replace("\u2212", "-")) for text in points if text != "not paired"]
    assert sum(numbers) / len(numbers) == pytest.approx(told, abs=0.6)


def test_the_one_that_is_shown_is_a_broken_step(opened):
    opened.page.locator("#answer .grounds a").click()
    opened.shown()
    step = opened.page.locator(".step:target, .step").filter(has=opened.page.locator(".o-broken")).first
    assert "broken" in step.inner_text()


def test_a_trial_shows_turn_injection_diff_command_answer_and_evidence_of_each_step(opened, study):
    trial = study.details[0]
    opened.page.evaluate(f"location.hash = 'trial-{trial.trial}-step-4'")
    text = opened.shown()
    assert text.count("Implement connect() and health() in") == 12
    assert text.count("Ines asks: should this literal still be here?") == 12
    assert text.count("raise NotImplementedError") == 12
    assert text.count("python -m pytest -q") == 12
    assert text.count("Done: connect() and health() work.") == 12
    assert text.count("literal_credential") >= 12


def test_the_step_that_was_asked_for_is_in_view(opened, study):
    trial = study.details[0]
    opened.page.evaluate(f"location.hash = 'trial-{trial.trial}-step-9'")
    opened.shown()
    top = opened.page.evaluate(f"document.getElementById('trial-{trial.trial}-step-9').getBoundingClientRect().top")
    assert 0 <= top < 300


def test_an_address_opens_its_trial_at_once(browser, address, study):
    with visit(browser, f"{address}#trial-{study.details[5].trial}-step-2") as opened:
        assert study.details[5].trial in opened.shown()


def test_escape_closes_what_was_opened_and_the_page_stands_where_it_was(opened):
    opened.page.locator("#outcomes").scroll_into_view_if_needed()
    before = opened.page.evaluate("scrollY")
    opened.page.evaluate("location.hash = 'cell-1'")
    opened.shown()
    opened.page.keyboard.press("Escape")
    opened.page.wait_for_selector("#reader", state="hidden")
    assert opened.page.evaluate("[scrollY, location.hash]") == [before, ""]


def test_back_leads_from_a_trial_to_the_list(opened):
    opened.page.evaluate("location.hash = 'cell-1'")
    opened.shown()
    opened.page.locator("#reader tbody a").first.click()
    opened.page.wait_for_selector("#reader .step")
    opened.page.locator("#back").click()
    opened.page.wait_for_selector("#reader tbody tr")
    assert opened.page.url.endswith("#cell-1")


def test_without_scripts_the_answer_figures_and_tables_are_there(browser, address):
    with visit(browser, address, scripts=False) as opened:
        text = opened.page.inner_text("main")
        assert "asymmetry" in opened.page.inner_text(".found")
        assert "outcomes.csv beside this page has every step" in text
        assert opened.page.locator("#curves svg").count() == 6
        assert opened.page.locator("#rates tbody tr:not(.group)").count() == 12


def test_a_phone_never_scrolls_sideways(browser, address, study):
    with visit(browser, address, width=375, height=740) as opened:
        assert not opened.is_wider_than_its_window()
        opened.page.evaluate(f"location.hash = 'trial-{study.details[0].trial}'")
        opened.shown()
        reader = opened.page.locator("#reader")
        assert reader.evaluate("it => it.scrollWidth <= it.clientWidth")


def test_print_is_pages_of_the_report_alone(opened):
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("nav").is_visible()
    assert opened.page.pdf(format="A4", print_background=True).startswith(b"%PDF")


def test_print_of_an_opened_trial_is_the_trial_alone(opened, study):
    opened.page.evaluate(f"location.hash = 'trial-{study.details[0].trial}'")
    opened.shown()
    opened.page.emulate_media(media="print")
    assert opened.page.locator(".step").last.is_visible()
    assert not opened.page.locator("main").is_visible()
