"""Simple commands of a shell line.

In: what the agent gave to its shell. Out: the simple commands in it, each as one line of text: lists, pipes, loops
and substitutions split (tree-sitter-bash), `sudo`, `env`, `xargs`, `bash -c` and their like unwrapped, quoted texts of
`echo` and `printf` blanked, here-documents left out. A redirection stays with its command.
Refuses to do: expansion of variables, aliases or globs. A line that holds no command that can be read is one unit.
"""

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from driftlang.score.mask import spell_ascii

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

#: Characters of a line over which it is not parsed but taken whole.
_LONGEST = 1 << 16
#: How deep `bash -c` may stand in `bash -c`.
_DEEPEST = 4
#: Commands that run another one, with those of their options that take a value of its own.
_WRAPPERS = {
    "command": (),
    "doas": ("-u", "-C"),
    "env": ("-u", "--unset", "-C", "--chdir"),
    "exec": ("-a",),
    "nice": ("-n", "--adjustment"),
    "nohup": (),
    "setsid": (),
    "stdbuf": ("-i", "-o", "-e"),
    "sudo": ("-u", "--user", "-g", "--group", "-h", "--host", "-p", "--prompt", "-C", "-D", "-R", "-T"),
    "time": ("-f", "-o"),
    "timeout": ("-k", "--kill-after", "-s", "--signal"),
    "xargs": ("-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s", "--max-args", "--max-procs", "--delimiter", "--arg-file"),
}
#: Wrappers that take one word of their own before the command.
_WORDS_BEFORE = {"timeout": 1}
_SHELLS = ("bash", "sh", "dash", "zsh", "ksh")
_SPEAKERS = ("echo", "printf")
#: Statements whose last command a redirection behind them belongs to.
_ENDING_WITH_COMMAND = ("redirected_statement", "pipeline", "list", "compound_statement", "subshell")
_QUOTED = ("string", "raw_string", "ansi_c_string")


def simple_commands(line: str) -> tuple[str, ...]:
    """The simple commands of `line`, in the order of their beginnings."""
    return tuple(_split(line, 0))


def _split(line: str, depth: int) -> list[str]:
    if not line.strip():
        return []
    if len(line) > _LONGEST or depth > _DEEPEST:
        return [line.strip()]
    data = line.encode("utf-8", "replace")
    found: list[str] = []
    for node in _command_nodes(data):
        found += _unwrap(_words(node, data), _redirections(node, data), depth)
    return found or [line.strip()]


@lru_cache(maxsize=1)
def _parser() -> "Parser":
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


def _command_nodes(data: bytes) -> "list[Node]":
    """Every `command` node, at any depth, without recursion: a hostile line may nest as it likes."""
    pending = [_parser().parse(spell_ascii(data)).root_node]
    found = []
    while pending:
        node = pending.pop()
        if node.type == "command":
            found.append(node)
        pending += reversed(node.named_children)
    return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))


def _words(node: "Node", data: bytes) -> list[str]:
    """The words of a command as written, without leading assignments; quoted texts of speakers blanked."""
    children = [child for child in node.children if not child.type.endswith("_redirect")]
    words = [child for child in children if child.type != "variable_assignment"]
    if not words:
        return []
    is_speaker = _text(words[0], data) in _SPEAKERS
    return ['""' if is_speaker and child.type in _QUOTED else _text(child, data).replace("\\\n", "") for child in words]


def _redirections(node: "Node", data: bytes) -> list[str]:
    """Redirections to and from files, also those behind a here-document's mark or behind a whole pipe or group."""
    holders = [*node.children, *_redirects_around(node)]
    inner = [child for holder in holders if holder.type == "heredoc_redirect" for child in holder.children]
    return [" ".join(_text(child, data).split()) for child in (*holders, *inner) if child.type == "file_redirect"]


def _redirects_around(node: "Node") -> "list[Node]":
    """Redirections of the statements that end with `node`: the shell's grammar puts them around a pipe or group."""
    found: list[Node] = []
    parent = node.parent
    while parent and parent.type in _ENDING_WITH_COMMAND:
        body = parent.named_children[0] if parent.type == "redirected_statement" else parent.named_children[-1]
        if body != node:
            break
        found += parent.children if parent.type == "redirected_statement" else ()
        node, parent = parent, parent.parent
    return found


def _text(node: "Node", data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _unwrap(words: list[str], redirections: list[str], depth: int) -> list[str]:
    """The commands that `words` come to once wrappers and `bash -c` are taken off."""
    words = _without_wrappers(words)
    if words and _base(words[0]) in _SHELLS:
        script = _script(words[1:])
        if script:
            return _split(script, depth + 1)
    command = " ".join([*words, *redirections]) if words else ""
    return [command] if command.strip() else []


def _without_wrappers(words: list[str]) -> list[str]:
    while words and _base(words[0]) in _WRAPPERS:
        name, rest = _base(words[0]), words[1:]
        while rest and (rest[0].startswith("-") or _is_assignment(name, rest[0])):
            takes_value = rest[0] in _WRAPPERS[name]
            rest = rest[2 if takes_value else 1 :]
        rest = rest[_WORDS_BEFORE.get(name, 0) :]
        if not rest:
            return words
        words = rest
    return words


def _base(word: str) -> str:
    return word.rpartition("/")[2]


def _is_assignment(wrapper: str, word: str) -> bool:
    return wrapper in ("env", "sudo", "doas") and word.partition("=")[0].isidentifier() and "=" in word


def _script(arguments: list[str]) -> str:
    """The text behind `-c` (also `-lc`) without its quotes; empty without one."""
    for option, value in pairwise(arguments):
        if option.startswith("-") and not option.startswith("--") and option.endswith("c"):
            return _unquote(value)
    return ""


def _unquote(word: str) -> str:
    if word.startswith("'") and word.endswith("'"):
        return word[1:-1]
    if word.startswith('"') and word.endswith('"'):
        return word[1:-1].replace('\\"', '"').replace("\\$", "$").replace("\\\\", "\\")
    return word
