"""The report's looks: light and dark, contrast, names and headings for those who do not see it."""

from itertools import pairwise

import pytest
from report_pages import visit, write_report

from tests.unit.report import drifting

#: Contrast of every visible text with the ground behind it (WCAG 2.2, 1.4.3), as the browser has painted it.
CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (at) => {
    for (; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !at.checkVisibility() || at.closest("svg, script, .quiet")) continue;
    const look = getComputedStyle(at);
    const [one, other] = [light(parse(look.color)), light(ground(at))].sort((a, b) => b - a);
    const isLarge = parseFloat(look.fontSize) >= 24;
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < (isLarge ? 3 : 4.5)) poor.add(at.tagName + "." + at.className + ": " + look.color);
  }
  return [...poor];
}"""

#: What has no name though it can be operated, or is a picture.
NAMELESS = """() => [...document.querySelectorAll("a[href], button, summary, svg[role=img], [role], nav, dialog")]
  .filter((at) => at.checkVisibility() || at.tagName === "DIALOG").filter((at) => {
    const by = (at.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean);
    const named = by.map((id) => document.getElementById(id)?.textContent || "").join("");
    return !(at.getAttribute("aria-label") || named || at.textContent.trim());
  }).map((at) => at.outerHTML.slice(0, 90))"""

HEADINGS = "() => [...document.querySelectorAll('h1, main h2, main h3')].map((at) => Number(at.tagName[1]))"
TWICE = """() => { const ids = [...document.querySelectorAll("[id]")].map((at) => at.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at); }"""
GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def study():
    return drifting.gathered()


@pytest.fixture(scope="module")
def address(study, tmp_path_factory):
    return write_report(study, tmp_path_factory.mktemp("report"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(browser, address, study, scheme):
    with visit(browser, address, scheme=scheme) as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach((at) => { at.open = true; })")
        assert opened.page.evaluate(CONTRAST) == []
        opened.page.evaluate(f"location.hash = 'trial-{study.details[0].trial}'")
        opened.shown()
        assert opened.page.evaluate(CONTRAST) == []


def test_the_page_follows_the_readers_settings_until_the_switch_is_used(browser, address):
    with visit(browser, address, scheme="dark") as opened:
        dark = opened.page.evaluate(GROUND)
        opened.page.get_by_role("button", name="Switch to the light theme").click()
        light = opened.page.evaluate(GROUND)
        assert (dark, light) == ("rgb(20, 23, 28)", "rgb(255, 255, 255)")
        opened.page.reload()
        assert opened.page.evaluate(GROUND) == light


def test_figures_change_with_the_theme(browser, address):
    ink = "getComputedStyle(document.querySelector('#curves svg text')).fill"
    found = set()
    for scheme in ("light", "dark"):
        with visit(browser, address, scheme=scheme) as opened:
            found.add(opened.page.evaluate(ink))
    assert len(found) == 2


def test_what_can_be_operated_and_every_picture_has_a_name(browser, address):
    with visit(browser, address) as opened:
        assert opened.page.evaluate(NAMELESS) == []


def test_headings_never_skip_a_level(browser, address):
    with visit(browser, address) as opened:
        levels = opened.page.evaluate(HEADINGS)
        assert levels[0] == 1
        assert max(after - before for before, after in pairwise(levels)) <= 1


def test_no_name_of_an_element_is_given_twice(browser, address):
    with visit(browser, address) as opened:
        assert opened.page.evaluate(TWICE) == []


def test_the_keyboard_alone_opens_a_number_and_comes_back_to_it(browser, address):
    with visit(browser, address) as opened:
        link = opened.page.locator("#rates a[href='#cell-1-exercised']").first
        link.focus()
        opened.page.keyboard.press("Enter")
        opened.shown()
        assert opened.page.evaluate("document.activeElement.id") == "reader-title"
        opened.page.keyboard.press("Escape")
        opened.page.wait_for_selector("#reader", state="hidden")
        assert opened.page.evaluate("document.activeElement.getAttribute('href')") == "#cell-1-exercised"
