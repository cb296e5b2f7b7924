"""driftlang: value conflicts in coding agents, written down, compiled, run and measured."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from driftlang.results import load_results

__version__ = "0.1.0"
#: Version of the language that `drift N` at the top of a file names.
LANGUAGE_VERSION = 1

__all__ = ["LANGUAGE_VERSION", "__version__", "load_results"]


def __getattr__(name: str) -> object:
    """What needs more than the language is imported when it is asked for."""
    if name == "load_results":
        from driftlang.results import load_results

        return load_results
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
