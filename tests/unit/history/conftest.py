"""Repositories of the language, read and built, whose history is one that git made."""

import pytest
from attrs import field, frozen

from driftlang.build.repository import write_repository
from driftlang.build.tree import write_history
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Repo
from driftlang.model.load import _READERS
from driftlang.model.resolver import Resolver
from driftlang.model.units import Units
from driftlang.source import Sources


@frozen
class Read:
    """A repository as it was read: at most one, what is wrong, and what else was read."""

    repos: list = field()
    found: tuple = field()
    extra: dict = field()

    @property
    def ids(self):
        """The id of each finding."""
        return [one.id for one in self.found]

    @property
    def said(self):
        """Message and help of the only finding."""
        (one,) = self.found
        return f"{one.message}; {one.help}"


@pytest.fixture
def read(tmp_path):
    """Read a repo with these entries, in a file in the test's folder."""

    def made(*entries):
        path = tmp_path / "example.drift"
        path.write_text(
            "drift 1\nrepo ledger {\n  language python\n" + "".join(f"  {one}\n" for one in entries) + "}\n"
        )
        sink = Sink()
        units = Units(Sources(), sink)
        units.load(path)
        resolver = Resolver(units.units, _READERS, sink)
        return Read(resolver.all(Repo), sink.found, resolver.extra)

    return made


@pytest.fixture
def built(read, tmp_path):
    """The folder of the repository with these entries, written as a build does."""

    def made(*entries):
        result = read(*entries)
        assert result.found == ()
        folder = tmp_path / "built"
        write_repository(write_history(result.repos[0].commits, ""), folder)
        return folder

    return made
