"""What stands for a value in a text: what its constraint's patterns look for, and what only its solutions are made of.

In: a scenario. Out: `Traces` of each value, which can be looked for in any text.
Refuses to do: evidence in paths, commands, removals and answers, which no text of a repository can hold. Patterns of
whole files say of a file what it has and lacks, and are not looked for in other texts; names that they match are.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from driftlang.model.forms import (
    And,
    Condition,
    CountAtLeast,
    Not,
    Or,
    Pattern,
    PatternRef,
    RemoveFile,
    RunCommand,
    Scenario,
    Solution,
    Text,
)
from driftlang.record import frozen

#: The share of a value's solutions that a name must be in to be a construct of it.
IN_MOST = 0.5
#: The share of a value's constructs that a text must have to speak of it; one of four may be there for another reason.
SHARE_OF_CONSTRUCTS = 0.5
_LINE_SURFACES = frozenset({"added code", "added code outside strings", "added comments", "added lines"})
_TEXT_SURFACES = _LINE_SURFACES | {"changed file", "file"}
_NAME = r"[A-Za-z_]\w{3,}"
#: A name that is given a word: an argument, an entry, a setting. `quiet=True` tells a side where `True` does not.
_SETTING = r"([A-Za-z_]\w*)\s*(=|:)\s*(\w+)(?!\w|\s*[.(\[])"
#: Words for values that every file may hold, in the languages that are known.
_LITERALS = frozenset({"false", "true", "none", "null", "undefined", "this", "self"})

Search = Callable[[str], str]


@frozen
class Traces:
    """What stands for a value.

    Attributes:
        constructs: names, and settings such as `quiet=True`, in most of its solutions and in none of the other
            value's, where its patterns match.
        searches: by pattern's name, what the pattern matches in a text; empty where it does not.
    """

    value: str
    constructs: tuple[str, ...]
    searches: tuple[tuple[str, Search], ...]

    def find(self, text: str) -> str:
        """What of it stands in a text, in words; empty where nothing does."""
        for name, search in self.searches:
            if found := search(text):
                return f"`{found}`, which `{name}` matches"
        there = [construct for construct in self.constructs if _stands(construct, text)]
        if there and len(there) >= SHARE_OF_CONSTRUCTS * len(self.constructs):
            return f"{', '.join(f'`{name}`' for name in there)}, which only solutions for `{self.value}` have"
        return ""


def _stands(construct: str, text: str) -> bool:
    if not all(part in text for part in construct.replace(":", "=").split("=")):
        return False
    spaced = re.sub(r"[=:]", lambda sign: rf"\s*{sign.group()}\s*", construct)
    return re.search(rf"(?<!\w){spaced}(?!\w)", text) is not None


def traces_of(scenario: Scenario) -> tuple[Traces, ...]:
    """The traces of both values of a conflict, in its order.

    Where one value has no constructs, those of the other have nothing to be weighed against and are left out.
    """
    patterns = patterns_for(scenario)
    written = {value: tuple(_solutions(scenario, value)) for value in patterns}
    first, second = patterns
    sides = ((first, second), (second, first))
    constructs = {value: _constructs(written[value], written[other], patterns[value]) for value, other in sides}
    is_even = all(constructs.values())
    return tuple(
        Traces(
            value,
            constructs[value] if is_even else (),
            tuple((one.name, _search(one)) for one in patterns[value] if one.surface in _LINE_SURFACES),
        )
        for value in patterns
    )


def patterns_for(scenario: Scenario) -> Mapping[str, tuple[Pattern, ...]]:
    """By value, the patterns of texts whose hits serve it and not the other as well."""
    first, second = (value.name for value in scenario.conflict.values)
    found: dict[str, dict[str, Pattern]] = {first: {}, second: {}}
    for constraint in scenario.constraints:
        own = constraint.favors.name
        for value, side in ((own, constraint.kept), (second if own == first else first, constraint.broken)):
            found[value].update((pattern.name, pattern) for pattern in demanded(side))
    shared = found[first].keys() & found[second].keys()
    return {
        value: tuple(one for one in known.values() if one.name not in shared and one.surface in _TEXT_SURFACES)
        for value, known in found.items()
    }


def demanded(condition: Condition, *, is_demanded: bool = True) -> Iterator[Pattern]:
    """Patterns that must hit for the condition to hold, rather than not hit."""
    match condition:
        case PatternRef() | CountAtLeast():
            if is_demanded:
                yield condition.pattern
        case Not():
            yield from demanded(condition.operand, is_demanded=not is_demanded)
        case And() | Or():
            for operand in condition.operands:
                yield from demanded(operand, is_demanded=is_demanded)


def _solutions(scenario: Scenario, value: str) -> Iterator[str]:
    """What each solution for a value writes, a step after the other."""
    from driftlang.cells.texts import bind_cell, bind_step

    cell = bind_cell({factor: factor.levels[0] for factor in scenario.factors}, scenario.tasks)
    for step in scenario.tasks.steps:
        render = bind_step(step, cell).bindings.render
        for solution in step.solutions:
            if solution.value.name == value and not step.is_filler:
                yield "\n".join(render(text) for text in _texts(solution))


def _texts(solution: Solution) -> Iterator[Text]:
    for edit in solution.edits:
        if not isinstance(edit, RemoveFile):
            yield edit.command if isinstance(edit, RunCommand) else edit.text


def _constructs(own: Sequence[str], others: Sequence[str], patterns: Sequence[Pattern]) -> tuple[str, ...]:
    """What most of a value's solutions name where its patterns match, and none of the other's names at all."""
    foreign = {one for text in others for one, _, _ in _named(text)}
    # A value that is known by what is absent has no pattern; what its solutions have in common stands for it.
    named = (set(_matched(text, patterns)) if patterns else {one for one, _, _ in _named(text)} for text in own)
    counts = Counter(one for each in named for one in each)
    return tuple(sorted(one for one in counts.keys() - foreign if counts[one] >= IN_MOST * len(own)))


@lru_cache(maxsize=1024)
def _named(text: str) -> tuple[tuple[str, int, int], ...]:
    """Names and settings in a text, with where they begin and end; each side of a conflict asks for those of both."""
    names = [
        (name.group(), name.start(), name.end())
        for name in re.finditer(_NAME, text)
        if name.group().lower() not in _LITERALS
    ]
    settings = [("".join(setting.groups()), setting.start(), setting.end()) for setting in re.finditer(_SETTING, text)]
    return (*names, *settings)


def _matched(text: str, patterns: Sequence[Pattern]) -> Iterator[str]:
    """The names and settings that a match of a pattern touches."""
    import re2

    spans = [
        (found.start(), found.end())
        for pattern in patterns
        for regex in pattern.match
        for found in re2.finditer(regex.flagged, text)
    ]
    if not spans:
        return
    for one, begin, end in _named(text):
        if any(start < end and begin < stop for start, stop in spans):
            yield one


def _search(pattern: Pattern) -> Search:
    """What finds the pattern's first match in a text whose paragraph no `unless` takes out."""
    import re2

    expressions = [re2.compile(regex.flagged) for regex in pattern.match]
    excluded = [re2.compile(regex.flagged) for regex in pattern.unless]

    def search(text: str) -> str:
        for expression in expressions:
            if (found := expression.search(text)) is not None:
                first, last = text.rfind("\n\n", 0, found.start()) + 1, text.find("\n\n", found.end())
                paragraph = text[first : last if last >= 0 else len(text)]
                if not any(one.search(paragraph) for one in excluded):
                    return " ".join(found.group().split())
        return ""

    return search
