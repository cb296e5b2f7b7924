"""LALR tables: what lark makes of the grammar, in a form that needs no lark to be used.

In: the text of a grammar. Out: `Tables`, and JSON from and to them.
Refuses to do: grammars that use more of lark than this one: aliases, `?` rules, tokens that are filtered out.

Importing lark takes a third of the time of a whole check, and its tables never change, so they are kept.
"""

import json
from collections.abc import Mapping

from driftlang.record import frozen

#: Actions by symbol: a state to go to, or `-1 - rule` to reduce by a rule.
Actions = Mapping[str, int]


@frozen
class Tables:
    """The tables of a grammar.

    Attributes:
        pattern: one regular expression with a named group for each terminal, the first that fits counts.
        states: actions of each state.
        rules: name of each rule and number of symbols that it takes.
        start, end: the first state, and the one behind the whole file.
    """

    pattern: str
    states: tuple[Actions, ...]
    rules: tuple[tuple[str, int], ...]
    start: int
    end: int


def compile_tables(grammar: str) -> Tables:
    """The tables of a grammar that begins with the rule `file`."""
    from lark import Lark
    from lark.lexer import BasicLexer

    compiled = Lark(grammar, parser="lalr", lexer="basic", start="file", maybe_placeholders=False)
    terminals = BasicLexer(compiled.lexer_conf).terminals
    pattern = "|".join(f"(?P<{terminal.name}>{terminal.pattern.to_regexp()})" for terminal in terminals)
    machine = compiled.parse_interactive().parser_state.parse_conf
    # lark numbers states as its sets happen to be ordered; numbered as they are reached, they are always the same.
    reached = [machine.start_state]
    numbers = {machine.start_state: 0}
    rules: dict[tuple[str, int], int] = {}
    states: list[Actions] = []
    for state in reached:
        row: dict[str, int] = {}
        for symbol, (action, argument) in sorted(machine.states[state].items()):
            if action.name == "Shift":
                if argument not in numbers:
                    numbers[argument] = len(reached)
                    reached.append(argument)
                row[symbol] = numbers[argument]
            else:
                rule = (str(argument.origin.name), len(argument.expansion))
                row[symbol] = -1 - rules.setdefault(rule, len(rules))
        states.append(row)
    return Tables(pattern, tuple(states), tuple(rules), numbers[machine.start_state], numbers[machine.end_state])


def render_tables(tables: Tables, digest: str) -> str:
    """The tables as JSON, with the digest of their grammar; one line a state, so that changes can be read."""
    states = ",\n".join(_compact(state) for state in tables.states)
    rest: dict[str, object] = {"digest": digest, "pattern": tables.pattern, "rules": tables.rules}
    rest |= {"start": tables.start, "end": tables.end}
    head = ",\n".join(f"{_compact(name)}:{_compact(value)}" for name, value in rest.items())
    return f'{{{head},\n"states":[\n{states}\n]}}\n'


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def read_tables(content: str, digest: str) -> Tables:
    """The tables of a JSON text.

    Raises:
        ValueError: the text is no JSON of tables, or they are of another grammar.
    """
    try:
        kept = json.loads(content)
        if kept["digest"] != digest:
            message = "the tables are of another grammar"
            raise ValueError(message)
        rules = tuple((name, size) for name, size in kept["rules"])
        return Tables(kept["pattern"], tuple(kept["states"]), rules, kept["start"], kept["end"])
    except (TypeError, LookupError, RecursionError) as damage:
        raise ValueError(str(damage)) from damage
