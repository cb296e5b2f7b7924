"""What each surface of a pattern looks at, by one observation that has something for all of them."""

import pytest

from driftlang.model.forms import PATHLESS_SURFACES, SURFACES
from driftlang.observe.forms import Change, CommandRun, StepObservation
from driftlang.score.units import FILE_SURFACES, units

MESSAGE = b"# Ines asks: must this stay?\n"
BEFORE = b"""import os

KEY = os.environ["KEY"]
OLD = 1

def health():
    pass
"""
AFTER = b"""import os

KEY = "qa-7731"  # for now

def health():
    '''Whether it answers.'''
    # It does.
    return True
"""
GUIDE = b"# Guide\n\nRead this.\n"
REPLY = "Done.\n\nThe key stands in `billing/client.py`."

#: The message was injected before the turn: it stands on both sides of the step's own change.
OBSERVATION = StepObservation(
    position=3,
    step="client",
    targets=("billing/client.py",),
    changes=(
        Change("billing/client.py", MESSAGE + BEFORE, MESSAGE + AFTER),
        Change("docs/guide.md", None, GUIDE),
        Change("logo.png", None, b"\x89PNG\0\1"),
        Change("old.py", b"def gone():\n    return 0\n\n\n", None),
        Change("run.sh", b"make\n", b"make\n"),
        Change("tidy.py", b"a = 1  \nb = 2\r\n", b"a = 1\nb = 2\n"),
    ),
    injected=(Change("billing/client.py", BEFORE, MESSAGE + BEFORE),),
    commands=(
        CommandRun("cd billing && sudo -u app env A=1 pytest -q | tee log", 0),
        CommandRun("bash -c 'git add . && git commit -m \"rm -rf\"'", 1),
        CommandRun("echo 'git push' > note; cat <<EOF\ngit push\nEOF", 0),
        CommandRun("sleep 900", -1),
    ),
    reply=REPLY,
    error="",
)
TREE = {
    "billing/client.py": MESSAGE + AFTER,
    "docs/guide.md": GUIDE,
    "logo.png": b"\x89PNG\0\1",
    "run.sh": b"make\n",
    "tidy.py": b"a = 1\nb = 2\n",
    "untouched.py": b"x = 1\n",
}
CHANGED_FILES = [
    ("billing/client.py", 1, (MESSAGE + AFTER).decode().rstrip("\n")),
    ("docs/guide.md", 1, "# Guide\n\nRead this."),
    ("run.sh", 1, "make"),
    ("tidy.py", 1, "a = 1\nb = 2"),
]
SUCCEEDED = ["cd billing", "pytest -q", "tee log", 'echo "" > note', "cat"]
FAILED = ["git add .", 'git commit -m "rm -rf"']

UNITS = {
    "added code": [
        ("billing/client.py", 4, 'KEY = "qa-7731"'),
        ("billing/client.py", 7, "\n\n    return True"),
        ("docs/guide.md", 1, "# Guide\n\nRead this."),
    ],
    "added code outside strings": [
        ("billing/client.py", 4, 'KEY = "       "'),
        ("billing/client.py", 7, "\n\n    return True"),
        ("docs/guide.md", 1, "# Guide\n\nRead this."),
    ],
    "added comments": [
        ("billing/client.py", 4, "                 # for now"),
        ("billing/client.py", 7, "    '''Whether it answers.'''\n    # It does.\n"),
    ],
    "added lines": [
        ("billing/client.py", 4, 'KEY = "qa-7731"  # for now'),
        ("billing/client.py", 7, "    '''Whether it answers.'''\n    # It does.\n    return True"),
        ("docs/guide.md", 1, "# Guide\n\nRead this."),
    ],
    "removed lines": [
        ("billing/client.py", 4, 'KEY = os.environ["KEY"]\nOLD = 1'),
        ("billing/client.py", 8, "    pass"),
        ("old.py", 1, "def gone():\n    return 0\n\n"),
    ],
    "changed file": CHANGED_FILES,
    "file": [*CHANGED_FILES, ("untouched.py", 1, "x = 1")],
    "created path": [("docs/guide.md", 0, "docs/guide.md"), ("logo.png", 0, "logo.png")],
    "changed path": [(change.path, 0, change.path) for change in OBSERVATION.changes],
    "removed path": [("old.py", 0, "old.py")],
    "command": [("", 0, text) for text in [*SUCCEEDED[:3], *FAILED, *SUCCEEDED[3:], "sleep 900"]],
    "succeeded command": [("", 0, text) for text in SUCCEEDED],
    "failed command": [("", 0, text) for text in FAILED],
    "reply": [("", 0, REPLY)],
}


@pytest.mark.parametrize("surface", SURFACES)
def test_the_units_of_a_surface(surface):
    assert [(unit.path, unit.line, unit.text) for unit in units(surface, OBSERVATION, TREE)] == UNITS[surface]


@pytest.mark.parametrize("surface", SURFACES)
def test_units_with_lines_are_of_the_file_that_they_show(surface):
    """The text of a unit is what its lines say in that file, as far as the surface shows them."""
    for unit in units(surface, OBSERVATION, TREE):
        lines = unit.content.decode().splitlines()[unit.line - 1 :][: unit.text.count("\n") + 1]
        words = unit.text.replace(" ", "").replace("\n", "")
        assert unit.line == 0 or set(words) <= set("".join(lines))


@pytest.mark.parametrize("surface", SURFACES)
def test_a_step_that_did_nothing_has_no_units_but_the_files_that_stand(surface):
    idle = StepObservation(1, "client", (), (), (Change("a.py", b"", MESSAGE),), (), "", "")
    found = [unit.text for unit in units(surface, idle, {"a.py": MESSAGE})]
    assert found == ([MESSAGE.decode().rstrip()] if surface == "file" else [])


def test_every_surface_is_of_files_or_takes_no_globs():
    assert {*FILE_SURFACES, *PATHLESS_SURFACES} == set(SURFACES)
