"""A real browser for the tests of each module: where one runs, nothing else can run an event loop of its own."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright


@pytest.fixture(scope="module")
def browser():
    """Chromium: the one that `DRIFTLANG_TEST_BROWSER` names, else that of the machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("DRIFTLANG_TEST_BROWSER") or next(filter(None, map(shutil.which, names)), None)
    assert program, "no browser: install chromium, or name one in DRIFTLANG_TEST_BROWSER"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()
