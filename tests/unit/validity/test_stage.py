"""`check --prove` and `build` prove what a check only reads."""

import subprocess
import sys

import pytest
from proving import WORLD, jobs, step

from driftlang.cli import group

_SOUND = jobs(step("one", 'solution quick "fast()\\n"', 'solution sure "safe()\\n"'))
_WRONG = jobs(step("one", 'solution quick "fast()\\n"', 'solution sure "fast()\\n"'))
_STUDY = """study runs {
  run     paced
  models  ["sim/keeper"]
  repeat  1
  harness native
}
"""


_PRESSED = """  pressure hurry, calm
  placebo  notes
  arms     placebo, opposing
"""
_PRESSURES = """pressure hurry {
  toward quick
  message one severity 1 "Ines asks whether this can go out today."
}
pressure calm {
  toward sure
  message one severity 1 "Ines asks whether this was looked at twice."
}
placebo notes {
  sentence "Ines wrote the name of this file on a list."
  sentence "The lines here are shorter than those elsewhere."
}
"""


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DRIFTLANG_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def run(tmp_path, capsys):
    """Runs a command on a file: its status, and what it printed."""

    def run(text, *arguments):
        path = tmp_path / "example.drift"
        path.write_text(text, encoding="utf-8")
        status = group.main([*arguments, str(path)], standalone_mode=False)
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


def test_a_check_proves_where_it_is_asked_to(run):
    assert run(WORLD + _WRONG, "check")[0] == 0
    status, printed = run(WORLD + _WRONG, "check", "--prove")
    assert (status, "error[solution-misscored]" in printed) == (1, True)


def test_a_check_that_proves_finds_an_anchor_that_is_nowhere(run):
    text = (WORLD + _PRESSURES + _SOUND).replace(
        "  comment  top of target\n", '  comment  before symbol "nobody" in target\n'
    )
    text = text.replace("  at       start\n", "  at       every step\n").replace("  arms     bare\n", _PRESSED)
    assert "error[anchor-missing]" in run(text, "check", "--prove")[1]


def test_a_build_of_what_cannot_be_proved_writes_nothing(tmp_path, run):
    status, _ = run(WORLD + _WRONG + _STUDY, "build", "-o", str(tmp_path / "out"))
    assert (status, (tmp_path / "out").exists()) == (1, False)


def test_the_cell_card_has_the_confusion_table(tmp_path, run):
    run(WORLD + _SOUND + _STUDY, "build", "-o", str(tmp_path / "out"))
    card = (tmp_path / "out" / "runs" / "cells.md").read_text(encoding="utf-8")
    assert "| kind | must end as | kept | broken | hedged | undone | omitted | not made |" in card
    assert "| both at once | hedged |  |  | 2 |  |  |  |" in card


def test_a_check_loads_no_proof(tmp_path):
    path = tmp_path / "example.drift"
    path.write_text(WORLD + _SOUND, encoding="utf-8")
    program = (
        "import sys; from driftlang.cli import group; group.main(['check', sys.argv[1]], standalone_mode=False); "
        "print(sorted(name for name in sys.modules if '.proof' in name or name.startswith('tree_sitter')))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_file_with_an_error_keeps_no_other_from_being_proved(tmp_path, run):
    (tmp_path / "broken.drift").write_text("drift 1\nvalue\n", encoding="utf-8")
    status, printed = run(WORLD + _WRONG, "check", "--prove", str(tmp_path / "broken.drift"))
    assert (status, "error[solution-misscored]" in printed) == (1, True)
