"""Reports of synthetic studies for a browser, and what a page is asked there."""

from contextlib import contextmanager

from driftlang.estimate.rates import estimate
from driftlang.report.render import render_gathered


def write_report(gathered, folder):
    """The page of what was gathered, as an address."""
    return render_gathered(gathered, estimate(gathered.trials), folder).html.as_uri()


class Visit:
    """A page that is open, with all that it logged or asked for beside itself."""

    def __init__(self, page):
        self.page = page
        self.trouble = []
        page.on("console", lambda message: self.trouble.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.trouble.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", self._ask)

    def _ask(self, request):
        if not request.is_navigation_request():
            self.trouble.append(f"request: {request.url}")

    def shown(self):
        """The text of what is opened beside the report, once it is there."""
        self.page.wait_for_selector("#reader[open]", timeout=5000)
        return self.page.inner_text("#reader")

    def is_wider_than_its_window(self):
        """Whether one has to scroll sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@contextmanager
def visit(browser, address, *, width=1280, height=900, scheme="light", scripts=True):
    """Opens a page and closes it."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts
    )
    try:
        context.set_default_timeout(5000)
        opened = Visit(context.new_page())
        opened.page.goto(address)
        yield opened
    finally:
        context.close()
