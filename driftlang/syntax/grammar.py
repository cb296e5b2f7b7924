"""The grammar, compiled: the LALR tables of `drift.lark`.

In: the grammar's file, and the tables that stand beside this module. Out: `Tables`.
Refuses to do: using tables of another grammar. Those beside this module name the digest of the grammar that they were
made from; where it is not this grammar's, as while the grammar is being changed, lark makes them anew for this process.
`python -m driftlang.syntax.grammar` writes them; a test says when that was forgotten. So nobody needs a cache, which
would have to be trusted, and a user's first run is as fast as any other.
"""

from functools import cache
from pathlib import Path

from driftlang.digest import hex_digest
from driftlang.syntax.tables import Tables, compile_tables, read_tables, render_tables

TABLES = Path(__file__).parent / "drift.tables.json"


@cache
def load_tables() -> Tables:
    """The tables of the grammar."""
    text = grammar_text()
    digest = hex_digest([text.encode()])
    try:
        return read_tables(TABLES.read_text(encoding="utf-8"), digest)
    except (OSError, ValueError):
        return compile_tables(text)


def grammar_text() -> str:
    """The grammar of a wheel, which stands beside this module, or that of a source checkout."""
    here = Path(__file__).parent
    packaged = here / "drift.lark"
    path = packaged if packaged.is_file() else here.parent.parent / "grammar" / "drift.lark"
    return path.read_text(encoding="utf-8")


def current_tables() -> str:
    """What the file beside this module must hold."""
    text = grammar_text()
    return render_tables(compile_tables(text), hex_digest([text.encode()]))


if __name__ == "__main__":
    TABLES.write_text(current_tables(), encoding="utf-8")
