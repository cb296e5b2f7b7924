"""Each `*.txt` beside this file is a session at the command line: files, commands, exit statuses and what is printed.

A script holds lines `$ driftlang ...` (run in a fresh folder), each followed by `= STATUS`, `1| ...` for every line of
standard output and by `2| ...` for every line of standard error; `...` in an expected line stands for any text. Behind
the script stand files, `-- NAME --` before each. `DRIFTLANG_BLESS=1` writes the printed lines anew, never a status.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen

SCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@frozen
class Call:
    """One command of a script with what is expected of it."""

    line: str
    status: int
    printed: tuple[str, ...]


def _split(text: str) -> tuple[str, dict[str, str]]:
    script, *rest = re.split(r"^-- (.+) --\n", text, flags=re.MULTILINE)
    return script, dict(zip(rest[::2], rest[1::2], strict=True))


def _calls(script: str) -> list[Call]:
    calls = []
    for block in re.split(r"^\$ ", script, flags=re.MULTILINE)[1:]:
        line, *lines = block.rstrip("\n").split("\n")
        statuses = [int(entry[2:]) for entry in lines if entry.startswith("= ")]
        assert len(statuses) == 1, f"`{line}` needs one line `= STATUS`"
        calls.append(Call(line, statuses[0], tuple(entry for entry in lines if entry[:2] in {"1|", "2|"})))
    return calls


def _run(line: str, folder: Path) -> tuple[int, tuple[str, ...]]:
    program, *arguments = shlex.split(line)
    assert program == "driftlang"
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    ended = subprocess.run(
        [sys.executable, "-m", "driftlang", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    streams = (("1|", ended.stdout), ("2|", ended.stderr))
    return ended.returncode, tuple(f"{mark} {line}".rstrip() for mark, text in streams for line in text.splitlines())


def _matches(expected: str, actual: str) -> bool:
    return re.fullmatch(".*".join(re.escape(piece) for piece in expected.split("...")), actual) is not None


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_command_line_says_what_the_script_says(path, tmp_path):
    script, files = _split(path.read_text(encoding="utf-8"))
    for name, content in files.items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    blessed = script.split("$ ", 1)[0]
    for call in _calls(script):
        status, printed = _run(call.line, tmp_path)
        assert (call.line, status) == (call.line, call.status), "\n".join(printed)
        blessed += "\n".join([f"$ {call.line}", f"= {status}", *printed, "", ""])
        if not os.environ.get("DRIFTLANG_BLESS"):
            assert len(printed) == len(call.printed), "\n".join(printed)
            differing = [pair for pair in zip(call.printed, printed, strict=True) if not _matches(*pair)]
            assert differing == []
    if os.environ.get("DRIFTLANG_BLESS"):
        bodies = "".join(f"-- {name} --\n{content}" for name, content in files.items())
        path.write_text(blessed.rstrip("\n") + "\n" + bodies, encoding="utf-8")


def test_there_are_scripts():
    assert SCRIPTS != []
