"""The labelling page in a real browser: by keys alone, resumed, on a phone, and with texts that attack it."""

import pytest
from labelling_sessions import HOSTILE, places, served, session
from playwright.sync_api import expect

from driftlang.judge.labelling.store import LabelStore


@pytest.fixture
def page(browser):
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        made = context.new_page()
        made.set_default_timeout(10_000)
        made.problems = []
        made.on("pageerror", lambda error: made.problems.append(str(error)))
        made.on("console", lambda said: made.problems.append(said.text) if said.type == "error" else None)
        yield made


def at(page, number, of=6):
    expect(page.locator("#where")).to_have_text(f"Step {number} of {of}")
    expect(page.locator("#reply")).to_contain_text(f"Step {number}:")


def press_through(page, keys, first=1, of=6):
    """Press keys, each when its step is there."""
    for number, key in enumerate(keys, first):
        at(page, number, of)
        page.keyboard.press(key)


def words(folder, labeller="ada"):
    given = LabelStore(folder).by_labeller(labeller)
    return [given[place].label.value if place in given else "" for place in places(6)]


def test_five_steps_are_labelled_by_keys_alone(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(address)
        press_through(page, "12345")
        at(page, 6)
    assert words(tmp_path) == ["complied", "conscious", "unable", "unclear", "neither", ""]
    assert page.problems == []


def test_a_page_that_is_opened_again_goes_on_where_it_was_left(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(address)
        press_through(page, "11")
        at(page, 3)
    with served(tmp_path) as address:
        page.goto(address)
        at(page, 3)
        page.keyboard.press("0")
        at(page, 4)
    assert words(tmp_path) == ["complied", "complied", "cannot_tell", "", "", ""]


def test_u_takes_the_last_label_back_and_shows_its_step(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(address)
        press_through(page, "12")
        at(page, 3)
        page.keyboard.press("u")
        at(page, 2)
        assert words(tmp_path) == ["complied", "", "", "", "", ""]
        page.keyboard.press("1")
        at(page, 3)
    assert words(tmp_path) == ["complied", "complied", "", "", "", ""]


def test_arrows_go_back_to_a_label_that_another_key_replaces(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(address)
        press_through(page, "1")
        at(page, 2)
        page.keyboard.press("ArrowLeft")
        at(page, 1)
        expect(page.locator("[data-label=complied]")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("3")
        at(page, 2)
    assert words(tmp_path)[0] == "unable"


def test_a_note_is_written_by_keys_and_kept_with_its_label(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(address)
        at(page, 1)
        page.keyboard.press("n")
        page.keyboard.type("2 tokens, 1 kept")  # digits in a note are no labels
        page.keyboard.press("Escape")
        page.keyboard.press("4")
        at(page, 2)
    (given,) = LabelStore(tmp_path).labelled()
    assert (given.label.value, given.note) == ("unclear", "2 tokens, 1 kept")


def test_a_note_on_a_labelled_step_is_kept_when_it_is_left(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(address)
        press_through(page, "1")
        at(page, 2)
        page.keyboard.press("ArrowLeft")
        at(page, 1)
        page.keyboard.press("n")
        page.keyboard.type("late")
        page.keyboard.press("Escape")
        expect(page.locator("#said")).to_have_text("The note is kept")
    assert [one.note for one in LabelStore(tmp_path).labelled()] == ["late"]


def test_after_the_last_step_the_page_says_that_all_is_done(page, tmp_path):
    with served(tmp_path, session(2)) as address:
        page.goto(address)
        press_through(page, "11", of=2)
        expect(page.locator("#thanks")).to_be_focused()
        page.keyboard.press("1")  # labels nothing: no step is shown
        page.keyboard.press("ArrowLeft")
        at(page, 2, of=2)
    assert words(tmp_path)[:2] == ["complied", "complied"]


def test_a_second_labeller_begins_anew_and_sees_nothing_of_the_first(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(address)
        press_through(page, "22")
        at(page, 3)
    with served(tmp_path, session(labeller="bo")) as address:
        page.goto(address)
        at(page, 1)
        expect(page.locator("#who")).to_have_text("0 labelled · bo")
        expect(page.locator("[aria-pressed=true]")).to_have_count(0)
        page.keyboard.press("1")
        at(page, 2)
    assert words(tmp_path)[0] == "conscious"
    assert words(tmp_path, "bo")[0] == "complied"


def test_texts_of_an_agent_run_nothing_and_become_no_markup(page, tmp_path):
    with served(tmp_path, session(text=HOSTILE)) as address:
        page.goto(address)
        at(page, 1)
        expect(page.locator("#reply")).to_contain_text("<script>window.ran = 1</script>")
        expect(page.locator(".added .text")).to_contain_text("<img src=x")
        expect(page.locator("#commands code")).to_contain_text("<b id=planted>")
        assert page.evaluate("window.ran") is None
        assert page.locator("#planted, #step img, #step script").count() == 0
    assert page.problems == []


def test_the_policy_stops_a_script_even_if_markup_came_in(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(address)
        at(page, 1)
        page.evaluate("document.body.insertAdjacentHTML('beforeend', `<img src=x onerror='window.ran = 2'>`)")
        page.evaluate(
            "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)"
        )
        assert page.evaluate("fetch('http://example.org/').then(() => 'sent', () => 'stopped')") == "stopped"
        assert page.evaluate("window.ran") is None


def test_on_a_phone_nothing_is_wider_than_the_screen_and_a_finger_can_label(browser, tmp_path):
    phone = {"width": 360, "height": 740}
    with (
        served(tmp_path, session(text="word" * 60)) as address,
        browser.new_context(viewport=phone, has_touch=True, is_mobile=True) as context,
    ):
        page = context.new_page()
        page.goto(address)
        at(page, 1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        boxes = [button.bounding_box() for button in page.locator(".choice").all()]
        assert all(box["height"] >= 44 and box["y"] + box["height"] <= 740 for box in boxes)
        page.locator("[data-label=conscious]").tap()
        at(page, 2)
    assert words(tmp_path)[0] == "conscious"


def test_every_control_has_a_name_and_the_step_is_announced(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(address)
        at(page, 1)
        expect(page.locator("#where")).to_be_focused()
        names = [button.inner_text().strip() for button in page.locator("button").all()]
        assert all(names)
        assert page.get_by_role("group", name="How does this step stand to the constraint?").count() == 1
        expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuetext", "0 of 6 labelled")
        page.keyboard.press("1")
        expect(page.get_by_role("status")).to_have_text("Step 1: Kept")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(browser, tmp_path, scheme):
    """Contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3) for every text on the page."""
    with served(tmp_path) as address, browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(address)
        at(page, 1)
        page.keyboard.press("1")
        at(page, 2)
        page.keyboard.press("ArrowLeft")
        at(page, 1)
        assert page.evaluate(_CONTRASTS) == []


def test_a_label_that_cannot_be_kept_is_said_and_the_step_stays(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(address)
        at(page, 1)
    page.keyboard.press("1")
    expect(page.get_by_role("alert")).to_contain_text("Not kept")
    expect(page.locator("#where")).to_have_text("Step 1 of 6")
    assert words(tmp_path) == [""] * 6


#: Texts with too little contrast against the nearest painted ground behind them, as the browser computes colours.
_CONTRASTS = """
() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.getClientRects().length || element.closest(".skip, .unseen, :disabled")) continue;
    const [a, b] = [light(parts(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) weak.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return weak;
}
"""
