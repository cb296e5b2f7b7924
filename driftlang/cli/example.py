"""An example of the catalogue, really checked.

In: an explanation and one of its examples. Out: the diagnostics that a check gives, and for what only a build or the
tests of the file find, these; with the files that they speak of.
Refuses to do: leaving anything behind; the files stand in a scratch folder, which no path names.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.diagnostics.explanations.form import Explanation
from driftlang.source import Sources

if TYPE_CHECKING:
    from driftlang.model.forms import Model

NAME = "example.drift"
#: What a build needs beside the example: a study of its scenario.
_STUDY = 'study all_of_it {\n  run     hello\n  models  ["sim/keeper"]\n  repeat  1\n  harness native\n}\n'


@frozen
class CheckedExample:
    """What checking an example gave."""

    found: tuple[Diagnostic, ...]
    sources: Sources


def check_example(explanation: Explanation, text: str) -> CheckedExample:
    """Check `text`, beside the further files of its explanation; build or test it where only that finds something."""
    from driftlang.model.library import library_folder
    from driftlang.validity.load import load_checked

    with TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        _write(explanation, text, folder)
        sources, sink = Sources(), Sink()
        path = folder / NAME
        model = load_checked(path, sources, sink)
        if model is not None and not sink.has_errors:
            _go_on(explanation.stage, model, folder, sink)
        names = {source.path: _name(Path(source.path), (folder, library_folder())) for source in sources}
        # What could not be read is no source, and is spoken of by its path all the same.
        names |= {path.as_posix(): path.relative_to(folder).as_posix() for path in folder.rglob("*")}
        return CheckedExample(tuple(_renamed(one, names) for one in sink.found), _sources(sources, names))


def _go_on(stage: str, model: "Model", folder: Path, sink: Sink) -> None:
    """What the command of a later stage does."""
    if stage == "build":
        from driftlang.build.emit import build_study

        for study in model.studies:
            build_study(study, model, NAME, folder / "out", sink)
    elif stage == "test":
        from driftlang.validity.proof.stage import run_proofs

        run_proofs(model, sink)


def _write(explanation: Explanation, text: str, folder: Path) -> None:
    for name, content in explanation.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if content.startswith("-> "):
            file.symlink_to(content.removeprefix("-> "))
        else:
            file.write_text(content, encoding="utf-8")
    (folder / NAME).write_text(text + (_STUDY if explanation.stage == "build" else ""), encoding="utf-8")


def _name(path: Path, roots: tuple[Path, ...]) -> str:
    """The path as an import would write it."""
    real = path.resolve()
    return next((real.relative_to(root).as_posix() for root in roots if real.is_relative_to(root)), path.as_posix())


def _sources(sources: Sources, names: Mapping[str, str]) -> Sources:
    named = Sources()
    for source in sources:
        named.add(names[source.path], source.text)
    return named


def _renamed(diagnostic: Diagnostic, names: Mapping[str, str]) -> Diagnostic:
    """The diagnostic, where it speaks of a file by its path."""

    def said(text: str) -> str:
        for path, name in names.items():
            text = text.replace(f"`{path}`", f"`{name}`")
        return text

    labels = tuple(evolve(label, text=said(label.text)) for label in diagnostic.labels)
    return evolve(diagnostic, message=said(diagnostic.message), help=said(diagnostic.help), labels=labels)
