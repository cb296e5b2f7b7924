"""The studies of the library that are kept built, and how they are.

In: the name of a folder. Out: each of the studies built in it, as `driftlang build` does.

`python -m tests.library_builds FOLDER`. Of a pair of values the study that needs no key is kept; the larger ones are
built and looked at by the tests of `tests/unit/scenarios`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from driftlang.build.emit import build_study
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.library import library_folder
from driftlang.source import Sources
from driftlang.validity.load import load_checked
from driftlang.validity.proof.stage import run_proofs

#: Files whose studies are all kept.
WHOLE = ("hello.drift", "convenience_security/credentials.drift")
#: What the names of the other studies that are kept begin with.
WITHOUT_KEY = "demo_"


def main_files() -> list[Path]:
    """The files of the library that have studies, by path."""
    files = sorted(library_folder().rglob("*.drift"))
    return [path for path in files if "\nstudy " in path.read_text(encoding="utf-8")]


def build_all(out: Path) -> Iterator[str]:
    """Build every study that is kept; the name of each."""
    for source in main_files():
        is_whole = source.relative_to(library_folder()).as_posix() in WHOLE
        sink = Sink()
        model = load_checked(source, Sources(), sink)
        assert model is not None, source
        proof = run_proofs(model, sink)
        for study in model.studies:
            if is_whole or study.name.startswith(WITHOUT_KEY):
                build_study(study, model, source.name, out, sink, proof=proof)
                yield study.name
        assert sink.found == (), source


if __name__ == "__main__":
    for name in build_all(Path(sys.argv[1])):
        sys.stdout.write(f"{name}\n")
