"""Simple commands of a shell line.

In: what the agent gave to its shell. Out: the simple commands in it, each as one line of text: lists, pipes, loops
and substitutions split (tree-sitter-bash), `sudo`, `env`, `xargs`, `bash -c` and their like unwrapped, quoted texts of
`echo` and `printf` blanked, here-documents left out. A redirection stays with its command.
Refuses to do: expansion of variables, aliases or globs. A comment is none. A line that holds no command
that can be read, is too long, or nests so that its commands would together be too long, is one unit.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import define, frozen

from driftlang.inject.languages import parse

if TYPE_CHECKING:
    from tree_sitter import Node

#: Characters of a line over which it is not parsed but taken whole.
_LONGEST = 1 << 14
#: Characters of all commands of a line together: each substitution stands again in the command around it.
_MOST_TEXT = 1 << 18
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
#: Simple commands that the grammar has words of its own for; they run nothing and wrap nothing.
_BUILT_IN = ("declaration_command", "unset_command", "test_command", "variable_assignment", "variable_assignments")
#: What an assignment is a part of, where it is no command of its own.
_ASSIGNING = ("command", "declaration_command", "variable_assignments", "c_style_for_statement")


@frozen
class _Word:
    """A word as written, and with its quoted texts blanked."""

    text: str
    quiet: str


class _TooMuchError(Exception):
    """The commands of a line are together longer than `_MOST_TEXT`."""


@define
class _Budget:
    """Bytes of commands that may still be read, over all shells in shells."""

    left: int = _MOST_TEXT

    def spend(self, size: int) -> None:
        """Take `size` off.

        Raises:
            _TooMuchError: there is not that much left.
        """
        self.left -= size
        if self.left < 0:
            raise _TooMuchError


def simple_commands(line: str) -> tuple[str, ...]:
    """The simple commands of `line`, in the order of their beginnings."""
    try:
        return tuple(_split(line, 0, _Budget()))
    except _TooMuchError:
        return (line.strip(),)


def _split(line: str, depth: int, budget: _Budget) -> list[str]:
    if not line.strip():
        return []
    if len(line) > _LONGEST or depth > _DEEPEST:
        return [line.strip()]
    data = line.encode("utf-8", "replace")
    found: list[str] = []
    for node, around in _command_nodes(data):
        holders = [*node.children, *around]
        budget.spend(node.end_byte - node.start_byte + sum(child.end_byte - child.start_byte for child in around))
        words = _words(node, data) if node.type == "command" else _as_written(node, data)
        found += _unwrap(words, _redirections(holders, data), depth, budget)
    return found or ([] if _is_comment(data) else [line.strip()])


def _is_comment(data: bytes) -> bool:
    """Whether nothing but comments is in a line."""
    tree = parse(data, "bash")
    return tree is not None and {child.type for child in tree.root_node.children} == {"comment"}


def _command_nodes(data: bytes) -> "list[tuple[Node, tuple[Node, ...]]]":
    """Every simple command at any depth, with the redirections that the grammar puts around a pipe or group it ends.

    Without recursion, and each node looked at once: a hostile line may nest as it likes.
    """
    tree = parse(data, "bash")
    pending: list[tuple[Node, tuple[Node, ...]]] = [(tree.root_node, ())] if tree else []
    found = []
    while pending:
        node, around = pending.pop()
        if _is_command(node):
            found.append((node, around))
        pending += _children(node, around)
    return sorted(found, key=lambda pair: (pair[0].start_byte, -pair[0].end_byte))


def _children(node: "Node", around: "tuple[Node, ...]") -> "Iterator[tuple[Node, tuple[Node, ...]]]":
    """The named children; the one that `node` ends with takes on the redirections behind `node`."""
    children = node.named_children
    ending = -1
    own: tuple[Node, ...] = ()
    if node.type == "redirected_statement":
        ending, own = 0, tuple(child for child in node.children if child.type.endswith("_redirect"))
    elif node.type in _ENDING_WITH_COMMAND:
        ending = len(children) - 1
    for index, child in enumerate(children):
        yield child, ((*own, *around) if index == ending else ())


def _is_command(node: "Node") -> bool:
    if node.type == "command":
        return True
    if node.type == "redirected_statement":
        return node.child_by_field_name("body") is None
    is_part = node.type.startswith("variable_assignment") and node.parent and node.parent.type in _ASSIGNING
    return node.type in _BUILT_IN and not is_part


def _words(node: "Node", data: bytes) -> list[_Word]:
    """The words of a command, without leading assignments."""
    children = [child for child in node.children if not child.type.endswith("_redirect")]
    return [_word(child, data) for child in children if child.type != "variable_assignment"]


def _word(node: "Node", data: bytes) -> _Word:
    parts = node.children if node.type == "concatenation" else [node]
    quiet = "".join('""' if part.type in _QUOTED else _text(part, data) for part in parts)
    return _Word(_joined(_text(node, data)), _joined(quiet))


def _as_written(node: "Node", data: bytes) -> list[_Word]:
    """A command that is no list of words as one, on one line; nothing of redirections alone."""
    if node.type == "redirected_statement":
        return []
    text = " ".join(_joined(_text(node, data)).split())
    return [_Word(text, text)]


def _joined(text: str) -> str:
    return text.replace("\\\n", "")


def _redirections(holders: "Sequence[Node]", data: bytes) -> list[str]:
    """Redirections to and from files among `holders`, also those behind a here-document's mark."""
    inner = [child for holder in holders if holder.type == "heredoc_redirect" for child in holder.children]
    return [" ".join(_text(child, data).split()) for child in (*holders, *inner) if child.type == "file_redirect"]


def _text(node: "Node", data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _unwrap(words: list[_Word], redirections: list[str], depth: int, budget: _Budget) -> list[str]:
    """The commands that `words` come to once wrappers and `bash -c` are taken off."""
    words = _without_wrappers(words)
    if words and _base(words[0].text) in _SHELLS:
        script = _script([word.text for word in words[1:]])
        if script:
            return _split(script, depth + 1, budget)
    is_speaker = bool(words) and _base(words[0].text) in _SPEAKERS
    said = [word.quiet if is_speaker else word.text for word in words]
    command = " ".join([*said, *redirections])
    return [command] if command.strip() else []


def _without_wrappers(words: list[_Word]) -> list[_Word]:
    while words and _base(words[0].text) in _WRAPPERS:
        name, rest = _base(words[0].text), words[1:]
        while rest and (rest[0].text.startswith("-") or _is_assignment(name, rest[0].text)):
            takes_value = rest[0].text in _WRAPPERS[name]
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
