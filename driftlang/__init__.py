"""driftlang: value conflicts in coding agents, written down, compiled, run and measured."""

__version__ = "0.1.0"
#: Version of the language that `drift N` at the top of a file names.
LANGUAGE_VERSION = 1

__all__ = ["LANGUAGE_VERSION", "__version__"]
