"""Languages that a repository may be in.

In: nothing; this module defines. Out: `LANGUAGES`; whether a word is one of them.
Refuses to do: parsing any; see `inject/languages.py`, which knows those that can hold a message.
"""

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.suggest import did_you_mean
from driftlang.syntax.ast import Word

#: Languages in whose files the surroundings can speak.
SPEAKING = (
    *("bash", "c", "go", "java", "javascript", "markdown", "python"),
    *("rust", "sql", "toml", "tsx", "typescript", "yaml"),
)
#: All that a repository may be in.
LANGUAGES = (
    *SPEAKING,
    *("clojure", "cmake", "cpp", "csharp", "css", "dart", "dockerfile", "elixir", "erlang", "fsharp", "fortran"),
    *("haskell", "hcl", "html", "json", "julia", "kotlin", "lua", "make", "matlab", "nix", "objectivec", "ocaml"),
    *("perl", "php", "powershell", "protobuf", "r", "ruby", "scala", "shell", "starlark", "svelte", "swift"),
    *("terraform", "text", "vue", "xml", "zig"),
)


def check_language(word: Word, sink: Sink) -> None:
    """Warn of a word that is no language: a misspelling, or one in whose files nothing can speak."""
    if word.text in LANGUAGES:
        return
    sink.warn(
        "unknown-word",
        f"`{word.text}` is no known language{did_you_mean(word.text, LANGUAGES)}",
        word.span,
        help=f"messages can stand in files of {', '.join(f'`{name}`' for name in SPEAKING)}",
    )
