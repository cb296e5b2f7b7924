"""An interpreter of TextMate grammars, as small as this language's grammar allows.

In: a grammar and a text. Out: the scopes of each character.
Refuses to do: back references from `end`, injections, and grammars of other languages, which colour nothing here.

Rules by https://macromates.com/manual/en/language_grammars; `while` is checked at the start of each line, from the
outermost rule, and a rule whose check fails is left with all within it.
"""

import re

from attrs import field, frozen


@frozen
class Rule:
    """A begin/end or begin/while rule that is open, with the scopes of what stands in it."""

    rule: dict
    scopes: tuple


@frozen
class Grammar:
    """A grammar as its JSON has it."""

    json: dict
    _compiled: dict = field(factory=dict)

    def scopes(self, text):
        """For each character of the text, its scopes, outermost first."""
        root = Rule({"patterns": self.json["patterns"]}, (self.json["scopeName"],))
        stack, found = [root], []
        for line in text.splitlines(keepends=True):
            found += self._line(line, stack)
        return found

    def regex(self, source):
        r"""A compiled expression; `\G` means that it is tried at the anchor alone."""
        if source not in self._compiled:
            self._compiled[source] = re.compile(source.replace(r"\G", ""))
        return self._compiled[source]

    def expanded(self, patterns):
        """The rules of patterns, includes resolved; those of other grammars are none."""
        for pattern in patterns:
            include = pattern.get("include", "")
            if include.startswith("#"):
                yield from self.expanded([self.json["repository"][include[1:]]])
            elif include == "$self":
                yield from self.expanded(self.json["patterns"])
            elif "match" in pattern or "begin" in pattern:
                yield pattern
            elif not include:
                yield from self.expanded(pattern["patterns"])

    def _line(self, line, stack):
        scopes = [()] * len(line)
        position = anchor = self._check_while(line, stack)
        scopes[:position] = [stack[-1].scopes] * position
        while True:
            top = stack[-1]
            found, rule, is_end = self._next(line, position, anchor, top)
            until = found.start() if found else len(line)
            scopes[position:until] = [top.scopes] * (until - position)
            if found is None:
                return scopes
            if is_end:
                stack.pop()
                outer = stack[-1].scopes + _named(rule, "name")
                self._capture(scopes, found, outer, rule.get("endCaptures", {}))
            else:
                outer = top.scopes + _named(rule, "name")
                self._capture(scopes, found, outer, rule.get("captures", rule.get("beginCaptures", {})))
                if "begin" in rule:
                    stack.append(Rule(rule, outer + _named(rule, "contentName")))
                    anchor = found.end()
            assert found.end() > position or is_end or "begin" in rule, f"{rule} matches nothing"
            position = found.end()

    def _check_while(self, line, stack):
        for place, open_rule in enumerate(stack):
            if "while" in open_rule.rule:
                found = self.regex(open_rule.rule["while"]).match(line)
                if found is None:
                    del stack[place:]
                    return 0
                return found.end()
        return 0

    def _next(self, line, position, anchor, top):
        """The leftmost match, of several the first rule's; the rule's own end comes first."""
        best, chosen, is_end = None, None, False
        rules = [(top.rule["end"], top.rule, True)] if "end" in top.rule else []
        inner = self.expanded(top.rule.get("patterns", []))
        rules += [(rule.get("match") or rule["begin"], rule, False) for rule in inner]
        for source, rule, ends in rules:
            if source.startswith(r"\G"):
                found = self.regex(source).match(line, position) if position == anchor else None
            else:
                found = self.regex(source).search(line, position)
            if found and (best is None or found.start() < best.start()):
                best, chosen, is_end = found, rule, ends
        return best, chosen, is_end

    def _capture(self, scopes, found, outer, captures):
        for offset in range(*found.span()):
            scopes[offset] = outer
        for group, capture in sorted(captures.items(), key=lambda item: int(item[0])):
            for offset in range(*found.span(int(group))):
                scopes[offset] += _named(capture, "name")


def _named(rule, key):
    return tuple(rule.get(key, "").split())
