"""The version of the scoring: what tells that equal trials and equal scorers have equal outcomes.

In: the program itself. Out: a digest over the sources that outcomes follow from, and the versions of the parsers and
of the pattern matcher.
Refuses to do: trusting a number that somebody has to raise.
"""

from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from driftlang import __version__

#: What outcomes and rows follow from, in the package's folder.
_SOURCES = ("score", "observe", "inject", "exposure", "report/trial_lines.py", "report/trial_rows.py")
_KEPT_AS = ("report/kept_forms.py", "report/plan_index.py", "report/forms.py", "estimate/rows.py", "estimate/forms.py")
#: Libraries whose version matters, as their metadata folders begin.
_LIBRARIES = ("tree_sitter", "google_re2")


@cache
def scoring_version() -> str:
    """A digest, hex."""
    total = sha256(__version__.encode())
    package = Path(__file__).parent.parent
    for name in (*_SOURCES, *_KEPT_AS):
        place = package / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            total.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    total.update("\n".join(_library_versions()).encode())
    return total.hexdigest()


def _library_versions() -> list[str]:
    """Names of the metadata folders beside the parser: they end with the version."""
    found = find_spec("tree_sitter")
    if found is None or found.origin is None:
        return []
    beside = Path(found.origin).parent.parent
    return sorted(path.name for path in beside.glob("*.dist-info") if path.name.startswith(_LIBRARIES))
