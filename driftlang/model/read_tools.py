"""What stands beside a repository on the agent's machine: programs on its PATH.

In: the entries of a repo. Out: `ProgramText`s and `UsedTool`s.
Refuses to do: looking whether a tool is there; the machine that runs a plan may be another one.
"""

import re

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.fields import Fields
from driftlang.model.forms import ProgramText, UsedTool
from driftlang.model.wording import plain_text
from driftlang.syntax.ast import Quoted, Word

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.+-]*"
_VERSION = r"[0-9]+(\.[0-9]+)*"
#: What the runner itself puts on the agent's PATH.
_TAKEN = "rg"


class Tools:
    """The programs of one repo."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def programs(self, fields: Fields) -> tuple[ProgramText, ...]:
        """Every `program`, each name once."""
        found: dict[str, ProgramText] = {}
        for entry, row in fields.rows("program"):
            name_text = row.take(Quoted, "the program's name, as a text")
            text = row.take(Quoted, "the program's text")
            row.end()
            if name_text is None or text is None:
                continue
            name = plain_text(name_text, self._sink, "a name")
            if self._is_fit(name, name_text) and self._is_new(name, name_text, found):
                content = plain_text(text, self._sink, "a program")
                self._check_start(name, content, text)
                found[name] = ProgramText(name, content, entry.span)
        return tuple(found[name] for name in sorted(found))

    def uses(self, fields: Fields) -> tuple[UsedTool, ...]:
        """Every `uses`, each name once."""
        found: dict[str, UsedTool] = {}
        for entry, row in fields.rows("uses"):
            said = row.take(Quoted) if row.has(Quoted) else row.take(Word, "the name of a program")
            quoted = row.take(Quoted, 'a version, as in `"1.22"`')
            row.end()
            if said is None or quoted is None:
                continue
            name = said.text if isinstance(said, Word) else plain_text(said, self._sink, "a name")
            if isinstance(said, Quoted) and not self._is_fit(name, said):
                continue
            version = plain_text(quoted, self._sink, "a version")
            if not re.fullmatch(_VERSION, version):
                self._sink.error(
                    "wrong-argument",
                    f"`{version}` is no version",
                    quoted.span,
                    help='write numbers with dots between, as in `"1.22"`',
                )
            elif name in found:
                self._sink.error(
                    "doubled-entry",
                    f"`uses {name}` is given twice",
                    entry.span,
                    help="remove one of the two",
                    labels=(Label(found[name].span, "given here first"),),
                )
            else:
                found[name] = UsedTool(name, version, entry.span)
        return tuple(found[name] for name in sorted(found))

    def _is_fit(self, name: str, at: Quoted) -> bool:
        if re.fullmatch(_NAME, name) and name != _TAKEN:
            return True
        why = "is the name of a program that the runner brings" if name == _TAKEN else "is no name of a program"
        self._sink.error(
            "wrong-argument",
            f"`{name}` {why}",
            at.span,
            help="write a name of letters, digits, `_`, `.`, `+` and `-`, other than `rg`",
        )
        return False

    def _is_new(self, name: str, at: Quoted, found: dict[str, ProgramText]) -> bool:
        if name not in found:
            return True
        self._sink.error(
            "doubled-entry",
            f"the program `{name}` is given twice",
            at.span,
            help="remove one of the two",
            labels=(Label(found[name].span, "given here first"),),
        )
        return False

    def _check_start(self, name: str, content: str, at: Quoted) -> None:
        if not content.startswith("#!/"):
            self._sink.error(
                "wrong-argument",
                f"the program `{name}` does not say what runs it",
                at.span,
                help="begin it with a line such as `#!/bin/sh`",
            )
