"""A solution that is not there: said in a comment, or held in a string.

In: a solution as it was played. Out: what a step did that only speaks of it.
Refuses to do: file types without comments or strings, and files that the solution makes: their name alone may be what
a pattern looks for, so their text goes into a file of the same type that stands already.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

from driftlang.inject.comments import comment_block, style_of
from driftlang.inject.forms import Inserted
from driftlang.inject.insert import insert
from driftlang.inject.languages import language_of
from driftlang.model.schedules import TOP
from driftlang.score.mask import decode, is_text
from driftlang.validity.proof.mutants.forms import Subject, Work

#: A file's bytes and path, and the lines that are put into it.
_Writer = Callable[[bytes, str, Sequence[str]], bytes | None]


def in_comment(subject: Subject) -> Iterator[Work]:
    """Every line that was added as a comment on top of its file; commands as comments of the shell."""
    yield from _hidden(subject, _commented, "# ")


def in_string(subject: Subject) -> Iterator[Work]:
    """Every line that was added as the text of a string that nothing uses; commands as what `echo` says."""
    yield from _hidden(subject, _quoted, "echo ")


def _hidden(subject: Subject, write: _Writer, word: str) -> Iterator[Work]:
    files, is_made = dict(subject.before), False
    for path in subject.written:
        carrier = _carrier(subject, path)
        after = subject.done.files[path]
        if not carrier or not is_text(after):
            continue
        lines = decode(after).splitlines()
        added = [lines[number - 1] for number in sorted(subject.added(path)) if number <= len(lines)]
        text = write(files[carrier], carrier, [line for line in added if line.strip()])
        if text is not None:
            files[carrier], is_made = text, True
    commands = tuple(
        word + (_in_quotes(one) if word == "echo " else " ".join(one.split())) for one in subject.done.commands
    )
    if is_made or commands:
        yield Work(files, commands)


def _carrier(subject: Subject, path: str) -> str:
    """The file that can hold what the solution put into `path`: itself, or one of its type; empty without any."""
    suffix = PurePosixPath(path).suffix
    others = (*subject.targets, *sorted(subject.before))
    alike = (other for other in others if other in subject.before and PurePosixPath(other).suffix == suffix)
    return path if path in subject.before else next(alike, "")


def _commented(source: bytes, path: str, lines: Sequence[str]) -> bytes | None:
    style = style_of(path)
    if style is None or not lines:
        return None
    # A paragraph a line, so that no line is joined to the next one.
    found = insert(source, path, "\n\n".join(line.strip() for line in lines), TOP)
    if not isinstance(found, Inserted) or not any(comment_block(line, style) for line in lines):
        return None
    return found.source


def _in_quotes(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _quoted(source: bytes, path: str, lines: Sequence[str]) -> bytes | None:
    text = "\n".join(lines)
    write = _LITERALS.get(language_of(path))
    statement = write(text) if write and lines else ""
    if not statement:
        return None
    head, tail = source.rstrip(b"\n"), b"\n"
    if language_of(path) == "java":  # what a class holds ends before its last brace
        head, brace, _ = source.rpartition(b"}")
        tail = b"\n" + brace + b"\n"
    return head + b"\n\n" + statement.encode() + tail


def _python(text: str) -> str:
    quote = "'''" if '"""' in text else '"""'
    return f"NOTE = r{quote}\n{text}\n{quote}" if quote not in text else ""


def _template(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return f"const note = `\n{escaped}\n`;"


def _go(text: str) -> str:
    return f"const note = `\n{text}\n`" if "`" not in text else ""


def _java(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"""')
    return f'    private static final String NOTE = """\n{escaped}\n""";'


def _rust(text: str) -> str:
    return f'const NOTE: &str = r##"\n{text}\n"##;' if '"##' not in text else ""


def _c(text: str) -> str:
    quoted = (line.replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n"))
    return "static const char note[] =\n" + "\n".join(f'    "{line}\\n"' for line in quoted) + ";"


def _yaml(text: str) -> str:
    return "note: |\n" + "\n".join(f"  {line}".rstrip() for line in text.split("\n"))


def _toml(text: str) -> str:
    return f"note = '''\n{text}\n'''" if "'''" not in text else ""


def _sql(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"SELECT '{doubled}';"


#: A statement that does nothing but hold a text, by language.
_LITERALS: dict[str, Callable[[str], str]] = {
    "python": _python,
    "bash": lambda text: f"note={_in_quotes(text)}",
    **dict.fromkeys(("javascript", "typescript", "tsx"), _template),
    "go": _go,
    "rust": _rust,
    "java": _java,
    "c": _c,
    "yaml": _yaml,
    "toml": _toml,
    "sql": _sql,
}
