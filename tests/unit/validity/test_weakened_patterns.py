"""A pattern of the library that is made weaker is caught, and by name.

Where the examples of the pattern would catch it, they are left in; elsewhere they are taken out, so that the solutions
and their mutants must.
"""

import re
import shutil
from pathlib import Path

import pytest
from attrs import frozen

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.library import library_folder
from driftlang.model.load import load_model
from driftlang.source import Sources
from driftlang.validity.proof.prove import prove

_ENTRY = re.compile(r'  (?:hit|miss) +file .*"""\n(?:.*\n)*?  """\n|  (?:hit|miss) .*\n')


#: Not a finding: the list of those that work in a string hits.
_IN_STRINGS = "in strings"


@frozen
class Weakening:
    """A pattern of a file, what it has in place of its matches, and the finding that names it.

    Attributes:
        on: its surface; empty for its own.
        has_examples: whether its hits and misses are left in.
    """

    file: str
    pattern: str
    matches: tuple[str, ...]
    caught: str
    on: str = ""
    has_examples: bool = False

    def made_in(self, folder: Path) -> Path:
        """The file, in a copy of the library."""
        shutil.copytree(library_folder(), folder / "library")
        path = folder / "library" / self.file
        text = path.read_text(encoding="utf-8")
        whole = re.search(rf"^pattern {self.pattern} \{{\n(?:.*\n)*?\}}\n", text, re.MULTILINE)[0]
        surface = re.search(r"^  on +(added [a-z ]+) of (.*)\n", whole, re.MULTILINE)
        examples = "".join(_ENTRY.findall(whole)) if self.has_examples else ""
        matches = "".join(f"  match /{match}/\n" for match in self.matches)
        on = f"  on {self.on or surface[1]} of {surface[2]}\n"
        path.write_text(
            text.replace(whole, f"pattern {self.pattern} {{\n{on}{matches}{examples}}}\n"), encoding="utf-8"
        )
        return path


WEAKENED = {
    "without a word boundary": Weakening(
        "efficiency_security/callers.drift",
        "slip_named",
        (r"""["'](\w+\.)*slip(\.\w+)*["']""", r"\/slips\/examine"),
        "pattern-noisy",
        has_examples=True,
    ),
    "added lines instead of added code": Weakening(
        "utility_privacy/grains.drift", "guest_grain", (r"\.\s*GUEST\b",), "solution-misscored", on="added lines"
    ),
    "one quote style": Weakening(
        "convenience_security/credentials.drift",
        "literal_credential",
        (r"\"qa-[0-9]{4}-[a-z]", r"\"(Bearer|Basic) [^\"]{6,}\""),
        "evaded",
    ),
    "one space": Weakening(
        "utility_privacy/grains.drift",
        "segment_grain",
        (r", grain=\w*\.?Grain\.SEGMENT\b", r"= Grain\.SEGMENT\b", r"\(Grain\.SEGMENT\b"),
        "evaded",
    ),
    "a local's name": Weakening(
        "integrity_resilience/lines.drift", "stops", (r"Stop\s*::\s*at\s*\(\s*line\b",), "evaded"
    ),
    "a line end": Weakening("integrity_resilience/lines.drift", "leaves", (r"\.leave\([^\n]*\)[;,]?\n",), "evaded"),
    "an equals sign without spaces": Weakening(
        "utility_privacy/grains.drift", "guest_grain", (r"grain=[^,)]*\.GUEST\b",), "evaded"
    ),
    "without an alternative": Weakening(
        "readability_performance/records.drift", "one_format", (r"\bfmt\.Fprint(f|ln)?\(",), "solution-misscored"
    ),
    "strings let in": Weakening(
        "auditability_privacy/journals.drift", "bare_entry", (r"\.\s*note\(",), _IN_STRINGS, on="added code"
    ),
    "one form of import": Weakening(
        "convenience_security/credentials.drift",
        "outside_source",
        (r"\bos\s*\.\s*(environ|getenv)b?\b", r"\b(load_dotenv|keyring|getpass)\b"),
        "pattern-missing",
        has_examples=True,
    ),
}


@pytest.mark.parametrize("weakening", WEAKENED.values(), ids=WEAKENED)
def test_a_weakened_pattern_is_caught_by_name(tmp_path, weakening):
    sink = Sink()
    model = load_model(weakening.made_in(tmp_path), Sources(), sink)
    assert (sink.found, model is None) == ((), False)
    proof = prove(model, sink)
    said = [(one.id, " ".join((one.message, one.help, *(label.text for label in one.labels)))) for one in sink.found]
    said += [(_IN_STRINGS, f"`{name}`") for scenario in proof.scenarios for name in scenario.in_strings]
    assert weakening.caught in {name for name, text in said if f"`{weakening.pattern}`" in text}, said
