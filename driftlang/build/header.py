"""The comment at the top of each emitted file: what it was made from and by what.

In: source name and digest. Out: lines of comment for TOML and for Markdown.
Refuses to do: dates, users, machines, paths.
"""

from attrs import frozen

from driftlang import LANGUAGE_VERSION, __version__


@frozen
class Header:
    """Where emitted files come from.

    Attributes:
        source: base name of the source file.
        digest: sha256 over the sources, hex.
    """

    source: str
    digest: str

    @property
    def _line(self) -> str:
        maker = f"driftlang {__version__} (language {LANGUAGE_VERSION})"
        return f"made from {self.source} by {maker}; do not edit, build again; sources sha256 {self.digest}"

    def toml(self, body: str) -> str:
        """A TOML document with the header above it."""
        return f"# {self._line}\n\n{body}"

    def markdown(self, body: str) -> str:
        """A Markdown document with the header above it."""
        return f"<!-- {self._line} -->\n\n{body}"
