"""Where a trial's folders are, as the agent names them.

In: a server's root on this machine. Out: a `Layout`: the same folders by their own names, or by the names that they
have in the sandbox, which are the same in every trial.
Refuses to do: making any of them.
"""

from pathlib import Path

from attrs import frozen


@frozen
class Layout:
    """Paths of one server and of the agent behind it.

    Attributes:
        home, config, data, state, cache: the private home and what XDG puts beside it.
        temporary: where temporary files go.
        programs: holds the programs of the repository.
        settings: OpenCode's configuration, a file.
        tools: further folders of programs.
    """

    home: str
    config: str
    data: str
    state: str
    cache: str
    temporary: str
    programs: str
    settings: str
    tools: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The folders of PATH, but for those of the system."""
        return (self.programs, *self.tools)


def layout_under(root: Path) -> Layout:
    """The folders under `root`, by their own names."""
    return Layout(
        home=str(root / "home"),
        config=str(root / "config"),
        data=str(root / "data"),
        state=str(root / "state"),
        cache=str(root / "cache"),
        temporary=str(root / "tmp"),
        programs=str(root / "bin"),
        settings=str(root / "opencode.json"),
    )


#: The folders in the sandbox: an ordinary home of an ordinary name.
ENCLOSED = Layout(
    home="/home/robin",
    config="/home/robin/.config",
    data="/home/robin/.local/share",
    state="/home/robin/.local/state",
    cache="/home/robin/.cache",
    temporary="/tmp",  # noqa: S108 - the sandbox's own
    programs="/home/robin/.local/bin",
    settings="/opt/opencode/opencode.json",
    tools=("/opt/bin",),
)
