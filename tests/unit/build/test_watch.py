"""`driftlang build --watch` as a real process: what it reads on its two streams is what happens, in order."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

import driftlang

ROOT = Path(driftlang.__file__).parents[1]
SHOP = (ROOT / "scenarios/hello/shop.drift").read_text().replace("../std/values.drift", "std/values.drift")
HELLO = (ROOT / "scenarios/hello.drift").read_text().replace("hello/shop.drift", "shop.drift")


@pytest.fixture
def source(tmp_path):
    """A study whose repository comes from a folder beside it."""
    (tmp_path / "files/docs").mkdir(parents=True)
    (tmp_path / "files/docs/desk.md").write_text("The desk.\n")
    (tmp_path / "shop.drift").write_text(SHOP.replace("on 2025-01-06 {\n", 'on 2025-01-06 {\n    from "files/"\n', 1))
    (tmp_path / "hello.drift").write_text(HELLO)
    return tmp_path / "hello.drift"


@contextmanager
def watching(source: Path):
    """The process, with both streams in one; it is ended however the test ends."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "driftlang", "build", source, "-o", source.parent / "out", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def round_of(process) -> str:
    """What is said up to the next time that it waits."""
    said = []
    for line in process.stdout:
        if line.startswith("watching "):
            return "".join(said)
        said.append(line)
    raise AssertionError(f"ended with {''.join(said)}")


def test_a_change_builds_again_and_an_interrupt_ends_it_well(source):
    with watching(source) as process:
        assert "2 repositories in" in round_of(process)
        source.write_text(HELLO.replace("repeat  3", "repeat  2"))
        assert "24 trials" in round_of(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
        assert "Traceback" not in process.stdout.read()


@pytest.mark.parametrize(
    ("path", "text"), [("shop.drift", None), ("files/docs/desk.md", "Another desk.\n"), ("files/docs/new.md", "New.\n")]
)
def test_imports_and_folders_are_watched_as_well(source, path, text):
    with watching(source) as process:
        round_of(process)
        (source.parent / path).write_text(text or SHOP.replace("Start the shop", "Open the shop"))
        assert "2 repositories written" in round_of(process)


def test_a_mistake_is_said_and_the_next_change_builds_again(source):
    with watching(source) as process:
        round_of(process)
        source.write_text(HELLO.replace("order    shuffled", "order    shufled"))
        assert "error" in round_of(process)
        source.unlink()
        assert "error: " in round_of(process)
        source.write_text(HELLO)
        assert "unchanged" in round_of(process)
