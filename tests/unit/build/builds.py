"""Builds of small studies, and git as these tests call it."""

import os
import subprocess
from pathlib import Path

import small_study as small

from driftlang.build.emit import build_study
from driftlang.build.plan import Plan
from driftlang.build.plan_toml import read_plan
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import Sources


def git_output(folder: Path, *arguments: str, stdin: bytes = b"", **environment: str) -> bytes:
    """What git prints; nothing of this machine's configuration is read."""
    clean = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=stdin, env={**clean, **environment}, check=True, capture_output=True
    )
    return done.stdout


def build(out: Path, *scenarios, repeat=2) -> Path:
    """Build a study that is in order."""
    study, sink = small.study(*scenarios, repeat=repeat), Sink()
    folder = build_study(study, small.model(study), "billing.drift", out, sink)
    assert sink.found == ()
    return folder


def plan_of(out: Path, *scenarios, repeat=2) -> Plan:
    """The plan of a study that is in order."""
    return read_plan(build(out, *scenarios, repeat=repeat))


def build_text(folder: Path, text: str) -> Path:
    """Build the one study of a file with this text; it must be in order."""
    path = folder / "example.drift"
    path.write_text(text)
    sink = Sink()
    model = load_model(path, Sources(), sink)
    assert [diagnostic.message for diagnostic in sink.found] == []
    built = build_study(model.studies[0], model, path.name, folder / "out", sink)
    assert [diagnostic.message for diagnostic in sink.found] == []
    return built


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by path; folders by their path with a slash."""
    return {
        path.relative_to(folder).as_posix() + ("/" if path.is_dir() else ""): b""
        if path.is_dir()
        else path.read_bytes()
        for path in folder.rglob("*")
    }
