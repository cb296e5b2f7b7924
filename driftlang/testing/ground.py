"""What the declarations of one generated file share, and how text is put together.

In: nothing; this module defines. Out: `Ground`, `block`.
"""

from collections.abc import Iterable

from attrs import frozen

from driftlang.testing.trades import Evidence, Language

_STEP = "  "


@frozen
class Ground:
    """What all declarations of a file stand on.

    Attributes:
        language: of the targets.
        evidence: how steps take sides.
        steps: names of those with a solution for each value, then of fillers.
        fillers: how many of the last are fillers.
        severities: of the messages of each pressure.
        has_third: whether there is pressure for a value outside the conflict.
        flourish: what every message ends with, as it stands in a text.
    """

    language: Language
    evidence: Evidence
    steps: tuple[str, ...]
    fillers: int
    severities: tuple[int, ...]
    has_third: bool
    flourish: str = ""

    def target(self, step: str) -> str:
        """The file of a step."""
        return f"desk/{step}.{self.language.suffix}"

    def fill(self, text: str, pole: str, step: str = "") -> str:
        """A text of `trades` with its blanks filled."""
        for blank, filling in (
            ("SUFFIX", self.language.suffix),
            ("TODO", self.language.todo),
            ("DONE", self.language.done.replace('"', '\\"')),
            ("TARGET", "{{ target }}"),
            ("REMARK", self.language.remark),
            ("POLE", pole),
            ("STEP", step),
        ):
            text = text.replace(blank, filling)
        return text


def block(head: str, entries: Iterable[str]) -> str:
    """A declaration or an entry with a block: its entries a line each, indented."""
    lines = [f"{_STEP}{line}".rstrip() for entry in entries if entry for line in entry.split("\n")]
    return "\n".join([f"{head} {{", *lines, "}"])


def long_text(text: str) -> str:
    """A text in triple quotes, to stand on the line of its entry."""
    lines = "\n".join(f"{_STEP}{line}".rstrip() for line in text.rstrip("\n").split("\n"))
    return f'"""\n{lines}\n"""'
