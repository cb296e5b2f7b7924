"""The LALR machine: states, values, one token at a time.

In: tables, and tokens. Out: a tree, when the end is fed.
Refuses to do: recovery; a token that does not fit leaves the stacks for whoever feeds it to repair.

Aho, Sethi and Ullman, Compilers, section 4.7 (LR parsing).
"""

from driftlang.syntax.tables import Tables
from driftlang.syntax.tree import Node, Token

#: What a machine keeps for a symbol: a token, a node, or the children that an inner rule has gathered.
Kept = Node | Token | list[Node | Token]


class Machine:
    """An LALR machine.

    Attributes:
        states: the stack of states.
        values: what stands on the stack for each symbol but the first state.
    """

    def __init__(self, tables: Tables) -> None:
        self.states: list[int] = [tables.start]
        self.values: list[Kept] = []
        self._actions = tables.states
        self._rules = tables.rules

    def takes(self, kind: str) -> bool:
        """Whether the state knows an action for a token of this kind."""
        return kind in self._actions[self.states[-1]]

    def feed(self, token: Token) -> bool:
        """Reduce, then shift the token; False where it does not fit."""
        states, values, table = self.states, self.values, self._actions
        while True:
            action = table[states[-1]].get(token.kind)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                values.append(token)
                return True
            self._reduce(*self._rules[-1 - action])

    def finish(self, end: Token) -> Node:
        """The tree of all that was fed; `end` is a token of kind `$END`."""
        while True:
            action = self._actions[self.states[-1]][end.kind]
            name, size = self._rules[-1 - action]
            if name == "file":
                return Node(name, self._gather(size))
            self._reduce(name, size)

    def _reduce(self, name: str, size: int) -> None:
        children = self._gather(size)
        self.values.append(children if name.startswith("_") else Node(name, children))
        self.states.append(self._actions[self.states[-1]][name])

    def _gather(self, size: int) -> "list[Node | Token]":
        """Take the last `size` values off the stacks, with the children of inner rules in their place."""
        if not size:
            return []
        taken = self.values[-size:]
        del self.values[-size:]
        del self.states[-size:]
        first = taken[0]
        # The list of a left-recursive rule grows in place, so that a long row of entries takes linear time.
        gathered = first if isinstance(first, list) else [first]
        for value in taken[1:]:
            if isinstance(value, list):
                gathered.extend(value)
            else:
                gathered.append(value)
        return gathered
