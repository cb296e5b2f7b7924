"""Commands that plainly write nothing.

In: a shell line. Out: whether each of its simple commands only reads.
Refuses to do: guessing. A program that is not in the list may write.
"""

import re

from driftlang.score.commands import simple_commands

#: Programs that only read, whatever their arguments; with what makes of one of them a writer.
_READING = {
    **dict.fromkeys(
        ("cat", "cd", "cut", "date", "diff", "du", "echo", "env", "file", "grep", "head", "ls", "nl", "printf"), ""
    ),
    **dict.fromkeys(
        ("printenv", "pwd", "rg", "stat", "tail", "test", "tr", "tree", "true", "type", "uniq", "wc", "which"), ""
    ),
    "find": r"\s-(?:delete|exec|execdir|ok|okdir|fprint\w*|fls)\b",
    "sed": r"\s(?:-[a-zA-Z]*i|--in-place|-f)|\bw\s",
    "sort": r"\s(?:-[a-zA-Z]*o|--output)",
    "git": r"\bgit\s+(?!(?:--no-pager\s+)?(?:log|show|status|diff|blame|branch|ls-files|rev-parse|grep)\b)|--output\b",
}
_INTO_FILE = re.compile(r"\d*>{1,2}\|?\s*(?!&|/dev/null|>)")


def only_reads(line: str) -> bool:
    """Whether a shell line plainly writes nothing."""
    return all(map(_is_reading, simple_commands(line)))


def _is_reading(command: str) -> bool:
    program = command.split(maxsplit=1)[0] if command.split() else ""
    if program not in _READING or _INTO_FILE.search(command):
        return False
    writing = _READING[program]
    return not (writing and re.search(writing, command))
